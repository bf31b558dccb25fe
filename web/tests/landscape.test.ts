import { describe, expect, test } from "vitest";
import { flip, overlap, plain, random, same } from "../src/lab/cells";
import {
  contour,
  contourLevels,
  distanceOf,
  type Grid,
  gridPlaces,
  heightAt,
  nearest,
  type Place,
  placeOf,
  planeOf,
  refined,
  sheetPlace,
  sheetState,
  stateAt,
  toPixel,
  toPlace,
} from "../src/lab/landscape";

const SIDE = 20;
const N = SIDE * SIDE;
const a = random(SIDE, 1);

// A second pattern without overlap with the first: every second neuron that is seen is turned over.
const b = a.map((c, i) => (i % 2 ? c : -c)) as Int8Array;
const through = planeOf(new Float32Array(N), Float32Array.from([...a, ...b]));
const beside = planeOf(
  Float32Array.from(a, (c) => c / 2),
  Float32Array.from([...a, ...b]),
);

describe("a plane", () => {
  test("through two patterns has overlaps as places", () => {
    const s = flip(a, 0.25, 3);
    const [u, v] = placeOf(through, s);
    expect(u).toBeCloseTo(overlap(s, a), 9);
    expect(v).toBeCloseTo(overlap(s, b), 9);
    expect(placeOf(beside, s)[0]).toBeCloseTo(u - 0.5, 6);
  });

  test("tells how far a state lies from it", () => {
    expect(distanceOf(through, a)).toBeCloseTo(0, 6);
    const c = random(SIDE, 9);
    const [u, v] = placeOf(through, c);
    expect(distanceOf(through, c) ** 2 + u * u + v * v).toBeCloseTo(1, 6);
  });

  test.each<Place>([
    [0, 0],
    [0.5, 0.25],
    [-0.31, 0.17],
    [0.6, -0.4],
  ])("has a state at (%f, %f)", (...place) => {
    for (const seed of [1, 2]) {
      const s = stateAt(through, place, seed);
      expect(s.every((c) => c === 1 || c === -1)).toBe(true);
      const found = placeOf(through, s);
      expect(Math.hypot(found[0] - place[0], found[1] - place[1])).toBeLessThan(4 / N);
    }
    expect(same(stateAt(through, place, 1), stateAt(through, place, 1))).toBe(true);
  });

  test("has its patterns where they are, and beyond them too", () => {
    expect(same(stateAt(through, [1, 0], 5), a)).toBe(true);
    expect(same(stateAt(through, [0, -1], 5), b.map((c) => -c) as Int8Array)).toBe(true);
    expect(same(stateAt(through, [2, 0.2], 5), a)).toBe(true);
  });
});

describe("a sheet", () => {
  test.each([4, 9])("of %d neurons has each state once, neighbours one neuron apart", (n) => {
    const [columns, rows] = [2 ** (n - (n >> 1)), 2 ** (n >> 1)];
    for (let u = 0; u < columns; u++) {
      for (let v = 0; v < rows; v++) {
        const s = sheetState(n, [u, v]);
        expect(sheetPlace(s)).toEqual([u, v]);
        const beside = sheetState(n, [(u + 1) % columns, v]);
        expect(s.reduce((sum, c, i) => sum + Number(c !== beside[i]), 0)).toBe(1);
      }
    }
  });

  test("is that of the package", () => {
    expect(sheetPlace(Int8Array.of(1, -1, 1, 1, -1))).toEqual([4, 3]); // hf.landscape.cells: [3, 4]
    expect(sheetPlace(plain(3))).toEqual([0, 0]);
  });
});

const grid = (side: number, height: (u: number, v: number) => number): Grid => {
  const [low, high]: Place[] = [
    [-1, -1],
    [1, 1],
  ];
  const places = gridPlaces(side, low, high);
  const heights = Float32Array.from({ length: side * side }, (_, k) =>
    height(places[2 * k], places[2 * k + 1]),
  );
  return { columns: side, rows: side, low, high, heights };
};

