// The canvas under a mouse, a finger or the keys.

import type { App } from "./app";
import { type Cells, dab, type Form, inkOf, paperOf, stroke, TOP, UNKNOWN } from "./cells";
import { brushOf, cursorOf, largestBrush, type Pot, potOf, potsOf } from "./hand";
import { shown } from "./select";

type Place = [number, number]; // row, column

const PENS: Record<string, Pot> = { i: "ink", p: "paper", u: "unknown", n: "pin" };
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

const clip = (k: number, side: number) => Math.min(Math.max(k, 0), side - 1);

// What a cell is, in a word.
export function wordOf(value: number, form: Form): string {
  if (value === inkOf(form)) return "ink";
  if (value === paperOf(form)) return "paper";
  if (form.kind === "grey") return `grey ${(value / TOP).toFixed(2).replace("-", "−")}`;
  return value === UNKNOWN ? "unknown" : `colour ${value}`;
}

export class Pen {
  #drawing: { at: Place; value: number; what: string } | null = null;
  #strokes = 0;

  constructor(readonly app: App) {}

  get #side(): number {
    return this.app.store.now.side;
  }

  get #brush(): number {
    return brushOf(this.app.ui, this.#side);
  }

  get #pot(): Pot {
    return potOf(this.app.ui, this.app.form);
  }

  get #cursor() {
    return cursorOf(this.app.ui, this.#side);
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

  // What the pen leaves; a pin on a cell that is pinned takes it out.
  #value([row, column]: Place): number {
    const { ui, form, store } = this.app;
    const pot = this.#pot;
    if (pot === "pin") return 1 - store.now.pins[row * this.#side + column];
    if (typeof pot === "number") return pot;
    if (pot === "shade") return Math.round(TOP * ui.shade.value);
    return { ink: inkOf(form), paper: paperOf(form), unknown: UNKNOWN }[pot];
  }

  #change(change: (cells: Cells) => Cells, what: string) {
    const { store } = this.app;
    if (this.#pot !== "pin") this.app.edit(change, what);
    else store.dispatch({ type: "pins", pins: change(store.now.pins.slice()), what });
  }

  #dab(cells: Cells, place: Place, value: number) {
    dab(cells, this.#side, place, this.#brush, value);
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button > 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const [at] = this.#cellsAt(event.currentTarget, [event]);
    this.#drawing = { at, value: this.#value(at), what: `stroke ${++this.#strokes}` };
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
    this.#change((cells) => {
      for (const place of places) {
        for (const at of stroke(drawing.at, place)) this.#dab(cells, at, drawing.value);
        drawing.at = place;
      }
      return cells;
    }, drawing.what);
  }

  say(done = ""): void {
    const { row, column } = this.#cursor;
    const { store, form } = this.app;
    const at = row * this.#side + column;
    const word = wordOf(shown(store.now)[at], form) + (store.now.pins[at] ? ", pinned" : "");
    store.say(`${done}row ${row + 1}, column ${column + 1}: ${word}`);
  }

  #paint() {
    const { row, column } = this.#cursor;
    const value = this.#value([row, column]);
    this.#change((cells) => {
      this.#dab(cells, [row, column], value);
      return cells;
    }, "keys");
  }

  readonly key = (event: KeyboardEvent): void => {
    const { store, ui, form } = this.app;
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
      const pot = PENS[key.toLowerCase()];
      const there = potsOf(form).includes(pot);
      if (there) ui.pen.value = pot;
      store.say(there ? `the pen is ${pot}` : "Grey pictures have no unknown cells.");
    } else if (key === "[" || key === "]") {
      const size = this.#brush + (key === "]" ? 1 : -1);
      ui.brush.value = Math.min(Math.max(size, 1), largestBrush(this.#side));
      store.say(`brush ${this.#brush}`);
    } else if (key.toLowerCase() === "r") void this.app.guarded(() => this.app.toggle())();
    else if (key === ".") void this.app.guarded(() => this.app.driver.stepBy(1))();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #moveBy([down, right]: Place, painting: boolean) {
    const { row, column } = this.#cursor;
    if (painting) this.#paint();
    this.#place([clip(row + down, this.#side), clip(column + right, this.#side)]);
    if (painting) this.#paint();
    this.say();
  }
}
