// A finger over wet ink: what lies under it is drawn along, and mixed on the way.

import type { State } from "./run";

export interface Point {
  x: number;
  y: number;
}

type Chance = () => number; // from 0 to 1

const JITTER = 2.5; // cells by which a cell misses where it is drawn to

// Smear a square picture from one point to another, both in cells.
export function smear(state: State, from: Point, to: Point, radius: number, chance: Chance): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const steps = Math.max(1, Math.ceil(length / 2));
  const by = { x: (to.x - from.x) / steps, y: (to.y - from.y) / steps };
  for (let k = 1; k <= steps; k++) {
    draw(state, { x: from.x + k * by.x, y: from.y + k * by.y }, by, radius, chance);
  }
}

function draw(state: State, at: Point, by: Point, radius: number, chance: Chance): void {
  const side = Math.sqrt(state.length);
  const before = state.slice();
  const within = (value: number) => Math.min(side - 1, Math.max(0, Math.round(value)));
  const miss = () => JITTER * (chance() + chance() - 1);
  for (let y = within(at.y - radius); y <= within(at.y + radius); y++) {
    for (let x = within(at.x - radius); x <= within(at.x + radius); x++) {
      const off = Math.hypot(x - at.x, y - at.y) / radius;
      if (off > 1 || chance() < off * off) continue;
      state[y * side + x] = before[within(y - by.y + miss()) * side + within(x - by.x + miss())];
    }
  }
}

// Strokes right across the picture, for who has no pointer.
export function smearAcross(state: State, strokes: number, chance: Chance): void {
  const side = Math.sqrt(state.length);
  const place = () => ({ x: side * chance(), y: side * chance() });
  let from = place();
  for (let k = 0; k < strokes; k++) {
    const to = place();
    smear(state, from, to, side / 8, chance);
    from = to;
  }
}
