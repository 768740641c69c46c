/** Sends, from any page, a visit that was typed without signal on its form (js/visit.js). */

import { dropDraft } from "./drafts.js";

async function formOf(draft) {
  const response = await fetch(draft.url);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const form = page.querySelector("form[data-visit]");
  // Nobody else's sign-in sends what this person wrote.
  return form?.dataset.user === draft.user ? form : null;
}

function parcel(draft, form) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("writer", draft.user);
  data.set("key", draft.key);
  for (const [name, values] of Object.entries(draft.fields)) {
    for (const value of values) data.append(name, value);
  }
  for (const photo of draft.photos) data.append("photos", photo.blob, photo.name);
  return data;
}

/** The address of the saved visit; "" where it was not taken, and then the draft stays. */
export async function sendDraft(draft) {
  const form = await formOf(draft);
  if (!form) return "";
  const response = await fetch(draft.url, {
    method: "POST",
    body: parcel(draft, form),
    headers: { "X-Requested-With": "fetch" },
  });
  if (response.status !== 201) return "";
  await dropDraft(draft.id);
  return response.headers.get("Location");
}
