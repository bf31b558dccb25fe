// An image from the reader's disk on the canvas: by a threshold, or in grey levels where cells are grey.

import type { App } from "./app";
import { convert, INKED } from "./cells";
import { greyOfFile, levels, otsu, threshold } from "./image";

export async function readPhoto(lab: App, file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    const grey = await greyOfFile(file, lab.store.now.side);
    lab.ui.photo.value = { grey, name: file.name.replace(/\.[^.]*$/, "").slice(0, 20) };
    lab.ui.level.value = otsu(grey);
  } catch {
    lab.store.tell(`This browser cannot read ${file.name} as an image.`);
    return;
  }
  putPhoto(lab);
}

export function putPhoto(lab: App): void {
  const { photo, level, invert } = lab.ui;
  if (!photo.value) return;
  const { grey, name } = photo.value;
  const ink = () => threshold(grey, level.value, invert.value);
  const { form } = lab;
  const cells = form.kind === "grey" ? levels(grey, invert.value) : convert(ink(), INKED, form);
  lab.put(cells, name, null, "image");
}
