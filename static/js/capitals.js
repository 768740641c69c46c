/** `<p data-capitals-for="id_amount">` says the field's amount in capitals while it is typed. */

import { capitals, parseFen } from "./fen.js";

export function watchCapitals(root) {
  for (const line of root.querySelectorAll("[data-capitals-for]")) {
    const input = document.getElementById(line.dataset.capitalsFor);
    if (!input) continue;
    const show = () => {
      const fen = parseFen(input.value);
      line.textContent = fen === null ? "" : capitals(fen);
    };
    input.addEventListener("input", show);
    show();
  }
}
