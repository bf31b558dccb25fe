// The landscape as triangles, and a camera that goes round it.

import type { Ground } from "./ground";
import { extent, type Grid, type Place, refined } from "./landscape";
import { colours as coloursOf, FINE, rgbOf } from "./relief";
import type { Theme } from "./theme";

export type Vector = [number, number, number];

const DEEP = -0.08; // where the sides end, below the lowest place
const SHADE = 0.75; // of the sides
export const RIM = 0.12; // how far the wall goes beyond the edge of the states
const [RISE, SOFT] = [3, 0.02]; // its slope, and where it begins

export interface Mesh {
  grid: Grid; // the heights as they are drawn, 0 beyond the edge
  vertices: Float32Array<ArrayBuffer>; // place, normal, contours passed, within: 8 numbers each
  colours: Uint8Array<ArrayBuffer>; // red, green, blue, and 255 on the ground, 0 on its sides
  indices: Uint32Array<ArrayBuffer>;
}

// Cells a few heights wide, so that a sheet has steps.
function stepped(ground: Ground): { grid: Grid; which: Int32Array } {
  const { columns, rows, heights } = ground.grid;
  const times = Math.max(1, Math.floor(FINE / columns));
  const [across, up] = [columns * times, rows * times];
  const from = (k: number) =>
    Math.floor(Math.floor(k / across) / times) * columns + Math.floor((k % across) / times);
  const grid = {
    columns: across,
    rows: up,
    low: ground.grid.low.map((x) => x - 0.5) as Place,
    high: ground.grid.high.map((x) => x + 0.5) as Place,
    heights: Float32Array.from({ length: across * up }, (_, k) => heights[from(k)]),
  };
  const which = Int32Array.from({ length: across * up }, (_, k) => ground.which![from(k)]);
  return { grid, which };
}

// How far within the edge a place is: below 0 no state projects to it.
export function within([u, v]: Place, corners: readonly Place[]): number {
  return corners.reduce((least, [a, b], k) => {
    const [c, d] = corners[(k + 1) % corners.length];
    const size = Math.hypot(c - a, d - b) || 1;
    return Math.min(least, ((c - a) * (v - b) - (d - b) * (u - a)) / size);
  }, 1);
}

export function meshOf(ground: Ground, theme: Theme, high: number, step: number): Mesh {
  const { grid, which } = ground.plane
    ? { grid: refined(ground.grid, FINE), which: null }
    : stepped(ground);
  const { columns, rows, heights } = grid;
  const [least, most] = extent(heights);
  const rgb = coloursOf(grid, which, theme);
  const edge = 2 * (columns + rows);
  const [n, all] = [columns * rows, columns * rows + 2 * edge];
  const vertices = new Float32Array(8 * all);
  const colours = new Uint8Array(4 * all);
  const z = heights.map((h) => ((h - least) / (most - least || 1)) * high);
  const wallColour = rgbOf(theme.axis);
  const at = (k: number): Place => [
    grid.low[0] + ((k % columns) / (columns - 1)) * (grid.high[0] - grid.low[0]),
    grid.low[1] + (Math.floor(k / columns) / (rows - 1)) * (grid.high[1] - grid.low[1]),
  ];
  const far = z.map((_, k) => (ground.edge.length > 2 ? within(at(k), ground.edge) : 1));
  far.forEach((d, k) => (z[k] += (RISE * Math.max(0, -d) ** 2) / (SOFT - Math.min(d, 0))));
  for (let k = 0; k < n; k++) {
    const [i, j] = [k % columns, Math.floor(k / columns)];
    const across = z[k + Number(i < columns - 1)] - z[k - Number(i > 0)];
    const up = z[k + columns * Number(j < rows - 1)] - z[k - columns * Number(j > 0)];
    const normal = [(-across * columns) / 4, (-up * rows) / 4, 1];
    const place = [(2 * i) / (columns - 1) - 1, (2 * j) / (rows - 1) - 1, z[k]];
    vertices.set([...place, ...normal, step ? heights[k] / step : 0.5, far[k]], 8 * k);
    const wall = Math.min(Math.max(-far[k] / SOFT, 0), 1);
    for (let c = 0; c < 3; c++) {
      colours[4 * k + c] = rgb[3 * k + c] * (1 - wall) + wallColour[c] * wall;
    }
    colours[4 * k + 3] = 255;
  }
  const indices: number[] = [];
  for (let j = 0; j < rows - 1; j++) {
    for (let i = 0; i < columns - 1; i++) {
      const k = j * columns + i;
      indices.push(k, k + 1, k + columns, k + 1, k + columns + 1, k + columns);
    }
  }
  addSides({ grid, vertices, colours, indices: new Uint32Array() }, n, indices);
  const seen = z.map((h, k) => (far[k] < 0 ? 0 : h));
  return {
    grid: { ...grid, heights: seen },
    vertices,
    colours,
    indices: Uint32Array.from(indices),
  };
}

// The four sides of the block, from its rim down.
function addSides({ grid: { columns, rows }, vertices, colours }: Mesh, n: number, to: number[]) {
  let next = n;
  const sides: [Vector, number[]][] = [
    [[0, -1, 0.3], Array.from({ length: columns }, (_, i) => i)],
    [[0, 1, 0.3], Array.from({ length: columns }, (_, i) => n - 1 - i)],
    [[-1, 0, 0.3], Array.from({ length: rows }, (_, j) => (rows - 1 - j) * columns)],
    [[1, 0, 0.3], Array.from({ length: rows }, (_, j) => j * columns + columns - 1)],
  ];
  for (const [normal, rim] of sides) {
    rim.forEach((k, at) => {
      for (const low of [false, true]) {
        const [x, y, z] = vertices.subarray(8 * k, 8 * k + 3);
        const within = vertices[8 * k + 7];
        vertices.set([x, y, low ? DEEP : z, ...normal, 0.5, within], 8 * next);
        for (let c = 0; c < 3; c++) colours[4 * next + c] = colours[4 * k + c] * SHADE;
        next++;
      }
      if (at) to.push(next - 4, next - 3, next - 2, next - 3, next - 1, next - 2);
    });
  }
}

// A camera that looks at the middle from so far, turned and above the horizon by these angles.
export function rays(yaw: number, pitch: number, far: number, middle: number) {
  const [s, c] = [Math.sin(yaw), Math.cos(yaw)];
  const [t, d] = [Math.sin(pitch), Math.cos(pitch)];
  const forward: Vector = [-s * d, c * d, -t];
  return {
    eye: [far * s * d, -far * c * d, middle + far * t] as Vector,
    right: [c, s, 0] as Vector,
    up: [-s * t, c * t, d] as Vector,
    forward,
  };
}
