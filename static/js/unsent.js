/**
 * `<div data-unsent="<person's id>" hidden>` says which visits typed in this browser wait to be sent,
 * and sends them while there is signal.
 */

import { clockTime, draftsOf } from "./drafts.js";
import { sendDraft } from "./outbox.js";

function link(url, words) {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.textContent = words;
  return anchor;
}

function show(box, said, links) {
  const words = document.createElement("p");
  words.append(said, ...links.flatMap((anchor) => [anchor, " "]));
  box.replaceChildren(words);
  box.hidden = links.length === 0;
}

function showWaiting(box, drafts) {
  const waiting = drafts.some((draft) => draft.isWaiting);
  const links = drafts.map((draft) => {
    const note = `${clockTime(draft.savedAt)}${draft.isWaiting ? "，待发送" : ""}`;
    return link(draft.url, `${draft.unitName}（${note}）`);
  });
  show(box, waiting ? "有走访记录待发送，点开可以查看：" : "有未保存的走访草稿：", links);
}

/** Send what waits, one after the other; what is not taken stays for the person to look at. */
async function sendWaiting(drafts) {
  const sent = [];
  for (const draft of drafts.filter((one) => one.isWaiting)) {
    const address = await sendDraft(draft).catch(() => "");
    if (address) sent.push(link(address, draft.unitName));
  }
  return sent;
}

function watch(box) {
  let isAtWork = false;
  const refresh = async () => {
    if (isAtWork || document.visibilityState !== "visible") return;
    isAtWork = true;
    // A browser that keeps nothing has nothing waiting.
    const drafts = await draftsOf(box.dataset.unsent).catch(() => []);
    if (drafts.length > 0) showWaiting(box, drafts);
    const sent = await sendWaiting(drafts);
    if (sent.length > 0) show(box, "待发送的走访已保存：", sent);
    isAtWork = false;
  };
  window.addEventListener("online", refresh);
  document.addEventListener("visibilitychange", refresh);
  refresh();
}

for (const box of document.querySelectorAll("[data-unsent]")) watch(box);
