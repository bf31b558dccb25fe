// A small table of what the package writes, and a state with two patterns on it.

import { initial, reduce } from "../src/lab/reducer";
import { type Cells, packState, plain, random } from "../src/lab/cells";
import type { Frame, Known, State } from "../src/lab/types";

const named = (...names: string[]) => names.map((name) => ({ name, text: name }));

export const known: Known = {
  sides: [5, 200],
  most: 200,
  dense: 2500,
  temperatures: [0, 2],
  settings: {
    rule: "hebb",
    neuron: "Sign",
    tie: "keep",
    order: "Shuffled",
    hold: "nothing",
    T: 0.5,
  },
  pictures: [{ name: "dot", side: 5, bits: "AAgAAA==" }],
  rules: [
    {
      name: "hebb",
      capacityText: "N/(2 ln N)",
      implicit: true,
      breaks: 0.138,
      capacity: [4, 5, 6],
    },
    {
      name: "pseudoinverse",
      capacityText: "N",
      implicit: false,
      breaks: null,
      capacity: [25, 36, 49],
    },
  ],
  neurons: named("Sign", "HeatBath"),
  ties: named("keep", "up", "down", "random"),
  orders: named("Shuffled", "Random", "Sequential", "Sync"),
  holds: named("nothing", "known"),
};

export const SIDE = 6;

export const pattern = (name: string, seed: number) => ({
  name,
  source: null,
  cells: random(SIDE, seed),
});

// Two patterns are stored, and the first is the cue.
export function begun(): State {
  const patterns = [pattern("a", 1), pattern("b", 2)];
  const { settings, seed } = initial(known);
  const lab = {
    side: SIDE,
    patterns,
    cue: patterns[0].cells,
    title: "a",
    source: null,
    settings,
    seed,
    state: null,
    moves: 0,
    sweeps: 0,
  };
  return reduce(initial(known), { type: "show", lab }, known);
}

export const frame = (cells: Cells, moves: number, more: Partial<Frame> = {}): Frame => ({
  bits: packState(cells),
  moves,
  sweeps: moves / cells.length,
  why: "",
  words: `after ${moves}`,
  overlaps: [1, 0],
  energy: -moves,
  ...more,
});

export const paper = plain(SIDE);
