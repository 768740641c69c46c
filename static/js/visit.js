/**
 * The visit form where the signal may go: everything typed is kept in this browser until the
 * server has it, and sent by itself when there is signal again. The key made here stays with the
 * draft, so that what is sent twice is saved once. Without this script the form is an ordinary one.
 */

import { clockTime, dropDraft, idOf, keepDraft, readDraft } from "./drafts.js";
import { focusErrors } from "./errors.js";
import { preview, shrink } from "./photos.js";

const RETRY_EVERY = 15_000;
const GIVE_UP_AFTER = 120_000;
const SAVE_AFTER = 300;
// Not part of what is typed: made by the server or the browser for each page.
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "key", "writer", "photos"]);

const saved = document.querySelector("[data-visit-saved]");
const trouble = document.querySelector("[data-visit-trouble]");
let form = document.querySelector("form[data-visit]");
let draft = {
  id: idOf(form.dataset.user, form.dataset.unit),
  user: form.dataset.user,
  unit: form.dataset.unit,
  unitName: form.dataset.unitName,
  url: location.pathname,
  key: crypto.randomUUID?.() ?? form.elements.key.value,
  fields: {},
  photos: [],
  savedAt: 0,
  isWaiting: false,
};
let isSending = false;
let isOver = false;
let timer = null;
let keeping = Promise.resolve();

// --- What is typed ---------------------------------------------------------------------------

function typed() {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (!NOT_TYPED.has(name)) (fields[name] ??= []).push(value);
  }
  return fields;
}

function fill(fields) {
  const day = fields.day?.[0];
  const offered = [...form.querySelectorAll("[name=day]")].map((radio) => radio.value);
  // A chip of yesterday's page stands for a date that is no chip today.
  const dated = day && !offered.includes(day);
  const values = dated ? { ...fields, day: ["other"], visited_on: [day] } : fields;
  for (const input of form.elements) {
    if (!input.name || NOT_TYPED.has(input.name)) continue;
    const given = values[input.name] ?? [];
    if (input.type === "radio" || input.type === "checkbox") {
      input.checked = given.includes(input.value);
    } else {
      input.value = given[0] ?? "";
    }
  }
  const more = form.querySelector("details");
  more.open ||= [...more.querySelectorAll("input, select, textarea")].some((input) => input.value);
}

/** A line that a chip has opened must be filled in. */
function requireLines() {
  for (const chip of form.querySelectorAll("[name=did]")) {
    for (const line of form.querySelectorAll(`.opens-${chip.value} input`)) {
      line.required = chip.checked;
    }
  }
  const other = form.querySelector("[name=day][value=other]");
  form.elements.visited_on.required = other.checked;
  // A date out of its bounds, hidden behind another chip, would keep the form from being sent unsaid.
  form.elements.visited_on.disabled = !other.checked;
}

// --- The draft -------------------------------------------------------------------------------

/** Keep the draft as it is now; one keeping after the other, none once it is over. */
function keep() {
  clearTimeout(timer);
  keeping = keeping.then(async () => {
    if (isOver) return;
    draft.fields = typed();
    draft.savedAt = Date.now();
    try {
      await keepDraft(draft);
      saved.textContent = `草稿已存 ${clockTime(draft.savedAt)}`;
      // A visit that was sent may be with the server already: it is not to be thrown away here.
      form.querySelector("[data-visit-drop]").hidden = draft.isWaiting;
    } catch {
      saved.textContent = "此浏览器不能存草稿";
    }
  });
  return keeping;
}

function keepSoon() {
  clearTimeout(timer);
  timer = setTimeout(keep, SAVE_AFTER);
}

async function finish() {
  isOver = true;
  clearTimeout(timer);
  await keeping;
  await dropDraft(draft.id).catch(() => {});
}

// --- What the person sees --------------------------------------------------------------------

function say(words, link) {
  trouble.hidden = !words;
  trouble.replaceChildren();
  if (!words) return;
  const line = document.createElement("p");
  line.textContent = words;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.url;
    anchor.textContent = link.words;
    line.append(anchor);
  }
  trouble.append(line);
}

/** While no answer has come nobody knows what the server has: nothing may change until it says. */
function show() {
  const button = form.querySelector("[data-visit-send]");
  button.disabled = isSending;
  button.textContent = isSending ? "正在发送…" : draft.isWaiting ? "立即重试" : "保存走访";
  form.querySelector("[data-visit-fields]").inert = draft.isWaiting;
}

function showPhotos() {
  const list = form.querySelector("[data-visit-previews]");
  const remove = (photo) => {
    draft.photos = draft.photos.filter((other) => other !== photo);
    showPhotos();
    keep();
    form.elements.photos.focus();
  };
  list.replaceChildren(...draft.photos.map((photo) => preview(photo, () => remove(photo))));
  list.hidden = draft.photos.length === 0;
}

