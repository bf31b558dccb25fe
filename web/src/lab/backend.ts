// What the lab asks of Python, whoever runs it: hopfield.lab.session answers.

import type { Frame, Settings } from "./types";

export interface Weights {
  k: number; // 0: there are none
  words: string;
  block: number;
  values: Uint8Array; // float32
}

export interface Told {
  field: number;
  values: Uint8Array; // float32: what the neuron adds to each field
}

// The plane that a landscape is cut along, or all states of a small network; else why there is none.
export interface Cut {
  kind: string; // "none", or a row of hopfield.lab.landscape's PLANES
  words: string;
  centre?: Uint8Array; // float32, as all that follows
  axes?: Uint8Array;
  low?: [number, number];
  high?: [number, number];
  marks?: Uint8Array; // of each pattern: its place, and how far it is from the plane
  edge?: Uint8Array; // corners of what states project to
  rows?: number;
  columns?: number;
  energies?: Uint8Array; // of all states
  which?: Uint8Array; // int32: where each ends
  ends?: string[];
  at?: Uint8Array; // row and column of each of these
  many?: number; // ends in all
}

export type Pins = Uint8Array | null; // packed bits, if any cell is pinned

export interface Calls {
  learn(
    side: number,
    settings: Settings,
    names: string[],
    bits: Uint8Array,
    pins: Pins,
  ): Frame | Record<string, never>;
  begin(cue: Uint8Array, settings: Settings, seed: number, pins: Pins): Frame;
  change(settings: Settings, pins: Pins): Frame;
  step(moves: number, overlay: boolean): Frame;
  paint(sites: Uint8Array, values: Uint8Array, overlay: boolean): Frame;
  look(overlay: boolean): Frame;
  weights(): Weights;
  neuron(site: number): Told;
  landscape(kind: string, first: number, second: number, frames: Uint8Array, count: number): Cut;
  heights(places: Uint8Array): { values: Uint8Array; took: number };
  film(bits: Uint8Array, count: number): Uint8Array;
  result(bits: Uint8Array, moves: number[]): Uint8Array;
  script(): string;
}

export interface Backend {
  readonly running: boolean;
  start(): Promise<unknown>;
  call<K extends keyof Calls>(
    name: K,
    ...args: Parameters<Calls[K]>
  ): Promise<ReturnType<Calls[K]>>;
}
