// Pictures as cells: side * side small integers, row by row, 0 where unknown. What they are is their
// kind: ink is 1 and paper -1; grey runs from -127 (paper) to 127 (ink); colours are 1 ... q.

export type Cells = Int8Array;
export type Kind = "ink" | "grey" | "colour";

export interface Form {
  readonly kind: Kind;
  readonly q: number; // colours
}

export type Half = "upper" | "lower" | "left" | "right";

export const INK = 1;
export const PAPER = -1;
export const UNKNOWN = 0;
export const TOP = 127; // the level of ink
export const INKED: Form = { kind: "ink", q: 2 };
const PAINTS: Record<Kind, [paper: number, ink: number]> = {
  ink: [PAPER, INK],
  grey: [-TOP, TOP],
  colour: [1, 2],
};

export const paperOf = ({ kind }: Form): number => PAINTS[kind][0];
export const inkOf = ({ kind }: Form): number => PAINTS[kind][1];

// Random numbers that a link can carry as one seed (mulberry32).
export function generator(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const newSeed = (): number => Math.floor(Math.random() * 2 ** 31);

// ---- bits ------------------------------------------------------------------------------------

export function packBits(cells: Cells, is: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(cells.length / 8));
  for (let i = 0; i < cells.length; i++) if (cells[i] === is) bits[i >> 3] |= 128 >> (i & 7);
  return bits;
}

const bytesOf = (cells: Cells): Uint8Array =>
  new Uint8Array(cells.buffer, cells.byteOffset, cells.length).slice();

// A stored pattern: of ink a bit a cell, else a byte.
export const packPattern = (cells: Cells, kind: Kind): Uint8Array =>
  kind === "ink" ? packBits(cells, INK) : bytesOf(cells);

export function unpackPattern(bytes: Uint8Array, n: number, { kind, q }: Form): Cells {
  if (kind === "ink") return unpackInk(bytes, n);
  const [low, high] = kind === "grey" ? [-TOP, TOP] : [0, q];
  return Int8Array.from({ length: n }, (_, i) =>
    Math.min(Math.max((bytes[i] << 24) >> 24, low), high),
  );
}

// A state as hopfield.lab reads and writes it: of ink two rows of bits, ink and unknown.
export function packState(cells: Cells, kind: Kind = "ink"): Uint8Array {
  if (kind !== "ink") return bytesOf(cells);
  const ink = packBits(cells, INK);
  const both = new Uint8Array(2 * ink.length);
  both.set(ink);
  both.set(packBits(cells, UNKNOWN), ink.length);
  return both;
}

export function unpackInk(bits: Uint8Array, n: number): Cells {
  const cells = new Int8Array(n);
  for (let i = 0; i < n; i++) cells[i] = bits[i >> 3] & (128 >> (i & 7)) ? INK : PAPER;
  return cells;
}

export function unpackState(bits: Uint8Array, n: number, kind: Kind = "ink"): Cells {
  if (kind !== "ink") return new Int8Array(bits.slice(0, n).buffer);
  const row = bits.length / 2;
  const cells = new Int8Array(n);
  for (let i = 0; i < n; i++) {
    const octet = i >> 3;
    const bit = 128 >> (i & 7);
    if (!(bits[row + octet] & bit)) cells[i] = bits[octet] & bit ? INK : PAPER;
  }
  return cells;
}

// ---- making ----------------------------------------------------------------------------------

export const plain = (side: number, value = PAPER): Cells => new Int8Array(side * side).fill(value);

export function random(side: number, seed: number, form = INKED): Cells {
  const next = generator(seed);
  const [paper, ink] = PAINTS[form.kind];
  const draw = () => (next() < 0.5 ? ink : paper);
  const paint = form.kind === "colour" ? () => 1 + Math.floor(next() * form.q) : draw;
  return Int8Array.from({ length: side * side }, paint);
}

// The same picture in cells of another kind.
export function convert(cells: Cells, from: Form, to: Form): Cells {
  if (from.kind === to.kind) {
    if (to.kind !== "colour" || from.q <= to.q) return cells;
    return cells.map((c) => (c ? 1 + ((c - 1) % to.q) : c));
  }
  const middle = from.kind === "colour" ? 1.5 : 0;
  return cells.map((c) => (c === UNKNOWN ? c : PAINTS[to.kind][c > middle ? 1 : 0]));
}

