// What Python tells of a landscape, as the map shows it.

import type { Cut } from "./backend";
import { type Frame, floats, type Grid, type Place, type Plane, planeOf } from "./landscape";
import type { Mark } from "./over";
import type { Which } from "./relief";
import type { Pattern } from "./types";

const NEAR = 0.5; // from the plane: patterns that are shown

export interface Ground {
  readonly kind: string;
  readonly of: readonly [string, string]; // the two patterns
  readonly plane: Plane | null; // null: all states
  readonly grid: Grid;
  readonly which: Which;
  readonly marks: readonly Mark[];
  readonly edge: readonly Place[];
  readonly ends: readonly string[];
  readonly many: number;
}

export const named = (of: readonly string[]): string =>
  [...new Set(of)].map((name) => `“${name}”`).join(" and ");

function pairs(values: Float32Array, stride = 2): Place[] {
  return Array.from({ length: values.length / stride }, (_, k) => [
    values[stride * k],
    values[stride * k + 1],
  ]);
}

// What has room on the map.
const short = (name: string) =>
  name.replace(/^inverse of /, "−").replace(/^mixture of .*/, "mixture");

export function planeGround(cut: Cut, of: [string, string], patterns: readonly Pattern[]): Ground {
  const all = floats(cut.marks!);
  const marks: Mark[] = [];
  pairs(all, 3).forEach((at, k) => {
    if (all[3 * k + 2] >= NEAR) return;
    const { name } = patterns[k];
    marks.push({ at, name, label: name, kind: "stored" });
    if (cut.kind !== "pair") return;
    const inverse = `inverse of ${name}`;
    const there: Place = [-at[0], -at[1]];
    marks.push({ at: there, name: inverse, label: short(inverse), kind: "inverse" });
  });
  const empty = { columns: 0, rows: 0, heights: new Float32Array() };
  const plane = planeOf(floats(cut.centre!), floats(cut.axes!));
  const edge = pairs(floats(cut.edge!));
  const grid = { low: cut.low!, high: cut.high!, ...empty };
  return { kind: cut.kind, of, plane, grid, which: null, marks, edge, ends: [], many: 0 };
}

export function sheetGround(cut: Cut, of: [string, string]): Ground {
  const [columns, rows, ends] = [cut.columns!, cut.rows!, cut.ends!];
  const high: Place = [columns - 1, rows - 1];
  const grid = { columns, rows, low: [0, 0] as Place, high, heights: floats(cut.energies!) };
  const which = new Int32Array(cut.which!.slice().buffer);
  const marks = pairs(floats(cut.at!)).map(([row, column], k): Mark => ({
    at: [column, row],
    name: ends[k],
    label: short(ends[k]),
    kind: "end",
  }));
  return {
    ...{ kind: cut.kind, of, plane: null, grid, which, marks, edge: [], ends },
    many: cut.many!,
  };
}

// The places at the edges of the map: of a sheet, half a cell beyond its outer states.
export function frameOf({ grid, plane }: Ground, width: number, height: number): Frame {
  const more = plane ? 0 : 0.5;
  const [low, high] = [grid.low, grid.high];
  return {
    low: [low[0] - more, low[1] - more],
    high: [high[0] + more, high[1] + more],
    width,
    height,
  };
}
