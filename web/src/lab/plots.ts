// Small plots on a canvas: lines with axes and labels, and a map of weights.

import { axes, type Axes, number, PAD, spanned } from "./geometry";
import { type Form, INKED } from "./cells";
import { marksOf, paintsOf, type Theme } from "./theme";

type Pen = CanvasRenderingContext2D;

const FONT = "12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
export const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [1, 2]];

export interface Series {
  y: (number | null)[]; // null is a gap
  colour: string;
  dash?: number[];
  width?: number;
}

export interface Plot {
  x: number[];
  series: Series[];
  range?: [number, number];
  yLabel: string;
  now: number | null; // the place shown
  theme: Theme;
  empty: string; // the words where there is nothing to draw
}

// Set a canvas to its size on the screen; return what draws on it in CSS pixels.
export function sized(canvas: HTMLCanvasElement) {
  const ratio = (window.devicePixelRatio || 1) * (canvas.currentCSSZoom || 1);
  const { clientWidth: width, clientHeight: height } = canvas;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = canvas.getContext("2d")!;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = FONT;
  return { pen, width, height };
}

export function lines(canvas: HTMLCanvasElement, plot: Plot): void {
  const { pen, width, height } = sized(canvas);
  if (!width) return;
  const { x, series, theme } = plot;
  const values = series.flatMap(({ y }) => y.filter((v) => v !== null));
  const frame = axes(width, height, x.at(-1) || 1, plot.range ?? spanned(values));
  if (!values.length) frame.ticksX = frame.ticksY = [];
  drawAxes(pen, frame, plot, width, height);
  if (!values.length) {
    pen.textBaseline = "middle";
    pen.fillText(plot.empty, (PAD.left + frame.right) / 2, (PAD.top + frame.bottom) / 2);
    return;
  }
  for (const one of series) drawSeries(pen, frame, x, one);
  pen.setLineDash([]);
  if (plot.now !== null) {
    const at = frame.left(plot.now);
    pen.strokeStyle = theme.axis;
    pen.lineWidth = 1.5;
    line(pen, [at, at], [PAD.top, frame.bottom]);
  }
}

function drawAxes(pen: Pen, frame: Axes, plot: Plot, width: number, height: number) {
  const { left, top, bottom, right } = frame;
  pen.strokeStyle = plot.theme.grid;
  pen.fillStyle = plot.theme.text;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const v of frame.ticksY) {
    line(pen, [PAD.left, right], [top(v), top(v)]);
    pen.fillText(number(v), PAD.left - 7, top(v));
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const v of frame.ticksX) {
    line(pen, [left(v), left(v)], [bottom, bottom + 4]);
    pen.fillText(number(v), Math.min(left(v), width - 12), bottom + 6);
  }
  pen.strokeStyle = plot.theme.axis;
  line(pen, [PAD.left, PAD.left, right], [PAD.top, bottom, bottom]);
  pen.fillText("sweeps", (PAD.left + right) / 2, height - 15);
  pen.save();
  pen.translate(8, (PAD.top + bottom) / 2);
  pen.rotate(-Math.PI / 2);
  pen.textBaseline = "middle";
  pen.fillText(plot.yLabel, 0, 0);
  pen.restore();
}

function drawSeries(pen: Pen, { left, top }: Axes, x: number[], one: Series) {
  const { y, colour, dash = [], width = 2 } = one;
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  let last: [number, number] | null = null;
  y.forEach((v, i) => {
    if (v === null) return;
    const place: [number, number] = [left(x[i]), top(v)];
    pen[last ? "lineTo" : "moveTo"](...place);
    last = place;
  });
  pen.stroke();
  if (last) dot(pen, ...(last as [number, number]), 2.5);
}

function line(pen: Pen, xs: number[], ys: number[]) {
  pen.beginPath();
  xs.forEach((x, i) => pen[i ? "lineTo" : "moveTo"](x, ys[i]));
  pen.stroke();
}

function dot(pen: Pen, x: number, y: number, radius: number) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

// Draw a (k, k) map: negative, zero and positive between three colours; return its largest size.
export function heat(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  k: number,
  [low, middle, high]: number[][],
): number {
  let largest = 0;
  for (const v of values) largest = Math.max(largest, Math.abs(v));
  canvas.width = canvas.height = k;
  const pen = canvas.getContext("2d")!;
  const image = pen.createImageData(k, k);
  values.forEach((v, i) => {
    const far = largest ? Math.abs(v) / largest : 0;
    const end = v < 0 ? low : high;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = middle[c] + far * (end[c] - middle[c]);
    image.data[4 * i + 3] = 255;
  });
  pen.putImageData(image, 0, 0);
  return largest;
}

// Draw cells a pixel each; those that are marked in colours of their own.
export function pixels(
  canvas: HTMLCanvasElement,
  side: number,
  cells: Int8Array,
  theme: Theme,
  marked: Int8Array | null = null,
  form: Form = INKED,
): void {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d")!;
  const image = pen.createImageData(side, side);
  const words = new Uint32Array(image.data.buffer);
  const [paints, marks] = [paintsOf(theme, form), marksOf(theme)];
  for (let i = 0; i < cells.length; i++) {
    words[i] = (marked?.[i] === 1 && form.kind === "ink" ? marks : paints)[cells[i] + 128];
  }
  pen.putImageData(image, 0, 0);
}
