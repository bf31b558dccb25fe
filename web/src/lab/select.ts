// What follows from the lab's state.

import { type Cells, type Form, overlap, unpackState } from "./cells";
import { number } from "./geometry";
import type {
  Frame,
  Keeps,
  Known,
  Model,
  Pattern,
  Rule,
  Settings,
  State,
  Time,
  Told,
} from "./types";

const ALIKE = 0.5; // the overlap from which two stored patterns are called much alike
const CITED = / \([^()]*\d{4}[^()]*\)/; // a source, which has its place in the book
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
  if (view) return frameCells(run.history[view.frame], side);
  return run.cells;
}

export const frameCells = ({ bits, kind }: Frame, side: number): Cells =>
  unpackState(bits, side * side, kind);

export const modelOf = (known: Known, { model }: Pick<Settings, "model">): Model =>
  known.models.find(({ name }) => name === model)!;

// What the cells are.
export const formOf = (known: Known, settings: Pick<Settings, "model" | "q">): Form => ({
  kind: modelOf(known, settings).kind,
  q: settings.q,
});

// Settings that go together, on a grid of this side.
export function fitted(known: Known, settings: Settings, side: number): Settings {
  const fits = modelOf(known, settings).side >= side;
  const model = fits ? settings.model : known.settings.model;
  const { neurons, orders } = modelOf(known, { model });
  const of = (chosen: string, rows: string[]) => (rows.includes(chosen) ? chosen : rows[0]);
  const rules = fitting(known, side).map(({ name }) => name);
  return {
    ...settings,
    model,
    rule: of(settings.rule, rules),
    neuron: of(settings.neuron, neurons),
    order: of(settings.order, orders),
  };
}

// What changed besides the setting that the reader chose, in words.
export function changedWith(was: State, is: State, known: Known, chosen?: keyof Settings): string {
  const other = (name: keyof Settings) =>
    name !== chosen && is.settings[name] !== was.settings[name];
  const said = [
    is.side !== was.side && `The grid has ${is.side} by ${is.side} neurons.`,
    other("model") && `The model is “${modelOf(known, is.settings).text}”, which fits this grid.`,
    other("rule") && `The rule is “${is.settings.rule}”, which fits this grid.`,
  ];
  return said.filter(Boolean).join(" ");
}

// All that the reader made, and where the run stands.
export function told(state: State): Told {
  const { side, patterns, cue, pins, title, source, settings, seed } = state;
  const time = now(state);
  const cells = time.moves ? state.run.cells : null;
  return { side, patterns, cue, pins, title, source, settings, seed, state: cells, ...time };
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

interface Kept extends Keeps {
  rule: Rule | null; // by which the model learns, if it does
  who: string;
  text: string; // what it keeps, in words
}

// What the chosen model keeps, by its rule if it has one.
export function keptBy(known: Known, settings: Settings): Kept {
  const model = modelOf(known, settings);
  const rule = known.rules.find(({ name }) => name === settings.rule) ?? null;
  if (model.uses.includes("rule")) {
    const learned = rule && `The rule keeps ${rule.capacityText.replace(CITED, "")}.`;
    const text = [model.about, learned].filter(Boolean).join(" ");
    const found = rule ?? { capacity: [], breaks: null };
    return { ...found, rule, who: `the rule “${settings.rule}”`, text };
  }
  const found = model.by ? model.keeps[String(settings[model.by])] : undefined;
  const { capacity, breaks } = found ?? { capacity: [], breaks: null };
  return { capacity, breaks, rule: null, who: "this model", text: model.about };
}

const limits = ({ patterns, side, settings }: State, known: Known) => {
  const kept = keptBy(known, settings);
  const capacity = kept.capacity[side - known.sides[0]] ?? null;
  return { ...kept, p: patterns.length, n: side ** 2, capacity };
};

const whole = (count: number): string => (count < 10 ? number(count) : String(Math.round(count)));
const share = (load: number): string => number(Number(load.toPrecision(3)));

// How much is stored, beside what is kept.
export function loadWords(state: State, known: Known): Load {
  const { p, n, capacity, breaks, rule, who, text } = limits(state, known);
  const load = `Load α = P/N = ${p} / ${n} = ${share(p / n)}.`;
  const about = capacity && (capacity < 1e6 ? whole(capacity) : number(capacity));
  const most = breaks && Math.round(breaks * n);
  const formula = rule ? " = N/(2 ln N)" : "";
  let bounds = "";
  if (capacity && most) {
    bounds =
      `Of random patterns ${who} keeps about ${about}${formula} without a wrong pixel, and ` +
      `about ${most} = ${share(breaks)} N with a few; beyond that it breaks down.`;
  } else if (most) {
    bounds = `Up to about ${most} = ${share(breaks)} N random patterns it works, with few errors.`;
  } else if (capacity) {
    bounds = `${who[0].toUpperCase()}${who.slice(1)} keeps about ${about} random patterns.`;
  }
  const few =
    `${p} patterns are more than the ${about} that come back exactly: expect a few wrong ` +
    `pixels. Up to about ${most} random patterns it stays a memory.`;
  const many =
    `Too much is stored: ${p} patterns, and ${rule ? "this rule" : "this model"} keeps about ` +
    `${most || about}. Expect wrong pixels, then states that nobody stored.`;
  const limit = capacity ?? most;
  return {
    load,
    keeps: bounds,
    overload: limit && p > limit ? (capacity && most && p <= most ? few : many) : "",
    rule: text,
  };
}

export interface Gauge {
  stored: number;
  end: number; // what the whole bar stands for
  marks: { at: number; text: string }[];
  level: "well" | "few" | "many"; // whether all come back, with a few errors, or no more
}

// The same as a bar, with the limits marked; null where theory knows none.
export function loadGauge(state: State, known: Known): Gauge | null {
  const { p: stored, n, capacity, breaks, rule } = limits(state, known);
  const exact = breaks ? "N/(2 ln N)" : `what the ${rule ? "rule" : "model"} keeps`;
  const marks = capacity ? [{ at: capacity, text: exact }] : [];
  if (breaks) marks.push({ at: breaks * n, text: `${breaks.toPrecision(3)} N` });
  if (!marks.length) return null;
  marks.sort((a, b) => a.at - b.at); // on small grids the second limit is the lower one
  const last = marks.at(-1)!.at;
  const level = stored <= marks[0].at ? "well" : stored <= last ? "few" : "many";
  return { stored, end: Math.max(1.45 * last, stored), marks, level };
}

// The two patterns that are most alike, if they are much so, in words.
export function alikeWords(patterns: readonly Pattern[], form: Form): string {
  let [first, second, m] = ["", "", 0];
  const few = patterns.slice(0, COMPARED);
  few.forEach((a, j) =>
    few.slice(0, j).forEach((b) => {
      const found = overlap(a.cells, b.cells, form);
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
