// What is drawn over a landscape: the way of the run, the patterns, where the state stands.

import type { Place } from "./landscape";
import { sized } from "./plots";
import type { Theme } from "./theme";

type Pen = CanvasRenderingContext2D;

const FONT = "600 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

export interface Mark {
  at: Place;
  name: string;
  label: string; // what is written beside it
  kind: "stored" | "inverse" | "end";
}

export interface Shown {
  marks: readonly Mark[];
  trail: readonly Place[];
  now: Place | null; // where the state stands, or the frame that is looked at
  cursor: Place | null; // of the keys
}

// Where a place is seen, and whether a hill stands before it.
export interface Seen {
  x: number;
  y: number;
  hidden: boolean;
}

export type Look = (place: Place) => Seen;

export function drawOver(canvas: HTMLCanvasElement, shown: Shown, look: Look, theme: Theme): void {
  const { pen, width, height } = sized(canvas);
  pen.lineJoin = pen.lineCap = "round";
  drawTrail(pen, shown.trail, look, theme);
  for (const mark of shown.marks) drawMark(pen, mark, look, theme);
  drawNames(pen, shown.marks, look, theme, [width, height]);
  if (shown.trail.length > 1) ring(pen, look(shown.trail[0]), theme);
  if (shown.now) dot(pen, look(shown.now), theme);
  if (shown.cursor) cross(pen, look(shown.cursor), theme);
}

function drawTrail(pen: Pen, trail: readonly Place[], look: Look, theme: Theme) {
  const points = trail.map(look);
  const [halo, line] = [theme.card, theme.lines[1]];
  for (const [colour, width] of [
    [halo, 5],
    [line, 2.5],
  ] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    for (const hidden of [true, false]) {
      pen.globalAlpha = hidden ? 0.35 : 1;
      pen.beginPath();
      for (let k = 1; k < points.length; k++) {
        if (points[k].hidden !== hidden) continue;
        if (k === 1 || points[k - 1].hidden !== hidden)
          pen.moveTo(points[k - 1].x, points[k - 1].y);
        pen.lineTo(points[k].x, points[k].y);
      }
      pen.stroke();
    }
  }
  pen.globalAlpha = 1;
}

// A diamond: filled for what is stored, hollow for an inverse or a state that nobody stored.
function drawMark(pen: Pen, { at, kind }: Mark, look: Look, theme: Theme) {
  const { x, y, hidden } = look(at);
  const size = kind === "stored" ? 7 : 5.5;
  pen.globalAlpha = hidden ? 0.45 : 1;
  pen.beginPath();
  pen.moveTo(x, y - size);
  for (const [a, b] of [
    [1, 0],
    [0, 1],
    [-1, 0],
  ])
    pen.lineTo(x + a * size, y + b * size);
  pen.closePath();
  pen.lineWidth = 4;
  pen.strokeStyle = theme.card;
  pen.stroke();
  pen.fillStyle = kind === "stored" ? theme.text : theme.card;
  pen.fill();
  pen.lineWidth = 1.8;
  pen.strokeStyle = theme.text;
  pen.stroke();
  pen.globalAlpha = 1;
}

// Names stand above their marks, below where that place is taken; what has no room has none.
function drawNames(
  pen: Pen,
  marks: readonly Mark[],
  look: Look,
  theme: Theme,
  [width, height]: [number, number],
) {
  pen.font = FONT;
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  const taken: [number, number, number][] = []; // left, right, middle
  for (const { at, label } of marks) {
    const { x, y } = look(at);
    const half = pen.measureText(label).width / 2 + 4;
    const middle = Math.min(Math.max(x, half), width - half);
    const free = (line: number) =>
      line > 8 &&
      line < height - 8 &&
      taken.every(([l, r, m]) => Math.abs(m - line) > 16 || middle + half < l || middle - half > r);
    const line = [y - 17, y + 17].find(free);
    if (line === undefined) continue;
    taken.push([middle - half, middle + half, line]);
    pen.lineWidth = 4;
    pen.strokeStyle = theme.card;
    pen.globalAlpha = 0.9;
    pen.strokeText(label, middle, line);
    pen.globalAlpha = 1;
    pen.fillStyle = theme.text;
    pen.fillText(label, middle, line);
  }
}

interface Point {
  x: number;
  y: number;
}

function circle(pen: Pen, { x, y }: Point, radius: number) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}

// Where the run began.
function ring(pen: Pen, point: Point, theme: Theme) {
  circle(pen, point, 5);
  pen.fillStyle = theme.card;
  pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = theme.lines[1];
  pen.stroke();
}

function dot(pen: Pen, point: Point, theme: Theme) {
  circle(pen, point, 7);
  pen.fillStyle = theme.lines[1];
  pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = theme.card;
  pen.stroke();
}

function cross(pen: Pen, { x, y }: Point, theme: Theme) {
  for (const [colour, width] of [
    [theme.card, 5],
    [theme.text, 2],
  ] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    for (const [a, b] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      pen.moveTo(x + 4 * a, y + 4 * b);
      pen.lineTo(x + 12 * a, y + 12 * b);
    }
    pen.stroke();
  }
}
