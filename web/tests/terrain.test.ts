import { beforeAll, describe, expect, test, vi } from "vitest";
import type { App } from "../src/lab/app";
import type { Cut } from "../src/lab/backend";
import { type Cells, type Form, INKED, overlap, TOP } from "../src/lab/cells";
import { placeOf } from "../src/lab/landscape";
import { Store } from "../src/lab/store";
import { Terrain } from "../src/lab/terrain";
import { told } from "../src/lab/select";
import { begun, frame, known, pattern, SIDE } from "./known";

const N = SIDE * SIDE;
const PATIENCE = 60_000; // milliseconds
const bytes = (x: ArrayLike<number>) => new Uint8Array(Float32Array.from(x).buffer);

beforeAll(() => {
  vi.stubGlobal("requestAnimationFrame", (then: (now: number) => void) => setTimeout(then, 0));
});

// What Python would say of the plane of two patterns, each height as dear as it is told.
function land(each: number, form: Form = INKED) {
  const store = new Store(known);
  store.dispatch({ type: "show", lab: { ...told(begun()), state: null } });
  const asked: [string, number][] = [];
  const cut = (first: number, second: number): Cut => {
    const [a, b] = [first, second].map((k) => store.now.patterns[k].cells);
    return {
      kind: "pair",
      words: "",
      centre: bytes(new Float32Array(N)),
      axes: bytes([...a, ...b]),
      low: [-1, -1],
      high: [1, 1],
      marks: bytes([1, 0, 0, 0, 1, 0]),
      edge: bytes([1, 0, 0, 1, -1, 0, 0, -1]),
    };
  };
  const driver = {
    learned: true,
    play: vi.fn(() => Promise.resolve()),
    ask: async (name: string, ...args: unknown[]) => {
      await Promise.resolve();
      if (name === "landscape") {
        asked.push([name, 0]);
        return cut(args[1] as number, args[2] as number);
      }
      const places = new Float32Array((args[0] as Uint8Array).slice().buffer);
      const count = places.length / 2;
      asked.push([name, count]);
      const values = Array.from({ length: count }, (_, k) => -(places[2 * k] ** 2));
      return { values: bytes(values), took: each * count };
    },
  };
  const put = (cells: Cells) => store.dispatch({ type: "cue", cells });
  const guarded = (action: unknown) => action;
  const terrain = new Terrain({ store, driver, put, guarded, form } as unknown as App);
  return { terrain, store, asked, driver };
}

const shown = (terrain: Terrain, side: number) =>
  vi.waitFor(() => expect(terrain.ground.value?.grid.columns).toBe(side), PATIENCE);

