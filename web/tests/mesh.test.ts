import { describe, expect, test } from "vitest";
import type { Ground } from "../src/lab/ground";
import { type Place, planeOf } from "../src/lab/landscape";
import { meshOf, rays, within } from "../src/lab/mesh";
import { tone } from "../src/lab/relief";
import type { Theme } from "../src/lab/theme";

const DIAMOND: Place[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

const theme = {
  axis: "#808080",
  card: "#ffffff",
  depth: [0, 60, 120, 180, 240].map((c) => [c, c, c]),
  basins: Array.from({ length: 7 }, (_, k) => [10 * k, 0, 0]),
} as unknown as Theme;

const bowl: Ground = {
  kind: "pair",
  of: ["a", "b"],
  plane: planeOf(new Float32Array(4), new Float32Array(8)),
  grid: {
    columns: 5,
    rows: 5,
    low: [-1.2, -1.2],
    high: [1.2, 1.2],
    heights: Float32Array.from({ length: 25 }, (_, k) => ((k % 5) - 2) ** 2 - 7),
  },
  which: null,
  marks: [],
  edge: DIAMOND,
  ends: [],
  many: 0,
};

test("the edge of the states has an inside and an outside", () => {
  expect(within([0, 0], DIAMOND)).toBeCloseTo(Math.SQRT1_2, 9);
  expect(within([0.5, 0.5], DIAMOND)).toBeCloseTo(0, 9);
  expect(within([1, 1], DIAMOND)).toBeCloseTo(-Math.SQRT1_2, 9);
});

describe("the surface", () => {
  const { grid, vertices, colours, indices } = meshOf(bowl, theme, 0.7, 2);
  const count = vertices.length / 8;

  test("has each place within its square, and triangles between them alone", () => {
    expect(colours.length).toBe(4 * count);
    expect(indices.length % 3).toBe(0);
    expect(Math.max(...indices.slice(0, 100), indices.at(-1)!)).toBeLessThan(count);
    for (let k = 0; k < count; k++) {
      expect(Math.abs(vertices[8 * k])).toBeLessThanOrEqual(1);
      expect(Math.abs(vertices[8 * k + 1])).toBeLessThanOrEqual(1);
      expect(Number.isFinite(vertices[8 * k + 2])).toBe(true);
    }
  });

  test("is as high as the energies where states are, and nothing beyond", () => {
    const middle = Math.floor(grid.heights.length / 2) + grid.columns / 2;
    expect(grid.heights[middle]).toBeLessThan(0.01);
    expect(grid.heights[0]).toBe(0); // a corner, beyond the edge
    expect(Math.max(...grid.heights)).toBeLessThanOrEqual(0.7 + 1e-6);
  });

  test("of a sheet has its cells' steps and colours", () => {
    const which = Int32Array.of(0, 1, -1, 1);
    const heights = Float32Array.of(0, 1, 2, 3);
    const sheet: Ground = {
      ...bowl,
      plane: null,
      edge: [],
      which,
      grid: { columns: 2, rows: 2, low: [0, 0], high: [1, 1], heights },
    };
    const { grid: fine, colours: seen } = meshOf(sheet, theme, 1, 0);
    expect(new Set(fine.heights.map((h) => Math.round(3 * h)))).toEqual(new Set([0, 1, 2, 3]));
    expect([fine.low, fine.high]).toEqual([
      [-0.5, -0.5],
      [1.5, 1.5],
    ]);
    expect(seen[0]).toBe(0); // the deepest cell has its basin's own colour
  });
});

test("a camera looks at the middle, its directions are at right angles", () => {
  const { eye, right, up, forward } = rays(0.7, 0.8, 4, 0.3);
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, k) => sum + x * b[k], 0);
  for (const [a, b] of [
    [right, up],
    [right, forward],
    [up, forward],
  ]) {
    expect(dot(a, b)).toBeCloseTo(0, 9);
  }
  eye.forEach((x, k) => expect(x + 4 * forward[k]).toBeCloseTo([0, 0, 0.3][k], 9));
  expect(up[2]).toBeGreaterThan(0);
});

test("colours follow the height", () => {
  expect(tone(theme.depth, 0)).toEqual([0, 0, 0]);
  expect(tone(theme.depth, 0.5)).toEqual([120, 120, 120]);
  expect(tone(theme.depth, 9)).toEqual([240, 240, 240]);
});
