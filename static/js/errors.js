/** The error summary takes the focus, so that nobody misses that nothing was saved. */

export function focusErrors(root) {
  root.querySelector("[data-error-summary]")?.focus();
}
