import { describe, expect, test } from "vitest";
import { packBits, packState, plain, random } from "../src/lab/cells";
import { type Event, initial, reduce } from "../src/lab/reducer";
import { moves, now, shown, told } from "../src/lab/select";
import type { State } from "../src/lab/types";
import { begun, frame, known, paper, pattern, SIDE } from "./known";

const after = (state: State, ...events: Event[]): State =>
  events.reduce((s, event, k) => reduce(s, event, known, 10_000 * k), state);

const run = (state: State, count: number): State =>
  after(
    state,
    ...Array.from({ length: count }, (_, k): Event => {
      return { type: "frame", frame: frame(random(SIDE, k), k), run: state.run.id };
    }),
  );

describe("a change by hand", () => {
  test("is taken back and done again, whatever it was", () => {
    const first = begun();
    const changes: Event[] = [
      { type: "cue", cells: paper },
      { type: "edit", cells: random(SIDE, 9) },
      { type: "store", patterns: [pattern("c", 3)] },
      { type: "forget", k: 0 },
      { type: "forget all" },
      { type: "side", side: 12 },
      { type: "setting", name: "order", value: "Sync" },
      { type: "seed", seed: 5 },
      { type: "pins", pins: plain(12, 1) },
      { type: "setting", name: "model", value: "attention" },
      { type: "setting", name: "model", value: "potts" },
      { type: "setting", name: "q", value: 3 },
    ];
    for (const change of changes) {
      const changed = after(first, change);
      expect(told(changed)).not.toEqual(told(first));
      const back = after(changed, { type: "undo" });
      expect(told(back)).toEqual(told(first));
      expect(told(after(back, { type: "redo" }))).toEqual(told(changed));
    }
    const all = after(first, ...changes);
    expect(told(after(all, ...changes.map((): Event => ({ type: "undo" }))))).toEqual(told(first));
  });

  test("brings the run back with its time", () => {
    const ran = run(begun(), 8);
    const back = after(ran, { type: "cue", cells: paper }, { type: "undo" });
    expect(shown(back)).toEqual(shown(ran));
    expect(moves(back)).toBe(7);
    expect(back.run.history).toEqual([]);
  });

  test("that goes on is one, within a moment", () => {
    const stroke = (k: number): Event => ({ type: "edit", cells: random(SIDE, k), what: "stroke" });
    let state = begun();
    for (let k = 0; k < 5; k++) state = reduce(state, stroke(k), known, 100 * k);
    expect(state.past).toHaveLength(1);
    expect(reduce(state, stroke(7), known, 9000).past).toHaveLength(2);
  });

  test("forgets what was taken back, and no more than fifty are kept", () => {
    const back = after(begun(), { type: "cue", cells: paper }, { type: "undo" });
    expect(back.future).toHaveLength(1);
    expect(after(back, { type: "seed", seed: 1 }).future).toEqual([]);
    const seeds = Array.from({ length: 70 }, (_, k): Event => ({ type: "seed", seed: k }));
    expect(after(begun(), ...seeds).past).toHaveLength(50);
  });

  test("with nothing to take back says so", () => {
    expect(after(begun(), { type: "undo" }).said?.text).toBe("There is nothing to undo.");
    expect(after(begun(), { type: "redo" }).said?.text).toBe("Nothing was taken back.");
  });
});

describe("an edit", () => {
  test("before a run is another cue", () => {
    const cells = random(SIDE, 9);
    const state = after(begun(), { type: "edit", cells });
    expect(state.cue).toEqual(cells);
    expect(state.run.painted.size).toBe(0);
    expect(state.title).toBe("");
  });

  test("in a run sets its neurons, which Python is told of", () => {
    const ran = run(begun(), 3);
    const cells = shown(ran).slice();
    cells[4] = -cells[4];
    const state = after(ran, { type: "edit", cells });
    expect([...state.run.painted]).toEqual([[4, cells[4]]]);
    expect(state.cue).toEqual(ran.cue);
    const late = after(state, { type: "frame", frame: frame(paper, 9), run: state.run.id });
    expect(shown(late)[4]).toBe(cells[4]); // what is painted is not undone by an older frame
    expect(after(state, { type: "painted", run: state.run.id }).run.painted.size).toBe(0);
  });

  test("of an earlier frame begins a run there", () => {
    const ran = after(run(begun(), 3), { type: "view", view: { frame: 1 } });
    const cells = shown(ran).slice();
    cells[0] = 0;
    const state = after(ran, { type: "edit", cells });
    expect(state.run.id).not.toBe(ran.run.id);
    expect([state.view, state.cue]).toEqual([null, cells]);
  });
});

