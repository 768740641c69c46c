/**
 * The figure whose sources stand beside the text is marked; below them stand the way to all records
 * behind it and, since they cover the text on a phone, a button that takes them away:
 * `<div id="source" data-all="看全部记录" data-close="收起">`.
 */

const source = document.querySelector("#source");
const hint = [...(source?.childNodes ?? [])];
const current = () => document.querySelector(".cited[aria-current]");

function below(figure) {
  const line = document.createElement("p");
  line.className = "source-foot";
  const link = document.createElement("a");
  link.href = figure.href;
  link.textContent = source.dataset.all;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.textContent = source.dataset.close;
  button.addEventListener("click", () => {
    source.replaceChildren(...hint);
    figure.removeAttribute("aria-current");
    figure.focus();
  });
  line.append(link, button);
  return line;
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const figure = event.target.closest?.(".cited");
  if (!figure) return;
  current()?.removeAttribute("aria-current");
  figure.setAttribute("aria-current", "true");
});

source?.addEventListener("htmx:afterSwap", () => {
  source.querySelector(".panel:last-child")?.append(below(current()));
});
