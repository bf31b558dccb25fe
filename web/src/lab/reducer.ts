// The one place where the lab's state changes: state x event -> state, nothing else.

import {
  type Cells,
  convert,
  count,
  INK,
  paperOf,
  plain,
  resample,
  same,
  unpackInk,
} from "./cells";
import { cellsOf } from "./link";
import { noted, passed, wasRead } from "./notes";
import {
  fitted,
  formOf,
  frameCells,
  largestSide,
  modelOf,
  moves,
  now,
  shown,
  told,
} from "./select";
import type { Frame, Known, Pattern, Settings, Source, State, Told, View } from "./types";

const KEPT = 400; // frames of the history; then every second one is dropped
const UNDOS = 50;
const GOES_ON = 1500; // milliseconds within which what is called the same is one change

export type Event =
  | { type: "show"; lab: Told } // all of it, as a link or the last visit has it
  | { type: "opened" } // nothing before this can be taken back
  | { type: "remember"; what?: string }
  | { type: "cue"; cells: Cells; title?: string; source?: Source | null; what?: string }
  | { type: "edit"; cells: Cells; what?: string }
  | { type: "store"; patterns: readonly Pattern[] }
  | { type: "forget"; k: number }
  | { type: "forget all" }
  | { type: "side"; side: number }
  | { type: "setting"; name: keyof Settings; value: string | number }
  | { type: "seed"; seed: number }
  | { type: "pins"; pins: Cells; what?: string }
  | { type: "frame"; frame: Frame; run: number }
  | { type: "anew" } // Python is gone: what comes begins at what the canvas shows
  | { type: "painted"; run: number } // Python was told of what is set by hand
  | { type: "view"; view: View }
  | { type: "playing"; on: boolean }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "words"; text: string }
  | { type: "say"; text: string }
  | { type: "unsay"; text: string } // it holds no more
  | { type: "tell"; text: string }
  | { type: "announce"; text: string } // to those who only hear the page
  | { type: "read"; at: number }; // there was time to read what was said then

export function initial(known: Known): State {
  const side = 50;
  const { settings } = known;
  const cells = plain(side, paperOf(formOf(known, settings)));
  const made = { side, patterns: [], cue: cells, title: "", source: null, seed: 2026 };
  return {
    ...made,
    settings,
    pins: plain(side, 0),
    run: begun(0, cells),
    view: null,
    playing: false,
    past: [],
    future: [],
    last: { what: "", at: 0 },
    words: "",
    notice: null,
    said: null,
    aloud: { text: "" },
  };
}

const NOTHING = { moves: 0, sweeps: 0 };

const begun = (id: number, cells: Cells, before = NOTHING): State["run"] => ({
  id,
  cells,
  before,
  history: [],
  stride: 1,
  frames: 0,
  passing: false,
  unstable: null,
  painted: new Map(),
});

export function reduce(state: State, event: Event, known: Known, at = 0): State {
  switch (event.type) {
    case "show":
      return show(state, event.lab);
    case "opened":
      return { ...state, past: [], future: [] };
    case "remember":
      return remember(state, at, event.what);
    case "cue": {
      const { cells, title = "", source = null, what } = event;
      const other = moves(state) > 0 || !same(cells, state.cue);
      const kept = other ? remember(state, at, what) : state;
      return putCue({ ...kept, cue: cells.slice(), title, source });
    }
    case "edit":
      return edit(state, event.cells, at, event.what);
    case "store":
      return patternsChanged(remember(state, at), [...state.patterns, ...event.patterns]);
    case "forget":
      return patternsChanged(remember(state, at), state.patterns.toSpliced(event.k, 1));
    case "forget all":
      return patternsChanged(remember(state, at), []);
    case "side":
      if (event.side === state.side) return state;
      return change(remember(state, at), state.settings, event.side, known);
    case "setting":
      if (state.settings[event.name] === event.value) return state;
      return set(remember(state, at, event.name), event.name, event.value, known);
    case "pins":
      if (same(event.pins, state.pins)) return state;
      return { ...remember(state, at, event.what), pins: event.pins };
    case "seed":
      return putCue({ ...remember(state, at), seed: event.seed });
    case "frame":
      return event.run === state.run.id ? accept(state, event.frame) : state;
    case "anew":
      return { ...state, view: null, run: begun(state.run.id + 1, state.run.cells, now(state)) };
    case "painted":
      if (event.run !== state.run.id) return state;
      return { ...state, run: { ...state.run, painted: new Map() } };
    case "view":
      return { ...state, view: event.view };
    case "playing":
      return { ...state, playing: event.on };
    case "undo":
      return takeBack(state, false, at);
    case "redo":
      return takeBack(state, true, at);
    case "words":
      return { ...state, words: event.text, notice: null };
    case "say":
      return { ...state, said: noted(event.text, at) };
    case "unsay":
      return state.said?.text === event.text ? { ...state, said: null } : state;
    case "tell":
      return { ...announced(state, event.text), notice: noted(event.text, at) };
    case "announce":
      return announced(state, event.text);
    case "read":
      return {
        ...state,
        said: wasRead(state.said, event.at),
        notice: wasRead(state.notice, event.at),
      };
  }
}

const announced = (state: State, text: string): State => ({
  ...state,
  aloud: { text },
  said: passed(state.said),
});

