/**
 * Form sets whose rows grow and shrink. `data-rows="<prefix>"` around the management form, a
 * `data-rows-body`, a `data-rows-template`, a `data-rows-add` button; in each `data-row` a
 * `data-rows-remove` button. Says "rowschange" whenever a row came or went.
 */

function changed(box) {
  box.dispatchEvent(new CustomEvent("rowschange", { bubbles: true }));
}

function add(box, total) {
  const template = box.querySelector("template[data-rows-template]");
  const shell = document.createElement("template");
  shell.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const row = shell.content.querySelector("[data-row]");
  box.querySelector("[data-rows-body]").append(row);
  total.value = Number(total.value) + 1;
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function remove(box, row) {
  const mark = row.querySelector("input[name$='-DELETE']");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (mark) {
    // A row the server counts stays in the form and is only marked as taken out.
    if (mark.type === "checkbox") mark.checked = true;
    else mark.value = "on";
    row.hidden = true;
    for (const input of row.querySelectorAll("[required]")) input.required = false;
  } else {
    for (const input of row.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      input.value = "";
    }
    row.hidden = true;
  }
  (next?.querySelector("input:not([type=hidden])") ?? box.querySelector("[data-rows-add]")).focus();
}

export function watchRows(root) {
  for (const box of root.querySelectorAll("[data-rows]")) {
    const total = box.querySelector(`input[name="${box.dataset.rows}-TOTAL_FORMS"]`);
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-rows-add], [data-rows-remove]");
      if (!button) return;
      if (button.matches("[data-rows-add]")) add(box, total);
      else remove(box, button.closest("[data-row]"));
      changed(box);
    });
  }
}
