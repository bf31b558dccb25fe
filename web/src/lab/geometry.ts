// Where the parts of a plot stand, in CSS pixels.

export const PAD = { left: 64, right: 12, top: 10, bottom: 38 };

// Round numbers that span a range, about `count` of them.
export function ticks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / count;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * size).find((s) => s >= raw)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

export function number(x: number): string {
  const size = Math.abs(x);
  if (size < 1e-12) return "0";
  const text =
    size >= 1e6 || size < 1e-4
      ? x.toExponential(1)
      : String(Number(x.toPrecision(size < 10 ? 3 : 5)));
  return text.replaceAll("-", "−").replace("e+", "e");
}

// The range of values with a little room on both sides.
export function spanned(values: readonly number[]): [number, number] {
  if (!values.length) return [-1, 1];
  let [low, high] = [Infinity, -Infinity];
  for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const room = high > low ? 0.06 * (high - low) : Math.abs(low) * 0.1 || 1;
  return [low - room, high + room];
}

export interface Axes {
  left: (x: number) => number;
  top: (y: number) => number;
  bottom: number;
  right: number;
  ticksX: number[];
  ticksY: number[];
}

// Map x from 0 to `end` and y over a range into a box of this size.
export function axes(width: number, height: number, end: number, range: [number, number]): Axes {
  const [low, high] = range;
  const bottom = height - PAD.bottom;
  const right = width - PAD.right;
  return {
    left: (x) => PAD.left + ((right - PAD.left) * x) / end,
    top: (y) => PAD.top + ((bottom - PAD.top) * (high - y)) / (high - low),
    bottom,
    right,
    ticksX: ticks(0, end, width > 260 ? 5 : 3),
    ticksY: ticks(low, high, 4),
  };
}
