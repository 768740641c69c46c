/**
 * What was typed outlives a sign-in that has expired. `<form data-keep>` leaves its fields in this
 * tab when it is sent. A page with `data-not-taken="<address, if not its own>"` (sign-in, form out of
 * date) says that what went to that address was not read: the same person finds it again in the same
 * form. A page with `data-unanswered` (a fault of the server) does not know whether it was done: it is
 * found again too, with the advice to look first. Any other page means that it arrived, and it is
 * forgotten. Chosen files cannot be kept.
 */

import { clockTime } from "./drafts.js";

const STORE = "typed";
const MOST_ROWS = 200;
// Made by the server for each page; what it says now holds.
const NOT_TYPED = /^(csrfmiddlewaretoken|seen|request_key|shown|confirm_password)$|-(INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE));
  } catch {
    return null;
  }
}

function write(typed) {
  try {
    if (typed) sessionStorage.setItem(STORE, JSON.stringify(typed));
    else sessionStorage.removeItem(STORE);
  } catch {
    // A browser that keeps nothing loses it, as it did before.
  }
}

const pathOf = (url) => new URL(url, location.href).pathname;

/** Where the form goes to by one of its buttons. */
function targetsOf(form) {
  const buttons = [...form.querySelectorAll("button[formaction]")].map((button) => button.formAction);
  return [form.getAttribute("action") || location.href, ...buttons].map(pathOf);
}

function keep(form, submitter) {
  const fields = {};
  let hasFiles = false;
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) hasFiles ||= value.size > 0;
    else if (!NOT_TYPED.test(name)) (fields[name] ??= []).push(value);
  }
  const target = pathOf(submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href);
  const before = read();
  write({
    user: document.body.dataset.user,
    target,
    // The page that asks for the password only repeats what was typed on another.
    page: form.dataset.notTaken && before?.target === target ? before.page : location.pathname + location.search,
    at: Date.now(),
    fields,
    hasFiles,
    isLost: false,
    isUnanswered: false,
  });
}

// --- Giving it back --------------------------------------------------------------------------

function addRows(form, fields) {
  for (const box of form.querySelectorAll("[data-rows]")) {
    const total = box.querySelector(`[name="${box.dataset.rows}-TOTAL_FORMS"]`);
    const wanted = Math.min(Number(fields[total?.name]?.[0] ?? 0), MOST_ROWS);
    while (total && Number(total.value) < wanted) box.querySelector("[data-rows-add]").click();
  }
}

function removeRows(form, fields) {
  for (const row of form.querySelectorAll("[data-row]:not([hidden])")) {
    const mark = row.querySelector("[name$='-DELETE']");
    if (mark && fields[mark.name]?.[0]) row.querySelector("[data-rows-remove]")?.click();
  }
}

function fill(form, fields) {
  for (const input of form.elements) {
    if (!input.name || NOT_TYPED.test(input.name) || ["hidden", "file", "submit"].includes(input.type)) continue;
    const given = fields[input.name];
    if (input.type === "radio" || input.type === "checkbox") input.checked = given?.includes(input.value) ?? false;
    else if (!given) continue;
    else if (input.multiple) for (const option of input.options) option.selected = given.includes(option.value);
    else input.value = given[0];
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

/** Say it where the page has room for messages; `parts` follow the words. */
function say(words, ...parts) {
  const box = document.querySelector("[data-kept]");
  if (!box) return;
  box.replaceChildren(words, " ", ...parts);
  box.hidden = false;
}

function giveBack(form, typed) {
  addRows(form, typed.fields);
  fill(form, typed.fields);
  removeRows(form, typed.fields);
  const files = typed.hasFiles ? "选好的文件没有保留，请重新选择。" : "";
  const told = typed.isLost
    ? "填写的内容没有送达，已恢复在表单里，请核对后再次提交。"
    : "提交的内容没有收到答复，已恢复在表单里。请先看办理记录，确认没有办成再提交。";
  say(
    `您 ${clockTime(typed.at)} ${told}${files}`,
    button("丢弃", () => {
      write(null);
      form.reset();
      location.reload();
    }),
  );
}

function pointTo(typed) {
  const link = document.createElement("a");
  link.href = typed.page;
  link.textContent = "继续填写";
  const drop = button("丢弃", () => {
    write(null);
    document.querySelector("[data-kept]").hidden = true;
  });
  const told = typed.isLost ? "填写的内容没有送达" : "提交的内容没有收到答复";
  say(`您 ${clockTime(typed.at)} ${told}，还保存在本窗口：`, link, drop);
}

// --- What the page says about it ---------------------------------------------------------------

function arrive() {
  const typed = read();
  if (!typed) return;
  const gate = document.querySelector("[data-not-taken]");
  if (gate && pathOf(gate.dataset.notTaken || location.href) === typed.target) {
    write({ ...typed, isLost: true });
  } else if (document.querySelector("[data-unanswered]")) {
    write({ ...typed, isUnanswered: true });
  } else if (typed.user !== document.body.dataset.user) {
    // Somebody else's, or a page of nobody's: it waits for who wrote it.
    if (!typed.isLost && !typed.isUnanswered) write(null);
  } else {
    const forms = [...document.querySelectorAll("form[data-keep]")];
    const form = forms.find((one) => targetsOf(one).includes(typed.target));
    // Back at the form itself, and no page of ours in between: no answer ever came.
    const hasNoAnswer = !typed.isLost && history.state?.wasSent;
    const isOpen = typed.isLost || typed.isUnanswered;
    if (form && (isOpen || hasNoAnswer)) giveBack(form, typed);
    else if (isOpen) pointTo(typed);
    else write(null);
  }
}

/** Register after `watchOnce`: it empties a form that the back button shows again. */
export function watchKept() {
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-keep]") && !event.defaultPrevented) keep(event.target, event.submitter);
  });
  window.addEventListener("pageshow", arrive);
}
