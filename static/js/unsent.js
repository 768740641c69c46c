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

function line(said, links) {
  const words = document.createElement("p");
  words.append(said, ...links.flatMap((anchor) => [anchor, " "]));
  return words;
}

function lineOf(drafts) {
  const waiting = drafts.some((draft) => draft.isWaiting);
  const links = drafts.map((draft) => {
    const note = `${clockTime(draft.savedAt)}${draft.isWaiting ? "，待发送" : ""}`;
    return link(draft.url, `${draft.unitName}（${note}）`);
  });
  return line(waiting ? "有走访记录待发送，点开可以查看：" : "有未保存的走访草稿：", links);
}

function show(box, drafts, sent) {
  const lines = sent.length > 0 ? [line("待发送的走访已保存：", sent)] : [];
  if (drafts.length > 0) lines.push(lineOf(drafts));
  box.replaceChildren(...lines);
  box.classList.toggle("notice-warning", drafts.length > 0);
  box.classList.toggle("notice-success", drafts.length === 0);
  box.hidden = lines.length === 0;
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

// A browser that keeps nothing has nothing waiting.
const kept = (box) => draftsOf(box.dataset.unsent).catch(() => []);

function watch(box) {
  let isAtWork = false;
  const refresh = async () => {
    if (isAtWork || document.visibilityState !== "visible") return;
    isAtWork = true;
    const drafts = await kept(box);
    // What was said to be sent stays until there is something new to say.
    if (drafts.length > 0) show(box, drafts, []);
    const sent = await sendWaiting(drafts);
    if (sent.length > 0) show(box, await kept(box), sent);
    isAtWork = false;
  };
  window.addEventListener("online", refresh);
  document.addEventListener("visibilitychange", refresh);
  refresh();
}

for (const box of document.querySelectorAll("[data-unsent]")) watch(box);
