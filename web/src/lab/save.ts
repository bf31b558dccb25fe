// What is saved to the reader's disk.

import type { App } from "./app";
import { download as give } from "../shared/download";
import { pixels } from "./plots";
import { shown } from "./select";
import type { Frame } from "./types";

const FILM = 120; // frames of a GIF
const ALL = 400;
const WIDTH = 600; // pixels of a picture, about

export function download(store: App["store"], content: BlobPart, name: string, type: string) {
  give(content, name, type);
  store.say(`${name} is saved.`);
}

export async function savePng({ store, theme, form }: App): Promise<void> {
  const { side } = store.now;
  const scale = Math.max(1, Math.round(WIDTH / side));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * scale;
  const pen = canvas.getContext("2d")!;
  const small = document.createElement("canvas");
  const [paper, ink] = [0xffffffff, 0xff000000];
  const colours = { ...theme.value, cells: [paper, theme.value.cells[1], ink] };
  pixels(small, side, shown(store.now), colours, null, form);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (picture) download(store, picture, "lab.png", "image/png");
}

// The recorded frames, evenly thinned to `most`, as one array of bits.
export function recorded(history: readonly Frame[], most: number) {
  const every = Math.ceil(history.length / most);
  const kept = history.filter((_, k) => k % every === 0 || k === history.length - 1);
  const bits = new Uint8Array(kept.length * kept[0].bits.length);
  kept.forEach((frame, k) => bits.set(frame.bits, k * frame.bits.length));
  return { bits, moves: kept.map((frame) => frame.moves) };
}

export async function save({ store, driver }: App, kind: "gif" | "npz" | "py"): Promise<void> {
  if (!store.now.patterns.length) {
    store.tell("Store a pattern first.");
    return;
  }
  await driver.ready();
  const { history } = store.now.run;
  if (kind === "gif") {
    const { bits, moves } = recorded(history, FILM);
    const film = await driver.ask("film", bits, moves.length);
    download(store, film as BlobPart, "lab.gif", "image/gif");
  } else if (kind === "npz") {
    const { bits, moves } = recorded(history, ALL);
    const file = await driver.ask("result", bits, moves);
    download(store, file as BlobPart, "lab.npz", "application/zip");
  } else {
    download(store, await driver.ask("script"), "lab_run.py", "text/x-python");
  }
}