describe("the landscape", () => {
  test("is asked for coarsely, then finely, a part at a time", async () => {
    const { terrain, asked } = land(0.0002);
    terrain.learned();
    await shown(terrain, 49);
    expect(asked.filter(([name]) => name === "landscape")).toHaveLength(1);
    const parts = asked.filter(([name]) => name === "heights").map(([, count]) => count);
    expect(parts.reduce((a, b) => a + b)).toBe(13 ** 2 + 49 ** 2);
    expect(Math.max(...parts.slice(3))).toBeLessThanOrEqual(0.031 / 0.0002);
    const { grid } = terrain.ground.value!;
    expect(grid.heights[0]).toBeCloseTo(-1, 6);
    expect(grid.heights[24]).toBeCloseTo(0, 6);
  });

  test("of a memory whose energy is dear stays coarse, in small parts", async () => {
    const { terrain, asked } = land(0.01);
    terrain.learned();
    await shown(terrain, 13);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const parts = asked.filter(([name]) => name === "heights").map(([, count]) => count);
    expect(parts.reduce((a, b) => a + b)).toBe(13 ** 2);
    expect(parts.at(-2)).toBeLessThanOrEqual(4);
  });

  test("changes with the patterns, and not with the cue", async () => {
    const { terrain, store, asked } = land(0.0002);
    terrain.learned();
    await shown(terrain, 49);
    const before = asked.length;
    store.dispatch({ type: "cue", cells: store.now.patterns[0].cells.map((c) => -c) as Cells });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(asked).toHaveLength(before);
    store.dispatch({ type: "store", patterns: [pattern("c", 7)] });
    terrain.learned();
    const asks = () => asked.filter(([name]) => name === "landscape").length;
    await vi.waitFor(() => expect(asks()).toBe(2), PATIENCE);
  });

  test("goes on through the patterns that were chosen, whatever is forgotten", async () => {
    const { terrain, store } = land(0.0002);
    store.dispatch({ type: "store", patterns: [pattern("c", 7), pattern("d", 8)] });
    terrain.chosen.value = ["c", "d"];
    terrain.learned();
    await vi.waitFor(() => expect(terrain.ground.value?.of).toEqual(["c", "d"]), PATIENCE);
    store.dispatch({ type: "forget", k: 0 });
    terrain.learned();
    await vi.waitFor(() => expect(store.now.patterns).toHaveLength(3), PATIENCE);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(terrain.ground.value?.of).toEqual(["c", "d"]);
    store.dispatch({ type: "forget", k: 2 });
    terrain.learned();
    await vi.waitFor(() => expect(terrain.ground.value?.of[1]).not.toBe("d"), PATIENCE);
    expect(terrain.ground.value?.of[0]).toBe("c");
  });

  test("is drawn while a run plays, however many frames a second it has", async () => {
    const { terrain, store } = land(0.0002);
    store.dispatch({ type: "playing", on: true });
    terrain.learned();
    const { id } = store.now.run;
    let moves = 0;
    const playing = setInterval(() => {
      const { cells } = pattern("c", ++moves);
      store.dispatch({ type: "frame", frame: frame(cells, moves), run: id });
    }, 5);
    await shown(terrain, 49).finally(() => clearInterval(playing));
    expect(moves).toBeGreaterThan(1);
  });

  test("is where a run starts, at the place that was pointed at", async () => {
    const { terrain, store, driver } = land(0.0002);
    terrain.learned();
    await shown(terrain, 49);
    const { plane, of } = terrain.ground.value!;
    await terrain.start([0.5, 0.2], null);
    expect(driver.play).toHaveBeenCalledOnce();
    const [u, v] = placeOf(plane!, store.now.run.cells);
    expect(Math.hypot(u - 0.5, v - 0.2)).toBeLessThan(4 / N + 0.1); // patterns as small as these overlap
    const m = overlap(store.now.run.cells, store.now.patterns[0].cells);
    expect(store.now.said?.text).toContain("A run starts at a state with overlap");
    expect(store.now.said?.text).toContain(m.toFixed(2).replace("-", "−"));
    expect(of).toEqual(["a", "b"]);
    await terrain.start(
      [0, 0],
      terrain.ground.value!.marks.find(({ name }) => name === "b")!,
    );
    expect(store.now.run.cells).toEqual(store.now.patterns[1].cells);
    expect(store.now.said?.text).toBe("A run starts at “b”.");
  });

  test("of grey cells has runs that start between the patterns", async () => {
    const { terrain, store } = land(0.0002, { kind: "grey", q: 2 });
    terrain.learned();
    await shown(terrain, 49);
    await terrain.start([0.5, 0], null);
    const [first] = store.now.patterns;
    expect(store.now.run.cells).toEqual(first.cells.map((c) => Math.round((TOP * c) / 2)));
    const [u] = terrain.placeOf(store.now.run.cells)!;
    expect(u).toBeCloseTo(0.5, 2);
  });

  test("says in words what it shows", async () => {
    const { terrain, store } = land(0.0002);
    expect(terrain.describe(store.now)).toBe("Landscape: nothing yet");
    terrain.learned();
    await shown(terrain, 49);
    expect(terrain.describe(store.now)).toContain("from −1 at the deepest to 0");
    expect(terrain.describe(store.now)).toContain("Marked: a, inverse of a, b, inverse of b.");
    expect(terrain.describe(store.now)).toContain("overlap 1.00 with “a”");
  });
});
