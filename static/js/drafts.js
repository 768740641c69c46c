/**
 * Drafts of visits in this browser's IndexedDB, photos with them. One draft per person and unit:
 * {id, user, unit, unitName, url, key, fields, photos, savedAt, isWaiting}; `isWaiting` means that
 * it was sent and no answer came. Each function's promise fails where the browser keeps nothing.
 */

const STORE = "drafts";

function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("pilotwork-visits", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, work) {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

export const idOf = (user, unit) => `${user}:${unit}`;
export const readDraft = (id) => run("readonly", (store) => store.get(id));
export const keepDraft = (draft) => run("readwrite", (store) => store.put(draft));
export const dropDraft = (id) => run("readwrite", (store) => store.delete(id));

/** The drafts that this person wrote in this browser, never another's. */
export async function draftsOf(user) {
  const drafts = await run("readonly", (store) => store.getAll());
  return drafts.filter((draft) => draft.user === user);
}

/** "10:32" today, "11月22日 10:32" on another day. */
export function clockTime(moment) {
  const time = new Date(moment);
  const hours = `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
  if (time.toDateString() === new Date().toDateString()) return hours;
  return `${time.getMonth() + 1}月${time.getDate()}日 ${hours}`;
}
