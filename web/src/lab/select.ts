// What follows from the lab's state.

import { type Cells, overlap, unpackState } from "./cells";
import { number } from "./geometry";
import type { Frame, Known, Pattern, Rule, State, Time, Told } from "./types";

const ALIKE = 0.5; // the overlap from which two stored patterns are called much alike
const COMPARED = 60; // patterns that are compared with each other

// The time of a frame, with what a link's run had behind it.
export function until(state: State, frame: Frame | undefined): Time {
  const { before } = state.run;
  return {
    moves: before.moves + (frame?.moves ?? 0),
    sweeps: before.sweeps + (frame?.sweeps ?? 0),
  };
}

export const now = (state: State): Time => until(state, state.run.history.at(-1));

export const moves = (state: State): number => now(state).moves;

// The cells on the canvas.
export function shown({ view, patterns, run, side }: State): Cells {
  if (view && "pattern" in view) return patterns[view.pattern].cells;
  if (view) return unpackState(run.history[view.frame].bits, side * side);
  return run.cells;
}

// All that the reader made, and where the run stands.
export function told(state: State): Told {
  const { side, patterns, cue, title, source, settings, seed } = state;
  const time = now(state);
  const cells = time.moves ? state.run.cells : null;
  return { side, patterns, cue, title, source, settings, seed, state: cells, ...time };
}

// The rules that a grid of this side has room for.
export const fitting = (known: Known, side: number): Rule[] =>
  known.rules.filter(
    (rule) => (rule.implicit || side * side <= known.dense) && (rule.side ?? side) === side,
  );

// A name that no pattern has: "random 4".
export function unused(patterns: readonly Pattern[], word: string): string {
  let k = patterns.length + 1;
  while (patterns.some(({ name }) => name === `${word} ${k}`)) k++;
  return `${word} ${k}`;
}

export interface Load {
  load: string;
  keeps: string; // how many the rule keeps, "" where that has no limit
  overload: string; // "" where nothing is too much
  rule: string;
}

// How much is stored, beside what the rule keeps.
export function loadWords(state: State, known: Known): Load {
  const [p, n] = [state.patterns.length, state.side ** 2];
  const rule = known.rules.find(({ name }) => name === state.settings.rule);
  const capacity = rule?.capacity[state.side - known.sides[0]] ?? null;
  const about = capacity && (capacity < 10 ? number(capacity) : Math.round(capacity));
  const most = rule?.breaks ? Math.round(rule.breaks * n) : null; // with a few wrong pixels
  const bounds = most
    ? `Of random patterns the rule “${rule!.name}” keeps about ${about} = N/(2 ln N) without ` +
      `a wrong pixel, and about ${most} = ${number(Number(rule!.breaks!.toPrecision(3)))} N with a ` +
      "few; beyond that it breaks down."
    : `The rule “${state.settings.rule}” keeps about ${about} random patterns.`;
  const load = `Load α = P/N = ${p} / ${n} = ${number(Number((p / n).toPrecision(3)))}.`;
  const few =
    `${p} patterns are more than the ${about} that come back exactly: expect a few wrong ` +
    `pixels. Up to about ${most} random patterns it stays a memory.`;
  const many =
    `Too much is stored: ${p} patterns, and this rule keeps about ${most ?? about}. ` +
    "Expect wrong pixels, then states that nobody stored.";
  return {
    load,
    keeps: capacity ? bounds : "",
    overload: capacity && p > capacity ? (most && p <= most ? few : many) : "",
    rule: rule?.capacityText ?? "",
  };
}

export interface Gauge {
  stored: number;
  end: number; // what the whole bar stands for
  marks: { at: number; text: string }[];
  level: "well" | "few" | "many"; // whether all come back, with a few errors, or no more
}

// The same as a bar, with the rule's limits marked; null where it has none.
export function loadGauge(state: State, known: Known): Gauge | null {
  const [stored, n] = [state.patterns.length, state.side ** 2];
  const rule = known.rules.find(({ name }) => name === state.settings.rule);
  const capacity = rule?.capacity[state.side - known.sides[0]] ?? null;
  if (!rule || !capacity) return null;
  const marks = [{ at: capacity, text: rule.breaks ? "N/(2 ln N)" : "what the rule keeps" }];
  if (rule.breaks) marks.push({ at: rule.breaks * n, text: `${rule.breaks.toPrecision(3)} N` });
  marks.sort((a, b) => a.at - b.at); // on small grids the second limit is the lower one
  const last = marks.at(-1)!.at;
  const level = stored <= marks[0].at ? "well" : stored <= last ? "few" : "many";
  return { stored, end: Math.max(1.45 * last, stored), marks, level };
}

// The two patterns that are most alike, if they are much so, in words.
export function alikeWords(patterns: readonly Pattern[]): string {
  let [first, second, m] = ["", "", 0];
  const few = patterns.slice(0, COMPARED);
  few.forEach((a, j) =>
    few.slice(0, j).forEach((b) => {
      const found = overlap(a.cells, b.cells);
      if (Math.abs(found) > Math.abs(m)) [first, second, m] = [b.name, a.name, found];
    }),
  );
  if (Math.abs(m) < ALIKE) return "";
  return (
    `“${first}” and “${second}” are ${m > 0 ? "much alike" : "nearly opposite"}: ` +
    `overlap ${m.toFixed(2).replace("-", "−")}. A simple rule blends such patterns.`
  );
}

// The patterns whose overlaps have colours: those that were largest at the start or are now.
export function followed(first: number[], last: number[], most: number): number[] {
  const size = (k: number) => Math.max(Math.abs(first[k]), Math.abs(last[k]));
  const ranked = last.map((_, k) => k).sort((a, b) => size(b) - size(a));
  return ranked.slice(0, most).sort((a, b) => a - b);
}
