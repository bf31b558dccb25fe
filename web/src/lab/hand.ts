// What the reader's hand holds, and where it is: as it was chosen, where the grid and its cells have
// that. All that shows it and all that draws with it ask here.

import type { Signal } from "@preact/signals";
import type { Form } from "./cells";

// What the pen paints with: ink, paper, unknown, a shade of grey, a colour by its number, or a pin.
export type Pot = "ink" | "paper" | "unknown" | "shade" | "pin" | number;

export interface Hand {
  readonly pen: Signal<Pot>;
  readonly brush: Signal<number>;
  readonly cursor: Signal<{ row: number; column: number }>;
}

export function potsOf({ kind, q }: Form): Pot[] {
  const colours = kind === "colour" ? Array.from({ length: q - 2 }, (_, k) => k + 3) : [];
  return ["ink", "paper", ...colours, kind === "grey" ? "shade" : "unknown", "pin"];
}

export const potOf = ({ pen }: Hand, form: Form): Pot =>
  potsOf(form).includes(pen.value) ? pen.value : "ink";

export const largestBrush = (side: number): number => Math.max(3, Math.ceil(side / 6));

export const brushOf = ({ brush }: Hand, side: number): number =>
  Math.min(brush.value, largestBrush(side));

export function cursorOf({ cursor }: Hand, side: number): { row: number; column: number } {
  const { row, column } = cursor.value;
  return { row: Math.min(row, side - 1), column: Math.min(column, side - 1) };
}