// Keep what is there, before a change by hand. What goes on, as a stroke does, is one change.
function remember(state: State, at: number, what = ""): State {
  const goesOn = what !== "" && what === state.last.what && at - state.last.at < GOES_ON;
  const next = { ...state, last: { what, at }, said: passed(state.said) };
  if (goesOn) return next;
  return { ...next, past: [...state.past, told(state)].slice(-UNDOS), future: [] };
}

function takeBack(state: State, again: boolean, at: number): State {
  const [from, to] = again ? ([state.future, state.past] as const) : [state.past, state.future];
  const lab = from.at(-1);
  if (!lab) {
    const none = again ? "Nothing was taken back." : "There is nothing to undo.";
    return { ...state, said: noted(none, at) };
  }
  const [left, more] = [from.slice(0, -1), [...to, told(state)]];
  const [past, future] = again ? [more, left] : [left, more];
  const said = noted(again ? "Done again." : "The last change is undone.", at);
  return { ...show(state, lab), past, future, said, last: { what: "", at: 0 } };
}

function show(state: State, lab: Told): State {
  const { state: cells, moves: made, sweeps, ...rest } = lab;
  const cued = putCue({ ...state, ...rest, playing: false });
  if (!cells) return cued;
  return { ...cued, run: begun(cued.run.id, cells, { moves: made, sweeps }) };
}

// Begin anew at the cue.
function putCue(state: State): State {
  return {
    ...state,
    run: begun(state.run.id + 1, state.cue),
    view: null,
    words: first(state.patterns),
    notice: null,
    said: passed(state.said),
  };
}

// What to do before a run.
const first = (patterns: readonly Pattern[]) =>
  patterns.length ? "Press Play." : "Store what you drew, then press Play.";

// Change what is shown: the cue before a run, the run's neurons in it.
function edit(state: State, cells: Cells, at: number, what?: string): State {
  const was = shown(state);
  if (same(was, cells)) return state;
  const kept = remember(state, at, what);
  const free = { ...kept, title: "", source: null };
  if (state.view || !moves(state)) return putCue({ ...free, cue: cells });
  const painted = new Map(state.run.painted);
  cells.forEach((c, i) => c !== was[i] && painted.set(i, c));
  return { ...free, run: { ...state.run, cells, painted, unstable: null } };
}

function patternsChanged(state: State, patterns: readonly Pattern[]): State {
  const measured = { overlaps: undefined, attention: undefined }; // with other patterns
  const history = state.run.history.map((frame) => ({ ...frame, ...measured }));
  const says = moves(state) > 0 && patterns.length > 0; // Python will say more of the run
  return {
    ...state,
    patterns,
    words: says ? state.words : first(patterns),
    notice: null,
    run: { ...state.run, history },
    playing: state.playing && patterns.length > 0,
    view: state.view && "pattern" in state.view ? null : state.view,
  };
}

// A model that needs a smaller grid gets one; where another kind of neuron or order is its first, it is taken.
function set(state: State, name: keyof Settings, value: string | number, known: Known): State {
  const settings = { ...state.settings, [name]: value };
  const [was, is] = [modelOf(known, state.settings), modelOf(known, settings)];
  if (was.neurons[0] !== is.neurons[0]) settings.neuron = is.neurons[0];
  if (was.orders[0] !== is.orders[0]) settings.order = is.orders[0];
  return change(state, settings, Math.min(state.side, largestSide(known, settings)), known);
}

// Other settings or another grid: what does not go together is made to, and all pictures follow.
function change(state: State, wanted: Settings, side: number, known: Known): State {
  const settings = fitted(known, wanted, side);
  const [from, to] = [formOf(known, state.settings), formOf(known, settings)];
  const alike = from.kind === to.kind && (to.kind !== "colour" || from.q === to.q);
  if (side === state.side && alike) return { ...state, settings };
  const fit = (source: Source | null, cells: Cells) =>
    source
      ? cellsOf(source, side, known.pictures, to)
      : resample(convert(cells, from, to), state.side, side);
  const patterns = state.patterns.map((p) => ({ ...p, cells: fit(p.source, p.cells) }));
  const cue = fit(state.source, state.cue);
  const pins = resample(state.pins, state.side, side);
  return putCue({ ...state, side, settings, patterns, cue, pins });
}

// Take what Python sent into the run's history.
function accept(state: State, frame: Frame): State {
  const { run, side } = state;
  const cells = frameCells(frame, side);
  for (const [site, value] of run.painted) cells[site] = value;
  const unstable = frame.unstable ? unpackInk(frame.unstable, side * side) : null;
  const last = run.history.at(-1);
  const again = last !== undefined && last.moves === frame.moves && same(last.bits, frame.bits);
  const replaces = again || run.passing;
  let history = [...(replaces ? run.history.slice(0, -1) : run.history), frame];
  let { stride, frames, passing } = run;
  if (!again) passing = frames++ % stride > 0;
  if (history.length > KEPT) {
    history = history.filter((_, k) => k % 2 === 0 || k === history.length - 1);
    stride *= 2;
  }
  const words = frame.words + (unstable ? flipping(unstable) : "");
  const notice = words === state.words ? state.notice : passed(state.notice);
  const next = { ...run, cells, unstable, history, stride, frames, passing };
  return { ...state, run: next, words, notice };
}

function flipping(unstable: Cells): string {
  const found = count(unstable, INK);
  return ` ${found} ${found === 1 ? "neuron is" : "neurons are"} about to flip.`;
}
