/**
 * A budget computed while it is typed: amount = quantity × unit price, the fund's share (all of
 * it until somebody types another), 自筹 = the rest, and the totals. The server computes anew.
 */

import { capitals, formatFen, multiply, parseFen } from "./fen.js";

const field = (row, name) => row.querySelector(`[name$="-${name}"]`);

function showLine(row) {
  const fund = field(row, "from_fund");
  const price = field(row, "unit_price");
  const amount = multiply(field(row, "quantity").value, price.value);
  if (row.dataset.follows === "yes") fund.value = amount ? formatFen(amount).replaceAll(",", "") : "";
  const share = parseFen(fund.value) ?? 0n;
  // As long as quantity or price cannot be read there is no rest to speak of.
  const own = amount === null ? 0n : amount - share;
  row.querySelector("[data-line=amount]").textContent = formatFen(amount ?? 0n);
  const rest = row.querySelector("[data-line=own]");
  rest.textContent = formatFen(own);
  rest.classList.toggle("bad", own < 0n);
  return { amount: amount ?? 0n, fund: share, own };
}

function showAll(box) {
  const sum = { amount: 0n, fund: 0n, own: 0n };
  for (const row of box.querySelectorAll("[data-row]")) {
    if (row.hidden) continue;
    const line = showLine(row);
    for (const key of Object.keys(sum)) sum[key] += line[key];
  }
  for (const key of Object.keys(sum)) {
    box.querySelector(`[data-total=${key}]`).textContent = formatFen(sum[key]);
  }
  box.querySelector("[data-total=capitals]").textContent = `申请基金 ${capitals(sum.fund)}`;
}

function follow(box) {
  for (const row of box.querySelectorAll("[data-row]:not([data-follows])")) {
    // A share typed by somebody is never overwritten; an empty one follows the amount.
    row.dataset.follows = field(row, "from_fund").value.trim() === "" ? "yes" : "no";
  }
}

export function watchBudgets(root) {
  for (const box of root.querySelectorAll("[data-budget]")) {
    const refresh = () => {
      follow(box);
      showAll(box);
    };
    box.addEventListener("input", (event) => {
      if (event.target.matches('[name$="-from_fund"]')) {
        const row = event.target.closest("[data-row]");
        row.dataset.follows = event.target.value.trim() === "" ? "yes" : "no";
        if (row.dataset.follows === "yes") return;
      }
      showAll(box);
    });
    box.addEventListener("rowschange", refresh);
    refresh();
  }
}
