// The lab as it begins: three pictures are stored, the first is on the canvas, a quarter of it wrong.

import { flip, plain } from "./cells";
import { letter } from "./image";
import { cellsOf } from "./link";
import { initial } from "./reducer";
import type { Store } from "./store";
import type { Pattern } from "./types";

const SIDE = 50;
const PICTURES = ["BU", "X", "digit 3"];
const FLIPPED = 0.25;
const SEED = 4; // of the flips

export function beginFresh(store: Store): void {
  const { known } = store;
  const { settings, seed } = initial(known);
  const have = PICTURES.filter((name) => known.pictures.some((p) => p.name === name));
  const patterns: Pattern[] = have.map((picture) => {
    const source = { picture };
    return { name: picture, source, cells: cellsOf(source, SIDE, known.pictures) };
  });
  if (!patterns.length) {
    const letters = ["A", "X"];
    patterns.push(...letters.map((name) => ({ name, source: null, cells: letter(name, SIDE) })));
  }
  const cue = flip(patterns[0].cells, FLIPPED, SEED);
  const rest = { pins: plain(SIDE, 0), title: "", source: null, state: null, moves: 0, sweeps: 0 };
  store.dispatch({ type: "show", lab: { side: SIDE, patterns, cue, settings, seed, ...rest } });
  store.dispatch({
    type: "words",
    text:
      `The canvas shows “${patterns[0].name}” with a quarter of its pixels flipped. ` +
      "Press Play and watch the network find it again.",
  });
}