describe("heights", () => {
  test("between places lie between theirs", () => {
    const slope = grid(5, (u, v) => 3 * u - v);
    expect(heightAt(slope, [0.3, -0.7])).toBeCloseTo(1.6, 5);
    expect(heightAt(slope, [9, 0])).toBeCloseTo(3, 5);
    expect(heightAt(slope, [1, 1])).toBeCloseTo(2, 5);
  });

  test("are refined without bends, through those that are there", () => {
    const bowl = grid(9, (u, v) => u * u + 2 * v * v);
    const fine = refined(bowl, 33);
    for (const place of [
      [0.25, 0.5],
      [-0.5, 0],
      [1, -1],
    ] as Place[]) {
      expect(heightAt(fine, place)).toBeCloseTo(heightAt(bowl, place), 5);
    }
    expect(heightAt(fine, [0.125, 0.375])).toBeCloseTo(0.125 ** 2 + 2 * 0.375 ** 2, 2);
  });
});

describe("contours", () => {
  test("stand at round levels within the heights", () => {
    const levels = contourLevels(Float32Array.of(-1250, 0, -3), 10);
    expect(levels.length).toBeGreaterThan(5);
    expect(levels.length).toBeLessThan(14);
    for (const e of levels) expect(e > -1250 && e < 0 && e % 50 === 0).toBe(true);
    expect(contourLevels(Float32Array.of(2, 2), 10)).toEqual([]);
  });

  test("of a bowl are its circle, closed", () => {
    const side = 41;
    const pieces = contour(
      grid(side, (u, v) => u * u + v * v),
      0.25,
    );
    const seen = new Map<string, number>();
    for (let k = 0; k < pieces.length; k += 2) {
      const [x, y] = [pieces[k], pieces[k + 1]];
      const r = Math.hypot(x - 20, y - 20) / 20;
      expect(r).toBeCloseTo(0.5, 2);
      const key = `${x.toFixed(4)} ${y.toFixed(4)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect([...seen.values()].every((times) => times % 2 === 0)).toBe(true);
  });

  test("of a saddle do not cross", () => {
    const four = (heights: number[]): Grid => ({
      columns: 2,
      rows: 2,
      low: [0, 0],
      high: [1, 1],
      heights: Float32Array.from(heights), // below left, below right, above left, above right
    });
    const joined = contour(four([3, 0, 0, 3]), 1); // the middle is high: the low corners are cut off
    expect(joined.slice(0, 4).map((x) => Number(x.toFixed(3)))).toEqual([0.667, 0, 1, 0.333]);
    const parted = contour(four([3, 0, 0, 3]), 2);
    expect(parted.slice(0, 4).map((x) => Number(x.toFixed(3)))).toEqual([0.333, 0, 0, 0.333]);
  });
});

test("places and pixels are each other's inverse, up is up", () => {
  const frame = { low: [-2, -1] as Place, high: [2, 1] as Place, width: 400, height: 200 };
  expect(toPixel(frame, [-2, -1])).toEqual([0, 200]);
  expect(toPixel(frame, [0, 1])).toEqual([200, 0]);
  const [u, v] = toPlace(frame, toPixel(frame, [0.7, -0.2]));
  expect(u).toBeCloseTo(0.7, 9);
  expect(v).toBeCloseTo(-0.2, 9);
  expect(toPlace(frame, [-50, 900])).toEqual([-2, -1]);
});

test("a mark is hit within a reach, the nearest of two", () => {
  const marks: Place[] = [
    [10, 10],
    [18, 10],
  ];
  expect(nearest(marks, [12, 10], 12)).toBe(0);
  expect(nearest(marks, [15, 10], 12)).toBe(1);
  expect(nearest(marks, [40, 10], 12)).toBe(-1);
});
