/** `<div data-unsent="<person's id>" hidden>` says which visits typed in this browser wait to be sent. */

import { clockTime, draftsOf } from "./drafts.js";

function show(box, drafts) {
  const waiting = drafts.some((draft) => draft.isWaiting);
  const words = document.createElement("p");
  words.textContent = waiting ? "有走访记录待发送：" : "有未保存的走访草稿：";
  for (const draft of drafts) {
    const link = document.createElement("a");
    link.href = draft.url;
    link.textContent = `${draft.unitName}（${clockTime(draft.savedAt)}${draft.isWaiting ? "，待发送" : ""}）`;
    words.append(link, " ");
  }
  box.replaceChildren(words);
  box.hidden = false;
}

for (const box of document.querySelectorAll("[data-unsent]")) {
  draftsOf(box.dataset.unsent).then(
    (drafts) => {
      if (drafts.length > 0) show(box, drafts);
    },
    // A browser that keeps nothing has nothing waiting.
    () => {},
  );
}
