// A small table of what the package writes, and a state with two patterns on it.

import { initial, reduce } from "../src/lab/reducer";
import { type Cells, packState, plain, random } from "../src/lab/cells";
import type { Frame, Known, Model, State } from "../src/lab/types";

const named = (...names: string[]) => names.map((name) => ({ name, text: name }));

const model = (name: string, more: Partial<Model>): Model => ({
  name,
  text: name,
  about: "",
  beyond: "",
  kind: "ink",
  neurons: ["Sign", "HeatBath"],
  orders: ["Shuffled", "Random", "Sequential", "Sync"],
  uses: [],
  least: 1,
  side: 200,
  by: [],
  keeps: {},
  ...more,
});

export const known: Known = {
  sides: [5, 200],
  most: 200,
  dense: 2500,
  heat: 0.4,
  laid: 16,
  settings: {
    model: "pairs",
    rule: "hebb",
    neuron: "Sign",
    tie: "keep",
    order: "Shuffled",
    hold: "nothing",
    attention: "softmax",
    similarity: "distance",
    ends: "again",
    T: 0.5,
    cooling: 20,
    degree: 4,
    beta: 16,
    gain: 4,
    stay: 3,
    strength: 2,
    drive: 2,
    q: 4,
    hidden: 16,
    epochs: 300,
  },
  sliders: Object.fromEntries(
    Object.entries({
      T: 2,
      cooling: 100,
      degree: 8,
      beta: 64,
      gain: 8,
      stay: 8,
      strength: 4,
      drive: 8,
      q: 8,
      hidden: 64,
      epochs: 500,
    }).map(([name, high]) => [
      name,
      {
        text: name,
        low: name === "stay" ? 1 : 0,
        high,
        step: name === "T" ? 0.01 : name === "strength" ? 0.1 : 1,
        after: name === "strength" ? "stay" : "",
      },
    ]),
  ),
  uses: { Sign: ["tie"], HeatBath: ["T"], Linear: [], Potts: [] },
  together: { Shuffled: 0, Random: 0, Sequential: 0, Sync: 1, Flow: 10 },
  colours: ["#ffffff", "#000000", "#00ff00", "#0000ff"],
  pictures: [{ name: "dot", side: 5, bits: "AAgAAA==" }],
  rules: [
    {
      name: "hebb",
      about: "Hebb's.",
      beyond: "Expect the worst.",
      heat: [0.138, 0.08, 0.03, 0],
      implicit: true,
      breaks: 0.138,
      capacity: [4, 5, 6],
    },
    {
      name: "pseudoinverse",
      about: "Solved for.",
      beyond: "",
      heat: [],
      implicit: false,
      breaks: null,
      capacity: [25, 36, 49],
    },
  ],
  menus: {
    model: named("pairs", "sequence", "dense", "attention", "potts"),
    neuron: named("Sign", "HeatBath", "Linear", "Potts"),
    tie: named("keep", "up", "down", "random"),
    order: named("Shuffled", "Random", "Sequential", "Sync", "Flow"),
    hold: named("nothing", "known"),
    attention: named("softmax", "sparsemax"),
    similarity: named("distance", "dot"),
    ends: named("again", "stays"),
  },
  models: [
    model("pairs", { uses: ["rule"] }),
    model("sequence", { uses: ["stay", "strength", "drive", "ends"], orders: ["Sync"], least: 2 }),
    model("dense", {
      uses: ["degree"],
      by: ["degree"],
      keeps: { 4: { capacity: [20, 30, 40], breaks: null, heat: [], side: 200 } },
    }),
    model("attention", { kind: "grey", neurons: ["Linear"], orders: ["Sync", "Flow"] }),
    model("potts", {
      kind: "colour",
      neurons: ["Potts"],
      uses: ["q"],
      by: ["q"],
      keeps: {
        4: { capacity: [], breaks: 0.828, heat: [], side: 8 },
        8: { capacity: [], breaks: 3.77, heat: [], side: 6 },
      },
    }),
  ],
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
    pins: plain(SIDE, 0),
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
  kind: "ink",
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
