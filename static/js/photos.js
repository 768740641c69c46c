/**
 * Photos chosen for a visit: shrunk to JPEG of at most 2000 px a side, which also leaves place and
 * camera behind, and shown small on a canvas (our content policy has no blob: pictures).
 */

const MAX_SIDE = 2000;
const PREVIEW = 176;

async function drawn(blob, side) {
  const picture = await createImageBitmap(blob, { imageOrientation: "from-image" });
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

/** {name, blob} of one chosen file; what this browser cannot draw goes to the server as it is. */
export async function shrink(file) {
  try {
    const canvas = await drawn(file, MAX_SIDE);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (blob) return { name: file.name.replace(/\.[^.]*$/, "") + ".jpg", blob };
  } catch {
    // Broken, or of a kind that only the server may judge.
  }
  return { name: file.name, blob: file };
}

/** A list item showing one photo, with a button that calls `remove`. */
export function preview(photo, remove) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = photo.name;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = "移除";
  button.setAttribute("aria-label", `移除照片 ${photo.name}`);
  button.addEventListener("click", remove);
  item.append(name, button);
  drawn(photo.blob, PREVIEW).then(
    (canvas) => {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", photo.name);
      item.prepend(canvas);
    },
    () => {
      name.textContent = `${photo.name}（无法预览）`;
    },
  );
  return item;
}
