/** `<button data-insert>` types its words where the cursor was last in a text area of the form. */

let last = null;

document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea")) last = event.target;
});

for (const button of document.querySelectorAll("[data-insert]")) {
  button.addEventListener("click", () => {
    const field = last ?? button.closest("form")?.querySelector("textarea");
    if (!field) return;
    field.setRangeText(button.textContent.trim(), field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
