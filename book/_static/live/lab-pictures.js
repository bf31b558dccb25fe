// Pictures as cells: an Int8Array of side * side values, 1 ink, -1 paper, 0 unknown, row by row.

export const INK = 1;
export const PAPER = -1;
export const UNKNOWN = 0;

// Random numbers that a link can carry as one seed (mulberry32).
export function generator(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const newSeed = () => Math.floor(Math.random() * 2 ** 31);

// ---- bits ------------------------------------------------------------------------------------

export function packBits(cells, is) {
  const bits = new Uint8Array(Math.ceil(cells.length / 8));
  for (let i = 0; i < cells.length; i++) if (cells[i] === is) bits[i >> 3] |= 128 >> (i & 7);
  return bits;
}

// Ink, then unknown: the two rows that lab.py reads and writes.
export function packState(cells) {
  const ink = packBits(cells, INK);
  const both = new Uint8Array(2 * ink.length);
  both.set(ink);
  both.set(packBits(cells, UNKNOWN), ink.length);
  return both;
}

export function unpackInk(bits, n) {
  const cells = new Int8Array(n);
  for (let i = 0; i < n; i++) cells[i] = bits[i >> 3] & (128 >> (i & 7)) ? INK : PAPER;
  return cells;
}

export function unpackState(bits, n) {
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

export const plain = (side, value = PAPER) => new Int8Array(side * side).fill(value);

export function random(side, seed) {
  const next = generator(seed);
  return Int8Array.from({ length: side * side }, () => (next() < 0.5 ? INK : PAPER));
}

// Nearest pixel, in integers, so that it is the same in every browser.
export function resample(cells, from, to) {
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
export function shrink(cells, from, to) {
  const at = Array.from({ length: from }, (_, i) => Math.floor((i * to) / from));
  const out = plain(to);
  cells.forEach((c, i) => {
    if (c === INK) out[at[Math.floor(i / from)] * to + at[i % from]] = INK;
  });
  return out;
}

const FINE = 4; // pixels a cell and side: a cell is ink where the mean of its pixels is

function paper(side) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * FINE;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  return brush;
}

function greyOf(brush, side) {
  const width = side * FINE;
  const { data } = brush.getImageData(0, 0, width, width);
  const grey = new Float32Array(side * side);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      const p = 4 * (y * width + x);
      const light = 0.299 * data[p] + 0.587 * data[p + 1] + 0.114 * data[p + 2];
      grey[Math.floor(y / FINE) * side + Math.floor(x / FINE)] += light / FINE ** 2;
    }
  }
  return grey;
}

export const threshold = (grey, level, inverted) =>
  Int8Array.from(grey, (g) => (g < level !== inverted ? INK : PAPER));

// What the reader types, drawn as large as the grid holds by the browser's own font.
export function letter(text, side) {
  const brush = paper(side);
  const width = side * FINE;
  const set = (size) => {
    brush.font = `bold ${size}px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`;
    return brush.measureText(text);
  };
  const extent = (m) =>
    Math.max(
      m.actualBoundingBoxLeft + m.actualBoundingBoxRight,
      m.actualBoundingBoxAscent + m.actualBoundingBoxDescent,
    );
  const room = 0.86 * width;
  const first = extent(set(width));
  if (!(first > 0)) return plain(side);
  const m = set((width * room) / first);
  const left = (width - m.actualBoundingBoxLeft - m.actualBoundingBoxRight) / 2;
  const top = (width - m.actualBoundingBoxAscent - m.actualBoundingBoxDescent) / 2;
  brush.fillStyle = "#000";
  brush.fillText(text, left + m.actualBoundingBoxLeft, top + m.actualBoundingBoxAscent);
  return threshold(greyOf(brush, side), 128, false);
}

// The grey levels of an image file, the whole of it on white paper.
export async function greyOfFile(file, side) {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const brush = paper(side);
    const width = side * FINE;
    const scale = width / Math.max(image.naturalWidth || width, image.naturalHeight || width);
    const w = (image.naturalWidth || width) * scale;
    const h = (image.naturalHeight || width) * scale;
    brush.imageSmoothingQuality = "high";
    brush.drawImage(image, (width - w) / 2, (width - h) / 2, w, h);
    return greyOf(brush, side);
  } finally {
    URL.revokeObjectURL(address);
  }
}

// The level that parts dark from light best (Otsu).
export function otsu(grey) {
  const counts = new Float64Array(256);
  for (const g of grey) counts[Math.min(255, Math.floor(g))]++;
  let all = 0;
  counts.forEach((c, k) => (all += c * k));
  let [below, dark, best, level] = [0, 0, -1, 128];
  for (let k = 0; k < 255; k++) {
    below += counts[k];
    dark += counts[k] * k;
    const above = grey.length - below;
    if (!below || !above) continue;
    const between = below * above * (dark / below - (all - dark) / above) ** 2;
    if (between > best * (1 + 1e-9)) [best, level] = [between, k + 1];
  }
  return level;
}

// ---- spoiling --------------------------------------------------------------------------------

function some(n, share, next) {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const k = Math.round(share * n);
  for (let i = 0; i < k; i++) {
    const j = i + Math.floor(next() * (n - i));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order.subarray(0, k);
}

export function flip(cells, share, seed) {
  const out = cells.slice();
  for (const i of some(cells.length, share, generator(seed))) out[i] = -out[i];
  return out;
}

export function blank(cells, share, seed) {
  const out = cells.slice();
  for (const i of some(cells.length, share, generator(seed))) out[i] = UNKNOWN;
  return out;
}

const HALVES = {
  upper: (row, column, side) => row < side / 2,
  lower: (row, column, side) => row >= side / 2,
  left: (row, column, side) => column < side / 2,
  right: (row, column, side) => column >= side / 2,
};

export function blankHalf(cells, side, half) {
  return cells.map((c, i) => (HALVES[half](Math.floor(i / side), i % side, side) ? UNKNOWN : c));
}

// What leaves on one side comes in on the other.
export function shift(cells, side, down, right) {
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

export function overlap(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum / a.length;
}

export const same = (a, b) => a.length === b.length && a.every((c, i) => c === b[i]);
