/** `<button data-fill data-payee_name="…">` types what it carries into the fields of those names. */

for (const button of document.querySelectorAll("[data-fill]")) {
  button.addEventListener("click", () => {
    const form = button.closest("form");
    for (const [name, value] of Object.entries(button.dataset)) {
      const input = form.elements.namedItem(name);
      if (!input) continue;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
