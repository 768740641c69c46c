/**
 * `<form data-once>` is sent once: its buttons are disabled from the moment it goes out, and come
 * back when the page is shown again by the browser's back button. The server refuses a second
 * posting anyway.
 */

// The button that takes up Enter stays disabled.
const PRESSED = "button[type=submit]:not([data-no-enter])";

export function watchOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // Said of this step of the browser's history: the answer may be a page of the same address.
    history.replaceState({ ...history.state, wasSent: true }, "");
    // The pressed button's name and value are read after this event: disable a moment later.
    setTimeout(() => {
      for (const button of form.querySelectorAll(PRESSED)) button.disabled = true;
    });
  });
  window.addEventListener("pageshow", () => {
    if (history.state?.wasSent) {
      // What was typed was sent: on the way back the form is as the server fills it, so that nobody
      // sends the same again unaware.
      for (const form of document.querySelectorAll("form[data-once]")) form.reset();
    }
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll(PRESSED)) button.disabled = false;
    }
  });
}