describe("what Python sends", () => {
  test("of a run that was left is not taken", () => {
    const state = begun();
    const late: Event = { type: "frame", frame: frame(paper, 3), run: state.run.id - 1 };
    expect(after(state, late)).toBe(state);
  });

  test("becomes at most 400 frames, of which the last one stays", () => {
    const state = run(begun(), 1500);
    expect(state.run.history.length).toBeLessThanOrEqual(401);
    expect(state.run.history[0].moves).toBe(0);
    expect(now(state).moves).toBe(1499);
    const times = state.run.history.map((one) => one.moves);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  test("of the same state twice is one frame", () => {
    const state = begun();
    const twice: Event = { type: "frame", frame: frame(paper, 0), run: state.run.id };
    expect(after(state, twice, twice).run.history).toHaveLength(1);
  });

  test("says how many are about to flip", () => {
    const unstable = plain(SIDE);
    unstable[0] = unstable[7] = 1;
    const sent = frame(paper, 1, { unstable: packBits(unstable, 1) });
    const state = begun();
    const words = after(state, { type: "frame", frame: sent, run: state.run.id }).words;
    expect(words).toBe("after 1 2 neurons are about to flip.");
  });
});

describe("other patterns", () => {
  test("take the old overlaps from the history", () => {
    const state = after(run(begun(), 3), { type: "store", patterns: [pattern("c", 3)] });
    expect(state.run.history.every(({ overlaps }) => overlaps === undefined)).toBe(true);
  });

  test("that are none end what plays, and what is looked at", () => {
    const playing = after(begun(), { type: "playing", on: true });
    const looking = after(playing, { type: "view", view: { pattern: 1 } });
    expect(after(looking, { type: "forget", k: 0 })).toMatchObject({ playing: true, view: null });
    expect(after(looking, { type: "forget all" })).toMatchObject({ playing: false, view: null });
  });
});

describe("another grid", () => {
  test("redraws what is known by name and stretches the rest", () => {
    const dot = { name: "dot", source: { picture: "dot" }, cells: paper };
    const state = after(begun(), { type: "store", patterns: [dot] }, { type: "side", side: 10 });
    expect(state.patterns.map(({ cells }) => cells.length)).toEqual([100, 100, 100]);
    expect(state.patterns[2].cells.filter((c) => c === 1)).toHaveLength(4);
    expect(state.cue).toHaveLength(100);
  });

  test("that is too large for the rule takes the first that fits", () => {
    const chosen = after(begun(), { type: "setting", name: "rule", value: "pseudoinverse" });
    expect(after(chosen, { type: "side", side: 50 }).settings.rule).toBe("pseudoinverse");
    expect(after(chosen, { type: "side", side: 51 }).settings.rule).toBe("hebb");
  });
});

describe("another model", () => {
  const set = (name: "model" | "neuron" | "order" | "q", value: string | number): Event => ({
    type: "setting",
    name,
    value,
  });

  test("brings its neurons, order and cells, and the pictures stay what they are", () => {
    const state = after(begun(), set("model", "attention"));
    expect(state.settings).toMatchObject({ neuron: "Linear", order: "Sync" });
    expect(state.patterns[0].cells).toEqual(begun().patterns[0].cells.map((c) => 127 * c));
    expect(state.run.id).not.toBe(begun().run.id);
    const back = after(state, set("model", "pairs"));
    expect(back.settings).toMatchObject({ neuron: "Sign", order: "Shuffled" });
    expect(back.patterns).toEqual(begun().patterns);
  });

  test("of the same cells goes on with the run, and keeps the neuron that it knows", () => {
    const hot = after(run(begun(), 3), set("neuron", "HeatBath"));
    const state = after(hot, set("model", "dense"));
    expect(state.run).toBe(hot.run);
    expect(state.settings.neuron).toBe("HeatBath");
  });

  test("that needs a smaller grid gets one, and a larger grid another model", () => {
    const large = after(begun(), { type: "side", side: 12 });
    const state = after(large, set("model", "potts"));
    expect(state.side).toBe(8);
    expect(state.cue.length).toBe(64);
    expect(after(state, { type: "side", side: 12 }).settings.model).toBe("pairs");
  });

  test("of fewer colours shows no others", () => {
    const seeded = { ...pattern("c", 3), source: null, cells: plain(SIDE, 4) };
    const state = after(begun(), set("model", "potts"), { type: "store", patterns: [seeded] });
    const fewer = after(state, set("q", 3));
    expect(Math.max(...fewer.patterns.flatMap(({ cells }) => [...cells]))).toBeLessThanOrEqual(3);
  });

  test("a frame of grey levels is taken as they are", () => {
    const state = after(begun(), set("model", "attention"));
    const cells = plain(SIDE, 77);
    const sent = frame(cells, 1, { kind: "grey", bits: packState(cells, "grey") });
    const later = after(state, { type: "frame", frame: sent, run: state.run.id });
    expect(later.run.cells).toEqual(cells);
    expect(shown(after(later, { type: "view", view: { frame: 0 } }))).toEqual(cells);
  });
});

test("where Python is gone, the next run begins at what is shown and its time goes on", () => {
  const ran = run(begun(), 4);
  const state = after(ran, { type: "anew" });
  expect(shown(state)).toEqual(shown(ran));
  expect(now(state)).toEqual(now(ran));
  expect(state.run.id).not.toBe(ran.run.id);
});

test("the lab begins with the settings that the package says, whatever its tables begin with", () => {
  const turned = { ...known, rules: known.rules.toReversed() };
  expect(initial(turned).settings).toEqual(known.settings);
});

test("no event changes the state that it is given", () => {
  const state = run(begun(), 3);
  const before = JSON.stringify(told(state));
  after(state, { type: "side", side: 9 }, { type: "forget", k: 0 }, { type: "edit", cells: paper });
  expect(JSON.stringify(told(state))).toBe(before);
});

test("what was measured with other patterns is forgotten with them", () => {
  const state = begun();
  const seen = frame(state.cue, 3, { attention: [0.9, 0.1] });
  const ran = after(state, { type: "frame", frame: seen, run: state.run.id });
  const left = after(ran, { type: "forget", k: 0 }).run.history.at(-1)!;
  expect([left.attention, left.overlaps]).toEqual([undefined, undefined]);
});
