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

const keepsOf = (known: Known, settings: Settings) => {
  const { by, keeps } = modelOf(known, settings);
  return keeps[by.map((name) => settings[name]).join()];
};

// The side of the largest grid that a model is offered for.
export const largestSide = (known: Known, settings: Settings): number =>
  keepsOf(known, settings)?.side ?? modelOf(known, settings).side;

// Whether a slider makes a difference.
export function counts(known: Known, settings: Settings, name: keyof Settings): boolean {
  const after = known.sliders[name]?.after;
  return !after || Number(settings[after]) > known.sliders[after].low;
}

// Settings that go together, on a grid of this side.
export function fitted(known: Known, settings: Settings, side: number): Settings {
  const fits = largestSide(known, settings) >= side;
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
  text: string; // what it does, in words
  beyond: string;
}

const UNKNOWN_KEEPS: Keeps = { capacity: [], breaks: null, heat: [] };

// What the chosen model keeps, by its rule if it has one.
export function keptBy(known: Known, settings: Settings): Kept {
  const model = modelOf(known, settings);
  const rule = known.rules.find(({ name }) => name === settings.rule) ?? null;
  if (model.uses.includes("rule")) {
    const text = [model.about, rule?.about.replace(CITED, "")].filter(Boolean).join(" ");
    const { beyond } = rule ?? model;
    return { ...(rule ?? UNKNOWN_KEEPS), rule, who: `the rule “${settings.rule}”`, text, beyond };
  }
  const { about: text, beyond } = model;
  const kept = keepsOf(known, settings) ?? UNKNOWN_KEEPS;
  return { ...kept, rule: null, who: "this model", text, beyond };
}

// The temperature that neurons stay at; a gain acts much like one.
function temperatureOf(known: Known, { neuron, T, gain }: Settings): number {
  const uses = known.uses[neuron] ?? [];
  if (uses.includes("gain")) return 1 / gain;
  return uses.includes("T") && !uses.includes("cooling") ? T : 0;
}

// How many random patterns are kept: without an error, and with few. At a temperature only the second
// is known, and that not of each model.
function limits({ patterns, side, settings }: State, known: Known) {
  const kept = keptBy(known, settings);
  const n = side ** 2;
  const T = temperatureOf(known, settings);
  const hot = T > 0 && kept.heat.length > 0;
  const exact = hot ? null : (kept.capacity[side - known.sides[0]] ?? null);
  const load = hot ? between(kept.heat, T / known.heat) : kept.breaks;
  const most = load === null ? null : load * n;
  // Theory is of large grids: on small ones its second limit may lie below the first.
  const single = exact !== null && most !== null && most <= exact;
  return { ...kept, p: patterns.length, n, T, hot, exact, load, most: single ? null : most };
}

function between(values: readonly number[], at: number): number {
  const k = Math.floor(at);
  const [low, high] = [values[k] ?? 0, values[k + 1] ?? 0];
  return low + (at - k) * (high - low);
}

const MCELIECE = " = N/(2 ln N)"; // of the rule of which both limits are known

const share = (load: number): string => number(Number(load.toPrecision(3)));

const atLeastOne = (count: number): number => Math.max(1, Math.round(count));

function patternsOf(count: number): string {
  if (count >= 1e6) return "more than a million random patterns";
  const about = atLeastOne(count);
  return `about ${about} random pattern${about === 1 ? "" : "s"}`;
}

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);

// How much is stored, beside what is kept.
export function loadWords(state: State, known: Known): Load {
  const found = limits(state, known);
  const { p, n, text } = found;
  const load = `Load α = P/N = ${p} / ${n} = ${share(p / n)}.`;
  return {
    load,
    keeps: keepsWords(found, state.settings, known),
    overload: tooMuch(found, state, known),
    rule: text,
  };
}

type Limits = ReturnType<typeof limits>;

function keepsWords(found: Limits, settings: Settings, known: Known): string {
  const { rule, who, exact, load, most, T, hot } = found;
  const formula = rule && load !== null ? MCELIECE : "";
  const few = most === null ? "" : `${patternsOf(most)} = ${share(load!)} N`;
  if (hot) {
    const gain = known.uses[settings.neuron].includes("gain");
    const where = gain ? `At a gain of ${number(settings.gain)}` : `At T = ${number(T)}`;
    if (!most) return `${where} ${who} keeps nothing.`;
    return `${where} ${who} keeps ${few}, with a few wrong pixels; beyond that it breaks down.`;
  }
  const cold = T > 0 ? " A temperature lowers that." : "";
  if (exact !== null && most !== null) {
    return (
      `${capital(who)} keeps ${patternsOf(exact)}${formula} without a wrong pixel, and ` +
      `${few} with a few; beyond that it breaks down.${cold}`
    );
  }
  if (most !== null) {
    return `${capital(who)} keeps ${few}, with few wrong pixels; beyond that it breaks down.${cold}`;
  }
  if (exact === null) return `No formula says how many patterns ${who} keeps.`;
  return `${capital(who)} keeps ${patternsOf(exact)}${formula}.${cold}`;
}

// A warning, "" where nothing is too much.
function tooMuch(found: Limits, { settings }: State, known: Known): string {
  const { p, who, exact, most, hot, beyond } = found;
  const { least } = modelOf(known, settings);
  if (p > 0 && p < least) return `This model needs ${least} patterns or more: store another one.`;
  const above = (limit: number | null) => limit !== null && p > atLeastOne(limit);
  if (hot && p > 0 && !most) {
    return "Nothing can be remembered at so high a temperature, or so low a gain.";
  }
  if (above(exact) && most !== null && !above(most)) {
    return (
      `${p} patterns are more than the ${Math.round(exact!)} that come back exactly: expect a few ` +
      `wrong pixels. Up to about ${Math.round(most)} random patterns it stays a memory.`
    );
  }
  if (!above(most ?? exact)) return "";
  const stored = `${p} pattern${p === 1 ? "" : "s"}`;
  const kept = patternsOf((most ?? exact)!).replace(/ random patterns?$/, "");
  return `Too much is stored: ${stored}, and ${who} keeps ${kept}. ${beyond}`;
}

export interface Gauge {
  stored: number;
  end: number; // what the whole bar stands for
  marks: { at: number; text: string }[];
  level: "well" | "few" | "many"; // whether all come back, with a few errors, or no more
}

// The same as a bar, with the limits marked; null where theory knows none.
export function loadGauge(state: State, known: Known): Gauge | null {
  const { p: stored, exact, load, most, rule } = limits(state, known);
  const text =
    rule && load !== null ? MCELIECE.slice(3) : `what the ${rule ? "rule" : "model"} keeps`;
  const marks = exact ? [{ at: exact, text }] : [];
  if (most) marks.push({ at: most, text: `${load!.toPrecision(3)} N` });
  if (!marks.length) return null;
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
    `overlap ${m.toFixed(2).replace("-", "−")}. The network may mix them up.`
  );
}

// The patterns whose overlaps have colours: those that were largest at the start or are now.
export function followed(first: number[], last: number[], most: number): number[] {
  const size = (k: number) => Math.max(Math.abs(first[k]), Math.abs(last[k]));
  const ranked = last.map((_, k) => k).sort((a, b) => size(b) - size(a));
  return ranked.slice(0, most).sort((a, b) => a - b);
}
