/** The figure whose sources stand beside the text is marked. */

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const figure = event.target.closest?.(".cited");
  if (!figure) return;
  for (const other of document.querySelectorAll(".cited[aria-current]")) {
    other.removeAttribute("aria-current");
  }
  figure.setAttribute("aria-current", "true");
});
