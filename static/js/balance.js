/**
 * The decision page: `data-balance data-available="6800.00" data-amount="id_amount"` holds
 * `data-balance-amount` and `data-balance-after`, kept current while the amount is typed.
 */

import { formatFen, parseFen } from "./fen.js";

export function watchBalances(root) {
  for (const box of root.querySelectorAll("[data-balance]")) {
    const input = document.getElementById(box.dataset.amount);
    const available = parseFen(box.dataset.available);
    if (!input || available === null) continue;
    const amountLine = box.querySelector("[data-balance-amount]");
    const afterLine = box.querySelector("[data-balance-after]");
    const show = () => {
      const amount = parseFen(input.value) ?? 0n;
      const after = available - amount;
      amountLine.textContent = `− ¥${formatFen(amount)}`;
      afterLine.textContent = `${after < 0n ? "−" : ""}¥${formatFen(after < 0n ? -after : after)}`;
      afterLine.classList.toggle("bad", after < 0n);
      afterLine.classList.toggle("good", after >= 0n);
    };
    input.addEventListener("input", show);
    show();
  }
}
