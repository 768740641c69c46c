/**
 * `<form data-guard>` warns before it is left with changes that were not sent; one that came back
 * with what was typed, for its errors or with `data-unsaved`, has such changes from the start.
 */

export function watchUnsaved(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    let dirty =
      form.hasAttribute("data-unsaved") || form.querySelector("[data-error-summary]") !== null;
    form.addEventListener("input", () => {
      dirty = true;
    });
    form.addEventListener("rowschange", () => {
      dirty = true;
    });
    form.addEventListener("submit", () => {
      dirty = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (dirty) event.preventDefault();
    });
  }
}
