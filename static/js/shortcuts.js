/**
 * Keys on the pages where one decides: j and k open the next and the previous waiting matter, o goes to
 * the opinion, ? lists them. No key decides anything. They rest while something is typed or a menu is
 * open, beside Ctrl, Alt and Meta, and where the person has switched them off in this browser.
 */

const OFF = "pilotwork-shortcuts-off";
const TYPED_IN = "input, textarea, select, [contenteditable], dialog[open] *";

const nav = document.querySelector("[data-shortcuts]");
const dialog = nav.querySelector("dialog");
const isOn = nav.querySelector("[data-shortcuts-on]");
const opener = nav.querySelector("[data-shortcuts-open]");

function remembered() {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
}

function remember() {
  try {
    if (isOn.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // A browser that stores nothing forgets the choice with the page.
  }
}

function toOpinion() {
  const form = document.querySelector("#act form");
  const field =
    form?.querySelector("[name=opinion]") ??
    form?.querySelector("textarea, select, input:not([type=hidden])");
  field?.focus();
}

const keys = {
  j: () => nav.querySelector("[data-key=j]")?.click(),
  k: () => nav.querySelector("[data-key=k]")?.click(),
  o: toOpinion,
  "?": () => dialog.showModal(),
  "？": () => dialog.showModal(),
};

function pressed(event) {
  const isBusy = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  if (!isOn.checked || isBusy || event.repeat || event.target.closest(TYPED_IN)) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

isOn.checked = remembered();
isOn.addEventListener("change", remember);
opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
nav.querySelector("[data-shortcuts-close]").addEventListener("click", () => dialog.close());
document.addEventListener("keydown", pressed);
