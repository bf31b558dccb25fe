// The canvas under a mouse, a finger or the keys.

import type { App } from "./app";
import { type Cells, dab, INK, PAPER, stroke, UNKNOWN } from "./cells";
import { shown } from "./select";

type Place = [number, number]; // row, column

const WORDS: Record<number, string> = { [INK]: "ink", [PAPER]: "paper", [UNKNOWN]: "unknown" };
const PENS: Record<string, number> = { i: INK, p: PAPER, u: UNKNOWN };
const ARROWS: Record<string, Place> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
  PageUp: [-10, 0],
  PageDown: [10, 0],
};

export const largestBrush = (side: number): number => Math.max(3, Math.ceil(side / 6));

const clip = (k: number, side: number) => Math.min(Math.max(k, 0), side - 1);

export class Pen {
  #drawing: { at: Place; value: number; what: string } | null = null;
  #strokes = 0;

  constructor(readonly app: App) {}

  get #side(): number {
    return this.app.store.now.side;
  }

  get #brush(): number {
    return Math.min(this.app.ui.brush.value, this.#side);
  }

  #place([row, column]: Place) {
    this.app.ui.cursor.value = { row, column };
  }

  // The cells under these points of the canvas.
  #cellsAt(canvas: EventTarget | null, events: PointerEvent[]): Place[] {
    const box = (canvas as Element).getBoundingClientRect();
    const cell = (at: number, from: number, size: number) =>
      clip(Math.floor(((at - from) / size) * this.#side), this.#side);
    return events.map((event) => [
      cell(event.clientY, box.top, box.height),
      cell(event.clientX, box.left, box.width),
    ]);
  }

  #dab(cells: Cells, place: Place, value: number) {
    dab(cells, this.#side, place, this.#brush, value);
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button > 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const [at] = this.#cellsAt(event.currentTarget, [event]);
    this.#drawing = { at, value: this.app.ui.pen.value, what: `stroke ${++this.#strokes}` };
    this.#place(at);
    this.#drawTo([at]);
  };

  readonly move = (event: PointerEvent): void => {
    const passed = event.getCoalescedEvents?.() ?? [];
    const [at, ...places] = this.#cellsAt(event.currentTarget, [event, ...passed]);
    this.#place(at);
    if (this.#drawing) this.#drawTo(places.length ? places : [at]);
  };

  readonly up = (): void => {
    this.#drawing = null;
  };

  #drawTo(places: Place[]) {
    const drawing = this.#drawing!;
    this.app.edit((cells) => {
      for (const place of places) {
        for (const at of stroke(drawing.at, place)) this.#dab(cells, at, drawing.value);
        drawing.at = place;
      }
      return cells;
    }, drawing.what);
  }

  say(done = ""): void {
    const { row, column } = this.app.ui.cursor.value;
    const word = WORDS[shown(this.app.store.now)[row * this.#side + column]];
    this.app.store.say(`${done}row ${row + 1}, column ${column + 1}: ${word}`);
  }

  #paint() {
    const { ui } = this.app;
    const { row, column } = ui.cursor.value;
    this.app.edit((cells) => {
      this.#dab(cells, [row, column], ui.pen.value);
      return cells;
    }, "keys");
  }

  readonly key = (event: KeyboardEvent): void => {
    const { store, ui } = this.app;
    const { key } = event;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z") {
      store.dispatch({ type: event.shiftKey ? "redo" : "undo" });
      return event.preventDefault();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[key]) this.#moveBy(ARROWS[key], event.shiftKey);
    else if (key === " " || key === "Enter") {
      this.#paint();
      this.say("painted, ");
    } else if (key.toLowerCase() in PENS) {
      ui.pen.value = PENS[key.toLowerCase()];
      store.say(`the pen is ${WORDS[ui.pen.value]}`);
    } else if (key === "[" || key === "]") {
      const size = ui.brush.value + (key === "]" ? 1 : -1);
      ui.brush.value = Math.min(Math.max(size, 1), largestBrush(this.#side));
      store.say(`brush ${this.#brush}`);
    } else if (key.toLowerCase() === "r") void this.app.guarded(() => this.app.toggle())();
    else if (key === ".") void this.app.guarded(() => this.app.driver.stepBy(1))();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #moveBy([down, right]: Place, painting: boolean) {
    const { row, column } = this.app.ui.cursor.value;
    if (painting) this.#paint();
    this.#place([clip(row + down, this.#side), clip(column + right, this.#side)]);
    if (painting) this.#paint();
    this.say();
  }
}
