// What the lab holds and what it knows before Python runs.

import type { Cells, Kind } from "./cells";
import type { Note } from "./notes";

export interface Source {
  picture?: string;
  seed?: number;
  bits?: string;
}

export interface Pattern {
  readonly name: string;
  readonly source: Source | null; // what it was made of, where that is known and untouched
  readonly cells: Cells;
}

export interface Settings {
  readonly model: string;
  readonly rule: string;
  readonly neuron: string;
  readonly tie: string;
  readonly order: string;
  readonly hold: string;
  readonly attention: string;
  readonly similarity: string;
  readonly ends: string;
  readonly T: number;
  readonly cooling: number;
  readonly degree: number;
  readonly beta: number;
  readonly gain: number;
  readonly stay: number;
  readonly strength: number;
  readonly drive: number;
  readonly q: number;
  readonly hidden: number;
  readonly epochs: number;
}

// What the reader made.
export interface Made {
  readonly side: number;
  readonly patterns: readonly Pattern[];
  readonly cue: Cells;
  readonly pins: Cells; // 1 where a cell is pinned: it never moves
  readonly title: string; // what is on the canvas, if it has a name
  readonly source: Source | null;
  readonly settings: Settings;
  readonly seed: number;
}

export interface Time {
  readonly moves: number;
  readonly sweeps: number;
}

// All of it, and where the run stands: what a link holds and what is taken back.
export interface Told extends Made, Time {
  readonly state: Cells | null;
}

// What Python sends of a run.
export interface Frame extends Time {
  readonly kind: Kind;
  readonly bits: Uint8Array; // the state, packed as its kind is
  readonly why: string;
  readonly words: string;
  readonly overlaps?: number[];
  readonly energy?: number | null;
  readonly attention?: number[]; // the share of each stored pattern
  readonly unstable?: Uint8Array;
  readonly took?: number;
}

export interface Run {
  readonly id: number; // another one for each beginning
  readonly cells: Cells; // where it stands
  readonly history: readonly Frame[];
  readonly stride: number;
  readonly frames: number;
  readonly passing: boolean; // the last frame is shown, but the next one takes its place
  readonly unstable: Cells | null; // who is about to flip
  readonly painted: ReadonlyMap<number, number>; // site -> value, set by hand in a run
  readonly before: Time; // what a link's state, or one taken back, had behind it
}

export type View = null | { frame: number } | { pattern: number };

export interface State extends Made {
  readonly run: Run;
  readonly view: View; // null: where it stands; else what is looked at instead
  readonly playing: boolean;
  readonly past: readonly Told[];
  readonly future: readonly Told[];
  readonly last: { what: string; at: number }; // what was changed last, and when
  readonly words: string; // the large line: what the network does
  readonly notice: Note | null; // what the lab tells in its place
  readonly said: Note | null; // the small line, read out too
  readonly aloud: { readonly text: string }; // for those who only hear the page; another one each time
}

export interface Choice {
  name: string;
  text: string;
}

export interface Rule extends Keeps {
  name: string;
  about: string;
  beyond: string; // what to expect where more is stored
  implicit: boolean;
  side?: number; // the only grid that it fits
}

// How many random patterns are kept: without an error on a grid of each side, and, as a load, with few.
export interface Keeps {
  capacity: (number | null)[];
  breaks: number | null;
  heat: readonly number[]; // the second at temperatures in steps of known.heat, as far as there is one
}

export interface Model extends Choice {
  about: string;
  beyond: string;
  kind: Kind;
  neurons: string[];
  orders: string[];
  uses: (keyof Settings)[]; // what its memory is made of
  least: number; // patterns
  side: number; // of the largest grid
  by: (keyof Settings)[];
  keeps: Record<string, Keeps & { side: number }>; // for the values of those settings
}

export interface Range {
  text: string;
  low: number;
  high: number;
  step: number;
  after: keyof Settings | ""; // the slider that must be above its lowest value for this one to count
}

export interface Picture {
  name: string;
  side: number;
  bits: string;
}

// A step of a guided tour: what is seen, what to try, and the state that it opens, if another one.
export interface Step {
  words: string;
  try: string;
  state?: string; // an address's part, as Share by address gives it
  settings?: Partial<Settings>; // what is chosen in it instead
}

export interface Tour {
  title: string;
  steps: Step[];
}

// A frame of the run that the lab begins with, as the package recorded it.
export interface Recorded extends Omit<Frame, "bits"> {
  readonly bits: string;
}

// What the package writes of its tables (hopfield.lab.choices).
export interface Known {
  sides: [number, number];
  most: number; // patterns
  dense: number; // neurons up to which a rule may hold a matrix of all couplings
  heat: number; // between temperatures of what is kept
  laid: number; // neurons up to which the landscape is all states, laid out
  settings: Settings; // at first
  sliders: Record<string, Range>; // the settings that are numbers
  menus: Record<string, Choice[]>; // those that are names, but for the rule
  uses: Record<string, (keyof Settings)[]>; // what a neuron is made of
  together: Record<string, number>; // the orders that move all neurons, and their middle speed
  pictures: Picture[];
  colours: string[]; // of Potts neurons, as an image is reduced to them
  rules: Rule[];
  planes?: Choice[]; // of the landscape
  models: Model[];
  chapters?: Record<string, { lab: unknown; words: string }>;
  tours?: Record<string, Tour>;
  first?: { lab: unknown; frames: Recorded[] }; // how the page's lab begins, and a run from there
}