async function addPhotos() {
  const chosen = [...form.elements.photos.files];
  form.elements.photos.value = "";
  for (const file of chosen) draft.photos.push(await shrink(file));
  showPhotos();
  keep();
}

// --- Sending ---------------------------------------------------------------------------------

function parcel() {
  const data = new FormData(form);
  data.set("key", draft.key);
  data.delete("photos");
  for (const photo of draft.photos) data.append("photos", photo.blob, photo.name);
  return data;
}

function post() {
  return fetch(form.action, {
    method: "POST",
    body: parcel(),
    headers: { "X-Requested-With": "fetch" },
    signal: AbortSignal.timeout?.(GIVE_UP_AFTER),
  });
}

async function pageOf(response) {
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Signing in again has changed the token that proves where the form comes from: take the new one. */
async function renewToken() {
  const page = await pageOf(await fetch(location.pathname));
  const token = page.querySelector("form[data-visit] [name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
  return Boolean(token);
}

function wait(words) {
  draft.isWaiting = true;
  say(words);
}

function signInAgain() {
  draft.isWaiting = false;
  const next = encodeURIComponent(location.pathname);
  say("登录已过期，填写的内容已存在本机。", {
    url: `${form.dataset.signIn}?next=${next}`,
    words: "重新登录后继续",
  });
}

/**
 * The server's form with its errors takes the place of ours; photos and key stay. Only where the key
 * was used for other words, in another window, what is here becomes another visit with a key anew.
 */
function showErrors(page) {
  const answered = page.querySelector("form[data-visit]");
  draft.isWaiting = false;
  if (!answered || answered.dataset.user !== draft.user) {
    say("没有保存：现在登录的是另一位同事。草稿仍在本机，请用您自己的账户登录后发送。");
    return;
  }
  form.replaceWith(document.adoptNode(answered));
  form = answered;
  if ("isAnother" in form.dataset) draft.key = form.elements.key.value;
  say("");
  attach();
  focusErrors(form);
}

/** A page that is no form: why it refuses; without a sign-in the browser has no token to show. */
function sayRefused(page) {
  draft.isWaiting = false;
  if (page.querySelector("[data-csrf-failed]")) {
    signInAgain();
    return;
  }
  const parts = [...page.querySelectorAll("main h1, main .lead")];
  const words = parts.map((part) => part.textContent.replace(/\s+/g, " ").trim()).join("：");
  say(`没有保存，草稿仍在本机。${words || "照片可能太大，请减少几张再试。"}`);
}

async function take(response) {
  if (response.status === 201) {
    await finish();
    location.assign(response.headers.get("Location"));
    return;
  }
  if (response.status >= 500) {
    wait("服务器暂时没有回应，已存在本机，稍后自动发送。");
  } else if (new URL(response.url).pathname === form.dataset.signIn) {
    signInAgain();
  } else if (response.ok) {
    showErrors(await pageOf(response));
  } else {
    sayRefused(await pageOf(response));
  }
}

async function send() {
  if (isSending || isOver) return;
  isSending = true;
  // Kept as waiting before it goes out: whatever happens to this page, it will be sent again.
  draft.isWaiting = true;
  show();
  await keep();
  try {
    let response = await post();
    if (response.status === 403) {
      response = (await renewToken()) ? await post() : response;
    }
    await take(response);
  } catch {
    wait("没有信号，已存在本机，有信号时自动发送。");
  }
  isSending = false;
  if (isOver) return;
  show();
  keep();
}

function retry() {
  if (draft.isWaiting && document.visibilityState === "visible") send();
}

// --- Starting --------------------------------------------------------------------------------

function attach() {
  form.elements.writer.value = draft.user;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("input", (event) => {
    requireLines();
    if (event.target.name !== "photos") keepSoon();
  });
  form.elements.photos.addEventListener("change", addPhotos);
  form.querySelector("[data-visit-drop]").addEventListener("click", async () => {
    await finish();
    location.assign(location.pathname);
  });
  requireLines();
  showPhotos();
  show();
}

/** Waits, on the way back to this page, until the browser has put its old words into the form. */
function settled() {
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.type !== "back_forward" || document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => window.addEventListener("pageshow", resolve, { once: true }));
}

async function start() {
  // After saving, the back button would show the old words again, for a second visit.
  await settled();
  form.reset();
  const kept = await readDraft(draft.id).catch(() => null);
  if (kept) {
    draft = { ...draft, ...kept };
    fill(draft.fields);
    saved.textContent = `已恢复草稿 ${clockTime(draft.savedAt)}`;
  }
  attach();
  form.querySelector("[data-visit-drop]").hidden = !kept || draft.isWaiting;
  focusErrors(form);
  window.addEventListener("online", retry);
  window.addEventListener("pageshow", (event) => {
    // Kept alive by the browser, the page would still think that its visit is being sent.
    if (event.persisted && isOver) location.reload();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer && !draft.isWaiting) keep();
    retry();
  });
  setInterval(retry, RETRY_EVERY);
  retry();
}

start();
