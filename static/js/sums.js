/**
 * Totals of any growing rows: `data-sum="from_fund"` shows the sum of all fields of that name in
 * the surrounding `data-rows`; `data-rest-of="6800.00"` beside it shows what is left of an amount.
 */

import { formatFen, parseFen } from "./fen.js";

function show(box) {
  for (const output of box.querySelectorAll("[data-sum]")) {
    let sum = 0n;
    for (const input of box.querySelectorAll(`[data-row]:not([hidden]) [name$="-${output.dataset.sum}"]`)) {
      sum += parseFen(input.value) ?? 0n;
    }
    const whole = output.dataset.restOf ? parseFen(output.dataset.restOf) : null;
    const value = whole === null ? sum : whole - sum;
    output.textContent = formatFen(value);
    output.classList.toggle("bad", value < 0n);
  }
}

export function watchSums(root) {
  for (const box of root.querySelectorAll("[data-rows]")) {
    if (!box.querySelector("[data-sum]")) continue;
    box.addEventListener("input", () => show(box));
    box.addEventListener("rowschange", () => show(box));
    show(box);
  }
}
