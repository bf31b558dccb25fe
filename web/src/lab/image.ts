// Letters and image files as cells, through a canvas of the browser's.

import { type Cells, INK, PAPER, plain, TOP } from "./cells";

const FINE = 4; // pixels a cell and side: a cell is ink where the mean of its pixels is

function paper(side: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * FINE;
  const brush = canvas.getContext("2d", { willReadFrequently: true })!;
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  return brush;
}

// The mean red, green and blue of each cell, from 0 to 255.
function meansOf(brush: CanvasRenderingContext2D, side: number): Float32Array {
  const width = side * FINE;
  const { data } = brush.getImageData(0, 0, width, width);
  const means = new Float32Array(3 * side * side);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      const p = 4 * (y * width + x);
      const cell = Math.floor(y / FINE) * side + Math.floor(x / FINE);
      for (let c = 0; c < 3; c++) means[3 * cell + c] += data[p + c] / FINE ** 2;
    }
  }
  return means;
}

export const greyOf = (rgb: Float32Array): Float32Array =>
  Float32Array.from(
    { length: rgb.length / 3 },
    (_, i) => 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2],
  );

// The nearest of the first q colours, for each cell of an image.
export function nearest(rgb: Float32Array, colours: string[], q: number, inverted: boolean): Cells {
  const paints = colours
    .slice(0, q)
    .map((hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16)));
  return Int8Array.from({ length: rgb.length / 3 }, (_, i) => {
    const seen = rgb.slice(3 * i, 3 * i + 3).map((c) => (inverted ? 255 - c : c));
    const far = paints.map((paint) => paint.reduce((sum, c, k) => sum + (c - seen[k]) ** 2, 0));
    return 1 + far.indexOf(Math.min(...far));
  });
}

export const threshold = (grey: Float32Array, level: number, inverted: boolean): Cells =>
  Int8Array.from(grey, (g) => (g < level !== inverted ? INK : PAPER));

// The same without a threshold: dark is ink.
export const levels = (grey: Float32Array, inverted: boolean): Cells =>
  Int8Array.from(grey, (g) => Math.round((inverted ? 1 : -1) * TOP * ((2 * g) / 255 - 1)));

// What the reader types, drawn as large as the grid holds by the browser's own font.
export function letter(text: string, side: number): Cells {
  const brush = paper(side);
  const width = side * FINE;
  const set = (size: number) => {
    brush.font = `bold ${size}px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`;
    return brush.measureText(text);
  };
  const extent = (m: TextMetrics) =>
    Math.max(
      m.actualBoundingBoxLeft + m.actualBoundingBoxRight,
      m.actualBoundingBoxAscent + m.actualBoundingBoxDescent,
    );
  const first = extent(set(width));
  if (!(first > 0)) return plain(side);
  const m = set((width * 0.86 * width) / first);
  const left = (width - m.actualBoundingBoxLeft - m.actualBoundingBoxRight) / 2;
  const top = (width - m.actualBoundingBoxAscent - m.actualBoundingBoxDescent) / 2;
  brush.fillStyle = "#000";
  brush.fillText(text, left + m.actualBoundingBoxLeft, top + m.actualBoundingBoxAscent);
  return threshold(greyOf(meansOf(brush, side)), 128, false);
}

// The colours of an image file, the whole of it on white paper.
export async function readFile(file: File, side: number): Promise<Float32Array> {
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
    return meansOf(brush, side);
  } finally {
    URL.revokeObjectURL(address);
  }
}

// The level that parts dark from light best (Otsu).
export function otsu(grey: Float32Array): number {
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