// Nearest pixel, in integers, so that it is the same in every browser.
export function resample(cells: Cells, from: number, to: number): Cells {
  if (from === to) return cells.slice();
  const at = Array.from({ length: to }, (_, i) => Math.floor(((2 * i + 1) * from) / (2 * to)));
  const out = new Int8Array(to * to);
  for (let row = 0; row < to; row++) {
    for (let column = 0; column < to; column++) {
      out[row * to + column] = cells[at[row] * from + at[column]];
    }
  }
  return out;
}

// A smaller copy in which no line is lost, however thin: ink inks the whole cell that it falls into.
export function shrink(cells: Cells, from: number, to: number): Cells {
  const at = Array.from({ length: from }, (_, i) => Math.floor((i * to) / from));
  const out = plain(to);
  cells.forEach((c, i) => {
    if (c === INK) out[at[Math.floor(i / from)] * to + at[i % from]] = INK;
  });
  return out;
}

// ---- drawing ---------------------------------------------------------------------------------

// Paint a square brush into cells, in place.
export function dab(cells: Cells, side: number, at: [number, number], size: number, value: number) {
  const first = -Math.floor((size - 1) / 2);
  const [row, column] = at;
  for (let r = row + first; r < row + first + size; r++) {
    for (let c = column + first; c < column + first + size; c++) {
      if (r >= 0 && c >= 0 && r < side && c < side) cells[r * side + c] = value;
    }
  }
}

// The cells that a straight stroke passes, without the first.
export function stroke(from: [number, number], to: [number, number]): [number, number][] {
  const [down, right] = [to[0] - from[0], to[1] - from[1]];
  const steps = Math.max(Math.abs(down), Math.abs(right), 1);
  return Array.from({ length: steps }, (_, k) => [
    from[0] + Math.round((down * (k + 1)) / steps),
    from[1] + Math.round((right * (k + 1)) / steps),
  ]);
}

// ---- spoiling --------------------------------------------------------------------------------

function some(n: number, share: number, next: () => number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const k = Math.round(share * n);
  for (let i = 0; i < k; i++) {
    const j = i + Math.floor(next() * (n - i));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order.subarray(0, k);
}

// The opposite, or one of the other colours.
export function flip(cells: Cells, share: number, seed: number, { kind, q } = INKED): Cells {
  const out = cells.slice();
  const next = generator(seed);
  for (const i of some(cells.length, share, next)) {
    if (kind !== "colour") out[i] = -out[i];
    else if (out[i]) out[i] = 1 + ((out[i] + Math.floor(next() * (q - 1))) % q);
  }
  return out;
}

export function blank(cells: Cells, share: number, seed: number): Cells {
  const out = cells.slice();
  for (const i of some(cells.length, share, generator(seed))) out[i] = UNKNOWN;
  return out;
}

const HALVES: Record<Half, (row: number, column: number, side: number) => boolean> = {
  upper: (row, _, side) => row < side / 2,
  lower: (row, _, side) => row >= side / 2,
  left: (_, column, side) => column < side / 2,
  right: (_, column, side) => column >= side / 2,
};

export const blankHalf = (cells: Cells, side: number, half: Half): Cells =>
  cells.map((c, i) => (HALVES[half](Math.floor(i / side), i % side, side) ? UNKNOWN : c));

// What leaves on one side comes in on the other.
export function shift(cells: Cells, side: number, down: number, right: number): Cells {
  const out = new Int8Array(cells.length);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const to = ((row + down + side) % side) * side + ((column + right + side) % side);
      out[to] = cells[row * side + column];
    }
  }
  return out;
}

// ---- comparing -------------------------------------------------------------------------------

// How much two pictures have in common: 1 all, 0 what chance would give.
export function overlap(a: Cells, b: Cells, { kind, q } = INKED): number {
  if (kind === "colour") {
    const same = a.reduce((found, c, i) => found + Number(c === b[i]), 0);
    return ((q * same) / a.length - 1) / (q - 1);
  }
  const scale = kind === "ink" ? a.length : Math.sqrt(product(a, a) * product(b, b));
  return product(a, b) / (scale || 1);
}

function product(a: Cells, b: Cells): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

export function count(cells: Cells, value: number): number {
  let found = 0;
  for (const c of cells) if (c === value) found++;
  return found;
}
