// The geometry of the landscape: planes through states, heights on a grid, contours, what is hit.

import { ticks } from "./geometry";
import { type Cells, generator, INK, PAPER } from "./cells";

export type Place = [u: number, v: number];

// A plane in the space of states, as hopfield.analysis.planes has it: axes are sqrt(N) long.
export interface Plane {
  centre: Float32Array;
  axes: [Float32Array, Float32Array];
  offset: Place; // of the centre along the axes
}

export const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);

function along(axes: Plane["axes"], s: ArrayLike<number>): Place {
  const [a, b] = axes;
  let [u, v] = [0, 0];
  for (let i = 0; i < s.length; i++) {
    u += s[i] * a[i];
    v += s[i] * b[i];
  }
  return [u / s.length, v / s.length];
}

export function planeOf(centre: Float32Array, both: Float32Array): Plane {
  const n = centre.length;
  const axes: Plane["axes"] = [both.subarray(0, n), both.subarray(n)];
  return { centre, axes, offset: along(axes, centre) };
}

// Where a state projects to.
export function placeOf({ axes, offset }: Plane, s: ArrayLike<number>): Place {
  const [u, v] = along(axes, s);
  return [u - offset[0], v - offset[1]];
}

// How far a state is from the plane, in units of sqrt(N): random ones are 1 away.
export function distanceOf(plane: Plane, s: ArrayLike<number>): number {
  const [u, v] = placeOf(plane, s);
  let sum = 0;
  for (let i = 0; i < s.length; i++) sum += (s[i] - plane.centre[i]) ** 2;
  return Math.sqrt(Math.max(sum / s.length - u * u - v * v, 0));
}

const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

// The means of the neurons at a place, none beyond their two states.
export function meansAt({ centre, axes: [a, b] }: Plane, [u, v]: Place): Float32Array {
  return centre.map((c, i) => clip(c + u * a[i] + v * b[i], -1, 1));
}

// A state that projects to a place as nearly as states can. Neurons that are alike in the plane are
// rounded together, in an order drawn by the seed, so that their mean is right to one neuron.
export function stateAt(plane: Plane, place: Place, seed: number): Cells {
  const means = meansAt(plane, place);
  const next = generator(seed);
  const n = means.length;
  const lot = Float64Array.from({ length: n }, next);
  const [a, b] = plane.axes;
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  order.sort((i, j) => a[i] - a[j] || b[i] - b[j] || means[i] - means[j] || lot[i] - lot[j]);
  const cells = new Int8Array(n);
  let owed = 0.5;
  for (const i of order) {
    owed += (1 + means[i]) / 2;
    cells[i] = owed >= 1 - 1e-9 ? INK : PAPER;
    if (cells[i] === INK) owed -= 1;
  }
  return cells;
}

// ---- all states of a small network -----------------------------------------------------------

// Gray's code: neighbours on the sheet of hopfield.landscape.laid_out differ in one neuron.
export function sheetPlace(cells: Cells): Place {
  const half = cells.length >> 1;
  const read = (from: number, to: number) => {
    let [bit, code] = [0, 0];
    for (let i = from; i < to; i++) {
      if (cells[i] > 0) bit ^= 1;
      code = 2 * code + bit;
    }
    return code;
  };
  return [read(half, cells.length), read(0, half)];
}

export function sheetState(n: number, [u, v]: Place): Cells {
  const half = n >> 1;
  const [across, up] = [Math.round(u), Math.round(v)].map((k) => k ^ (k >> 1));
  return Int8Array.from({ length: n }, (_, i) => {
    const bit = i < half ? (up >> (half - 1 - i)) & 1 : (across >> (n - 1 - i)) & 1;
    return bit ? INK : PAPER;
  });
}

// ---- heights ---------------------------------------------------------------------------------

export interface Grid {
  columns: number;
  rows: number; // from below
  low: Place;
  high: Place; // the places of the first and the last height
  heights: Float32Array;
}

export function gridPlaces(side: number, low: Place, high: Place): Float32Array {
  const at = (k: number, axis: number) => low[axis] + ((high[axis] - low[axis]) * k) / (side - 1);
  const places = new Float32Array(2 * side * side);
  for (let k = 0; k < side * side; k++) {
    places[2 * k] = at(k % side, 0);
    places[2 * k + 1] = at(Math.floor(k / side), 1);
  }
  return places;
}

export function extent(heights: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const h of heights) [low, high] = [Math.min(low, h), Math.max(high, h)];
  return [low, high];
}

