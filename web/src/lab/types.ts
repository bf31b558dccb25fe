// What the lab holds and what it knows before Python runs.

import type { Cells } from "./cells";

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
  readonly rule: string;
  readonly neuron: string;
  readonly tie: string;
  readonly order: string;
  readonly hold: string;
  readonly T: number;
}

// What the reader made.
export interface Made {
  readonly side: number;
  readonly patterns: readonly Pattern[];
  readonly cue: Cells;
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
  readonly bits: Uint8Array;
  readonly why: string;
  readonly words: string;
  readonly overlaps?: number[];
  readonly energy?: number | null;
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
  readonly words: string; // the large line
  readonly said: string; // the small line, read out too
  readonly aloud: string; // for those who only hear the page
}

export interface Choice {
  name: string;
  text: string;
}

export interface Rule {
  name: string;
  capacityText: string;
  implicit: boolean;
  breaks: number | null;
  capacity: (number | null)[];
  side?: number; // the only grid that it fits
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
  temperatures: [number, number];
  settings: Settings; // at first
  pictures: Picture[];
  rules: Rule[];
  neurons: Choice[];
  ties: Choice[];
  orders: Choice[];
  holds: Choice[];
  planes?: Choice[]; // of the landscape
  chapters?: Record<string, { lab: unknown; words: string }>;
  tours?: Record<string, Tour>;
  first?: { lab: unknown; frames: Recorded[] }; // how the page's lab begins, and a run from there
}
