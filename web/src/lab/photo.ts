// An image from the reader's disk on the canvas: by a threshold, or in the grey levels or the colours
// that cells have.

import type { App } from "./app";
import { greyOf, levels, nearest, otsu, readFile, threshold } from "./image";

export async function readPhoto(lab: App, file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    const rgb = await readFile(file, lab.store.now.side);
    lab.ui.photo.value = { rgb, name: file.name.replace(/\.[^.]*$/, "").slice(0, 20) };
    lab.ui.level.value = otsu(greyOf(rgb));
  } catch {
    lab.store.tell(`This browser cannot read ${file.name} as an image.`);
    return;
  }
  putPhoto(lab);
}

export function putPhoto(lab: App): void {
  const { photo, level, invert } = lab.ui;
  if (!photo.value) return;
  const { rgb, name } = photo.value;
  const { kind, q } = lab.form;
  const cells = {
    ink: () => threshold(greyOf(rgb), level.value, invert.value),
    grey: () => levels(greyOf(rgb), invert.value),
    colour: () => nearest(rgb, lab.known.colours, q, invert.value),
  };
  lab.put(cells[kind](), name, null, "image");
}