// The height at a place, between the four around it.
export function heightAt({ columns, rows, low, high, heights }: Grid, [u, v]: Place): number {
  const x = clip(((u - low[0]) / (high[0] - low[0])) * (columns - 1), 0, columns - 1);
  const y = clip(((v - low[1]) / (high[1] - low[1])) * (rows - 1), 0, rows - 1);
  const [i, j] = [Math.min(Math.floor(x), columns - 2), Math.min(Math.floor(y), rows - 2)];
  const [s, t] = [x - i, y - j];
  const k = j * columns + i;
  const below = heights[k] + s * (heights[k + 1] - heights[k]);
  const above = heights[k + columns] + s * (heights[k + columns + 1] - heights[k + columns]);
  return below + t * (above - below);
}

// A smooth curve through four heights, between the second and the third (Catmull and Rom).
const curve = (a: number, b: number, c: number, d: number, t: number) =>
  b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

function stretched(from: Float32Array, count: number, lines: number, to: number): Float32Array {
  const out = new Float32Array(lines * to);
  for (let k = 0; k < to; k++) {
    const x = (k * (count - 1)) / (to - 1);
    const i = Math.min(Math.floor(x), count - 2);
    const at = [i - 1, i, i + 1, i + 2].map((j) => clip(j, 0, count - 1));
    for (let line = 0; line < lines; line++) {
      const [a, b, c, d] = at.map((j) => from[line * count + j]);
      out[k * lines + line] = curve(a, b, c, d, x - i);
    }
  }
  return out; // turned over: a second stretch turns it back
}

// The same heights on a finer grid, through a smooth surface.
export function refined(grid: Grid, side: number): Grid {
  const across = stretched(grid.heights, grid.columns, grid.rows, side);
  const heights = stretched(across, grid.rows, side, side);
  return { ...grid, columns: side, rows: side, heights };
}

// Between round energies, about `count` of them.
export function contourLevels(heights: Float32Array, count: number): number[] {
  const [low, high] = extent(heights);
  return high > low ? ticks(low, high, count).filter((e) => e > low && e < high) : [];
}

// Where a level is crossed: x0, y0, x1, y1 of each piece, in steps of the grid (marching squares).
export function contour({ columns, rows, heights }: Grid, level: number): number[] {
  const pieces: number[] = [];
  const cut = (a: number, b: number) => (level - a) / (b - a);
  for (let y = 0; y < rows - 1; y++) {
    for (let x = 0; x < columns - 1; x++) {
      const k = y * columns + x;
      const [a, b, c, d] = [k, k + 1, k + columns + 1, k + columns].map((i) => heights[i]);
      const above = [a, b, c, d].map((h) => h > level);
      if (above.every((is) => is === above[0])) continue;
      const ends: Place[] = []; // on the sides below, right, above, left, in this order
      if (above[0] !== above[1]) ends.push([x + cut(a, b), y]);
      if (above[1] !== above[2]) ends.push([x + 1, y + cut(b, c)]);
      if (above[2] !== above[3]) ends.push([x + cut(d, c), y + 1]);
      if (above[3] !== above[0]) ends.push([x, y + cut(a, d)]);
      // A saddle: the middle says which corners belong together.
      const turned = ends.length === 4 && (a + b + c + d) / 4 > level === above[0];
      const pairs = turned ? [0, 1, 2, 3] : ends.length === 4 ? [0, 3, 1, 2] : [0, 1];
      for (const p of pairs) pieces.push(...ends[p]);
    }
  }
  return pieces;
}

// ---- on the screen ---------------------------------------------------------------------------

export interface Frame {
  low: Place;
  high: Place; // the places at the edges
  width: number;
  height: number;
}

export const toPixel = ({ low, high, width, height }: Frame, [u, v]: Place): Place => [
  ((u - low[0]) / (high[0] - low[0])) * width,
  (1 - (v - low[1]) / (high[1] - low[1])) * height,
];

export const toPlace = ({ low, high, width, height }: Frame, [x, y]: Place): Place => [
  low[0] + (clip(x, 0, width) / width) * (high[0] - low[0]),
  low[1] + (1 - clip(y, 0, height) / height) * (high[1] - low[1]),
];

// The nearest of some points within a reach of a point; -1 where there is none.
export function nearest(points: readonly Place[], [x, y]: Place, reach: number): number {
  let [found, least] = [-1, reach * reach];
  points.forEach(([a, b], k) => {
    const far = (a - x) ** 2 + (b - y) ** 2;
    if (far <= least) [found, least] = [k, far];
  });
  return found;
}
