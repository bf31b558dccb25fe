// How the ground of a landscape looks: its colours, its light, its contours.

import {
  contour,
  contourLevels,
  extent,
  type Frame,
  type Grid,
  type Place,
  refined,
  toPixel,
} from "./landscape";
import type { Ground } from "./ground";
import { sized } from "./plots";
import type { Theme } from "./theme";

type Pen = CanvasRenderingContext2D;

export const LEVELS = 14; // contours, about
export const FINE = 160; // heights a side that are drawn
const LIGHT = [-0.5, 0.55, 0.67]; // where the light comes from: left, above, and from the front
const STEEP = 1.5; // how much relief the map shows
export const DIM = 0.86; // what no state projects to, behind the colour of the card

// Which fixed point each state of a small network ends at; none for a plane.
export type Which = Int32Array | null;

const mixed = (a: number[], b: number[], t: number) => a.map((x, c) => x + t * (b[c] - x));

// The colour of a share of the height: deep places dark, high ones pale.
export function tone(ramp: number[][], share: number): number[] {
  const x = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const k = Math.min(Math.floor(x), ramp.length - 2);
  return mixed(ramp[k], ramp[k + 1], x - k);
}

export const rgbOf = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

// The colour of each height of a grid, in red, green, blue: by its depth, or by where it ends.
export function colours(grid: Grid, which: Which, theme: Theme): Uint8Array {
  const [low, high] = extent(grid.heights);
  const span = high - low || 1;
  const out = new Uint8Array(3 * grid.heights.length);
  const paper = rgbOf(theme.card);
  grid.heights.forEach((h, k) => {
    const share = (h - low) / span;
    let rgb = tone(theme.depth, share);
    if (which) {
      const last = theme.basins.length - 1;
      const end = theme.basins[which[k] < 0 ? last : Math.min(which[k], last)];
      rgb = mixed(end, paper, 0.7 * share);
    }
    rgb.forEach((c, i) => (out[3 * k + i] = c));
  });
  return out;
}

// How much light falls on each height, 1 on flat ground.
export function shading({ columns, rows, heights }: Grid): Float32Array {
  const [low, high] = extent(heights);
  const scale = (STEEP * columns) / 8 / (high - low || 1);
  const size = Math.hypot(...LIGHT);
  return heights.map((_, k) => {
    const [x, y] = [k % columns, Math.floor(k / columns)];
    const across = heights[k + Number(x < columns - 1)] - heights[k - Number(x > 0)];
    const up = heights[k + columns * Number(y < rows - 1)] - heights[k - columns * Number(y > 0)];
    const [a, b] = [(-across * scale) / 2, (-up * scale) / 2];
    const towards = (a * LIGHT[0] + b * LIGHT[1] + LIGHT[2]) / Math.hypot(a, b, 1) / size;
    return 1 + 0.55 * (towards - LIGHT[2] / size);
  });
}

// Draw the ground once: it changes with the memory, the theme and the size alone.
export function paintGround(canvas: HTMLCanvasElement, shown: Ground, theme: Theme): void {
  const { grid, which, edge } = shown;
  const { pen, width, height } = sized(canvas);
  if (!width) return;
  const ground = which ? grid : refined(grid, FINE);
  const light = which ? null : shading(ground);
  const image = new ImageData(ground.columns, ground.rows);
  const rgb = colours(ground, which, theme);
  for (let k = 0; k < ground.heights.length; k++) {
    const y = ground.rows - 1 - Math.floor(k / ground.columns);
    const at = 4 * (y * ground.columns + (k % ground.columns));
    for (let c = 0; c < 3; c++) image.data[at + c] = rgb[3 * k + c] * (light?.[k] ?? 1);
    image.data[at + 3] = 255;
  }
  const small = document.createElement("canvas");
  [small.width, small.height] = [ground.columns, ground.rows];
  small.getContext("2d")!.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = !which || ground.columns > width / 3; // cells have sharp edges
  pen.imageSmoothingQuality = "high";
  pen.drawImage(small, 0, 0, width, height);
  if (which) return;
  const frame = { low: grid.low, high: grid.high, width, height };
  pen.save();
  const around = edgeOf(frame, edge);
  if (around) pen.clip(around);
  drawContours(pen, ground, frame, theme);
  pen.restore();
  if (around) drawEdge(pen, frame, around, theme);
}

function drawContours(pen: Pen, ground: Grid, { width, height }: Frame, theme: Theme) {
  const across = width / (ground.columns - 1);
  const up = height / (ground.rows - 1);
  pen.strokeStyle = theme.card;
  contourLevels(ground.heights, LEVELS).forEach((level, k) => {
    pen.lineWidth = k % 5 === 0 ? 1.1 : 0.6;
    pen.globalAlpha = k % 5 === 0 ? 0.75 : 0.5;
    pen.beginPath();
    const pieces = contour(ground, level);
    for (let i = 0; i < pieces.length; i += 4) {
      pen.moveTo(pieces[i] * across, height - pieces[i + 1] * up);
      pen.lineTo(pieces[i + 2] * across, height - pieces[i + 3] * up);
    }
    pen.stroke();
  });
  pen.globalAlpha = 1;
}

function edgeOf(frame: Frame, edge: readonly Place[]): Path2D | null {
  if (edge.length < 3) return null;
  const around = new Path2D();
  edge.forEach((place, k) => around[k ? "lineTo" : "moveTo"](...toPixel(frame, place)));
  around.closePath();
  return around;
}

// Beyond the edge no state is.
function drawEdge(pen: Pen, { width, height }: Frame, around: Path2D, theme: Theme) {
  const beyond = new Path2D(around);
  beyond.rect(0, 0, width, height);
  pen.fillStyle = theme.card;
  pen.globalAlpha = DIM;
  pen.fill(beyond, "evenodd");
  pen.globalAlpha = 1;
  pen.strokeStyle = theme.axis;
  pen.lineWidth = 1.2;
  pen.stroke(around);
}
