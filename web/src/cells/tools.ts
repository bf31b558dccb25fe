// The row of buttons and the sliders of a cell.

import type { Cell } from "./cell";
import { button, make } from "./dom";
import { slides, withValue } from "./slider";

const STEP = 1000; // what a sample adds to each seed, as in samples.py

export class Tools {
  readonly row: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly again: HTMLButtonElement;
  readonly edit: HTMLButtonElement;
  readonly reset: HTMLButtonElement;
  readonly copy: HTMLButtonElement;
  readonly link: HTMLButtonElement;
  readonly #note = make("span", { className: "live-sample" });
  readonly #sliders: { name: string; range: HTMLInputElement; shown: HTMLOutputElement }[] = [];

  constructor(cell: Cell) {
    const { exercise, name, page } = cell;
    const tool = (words: string, title: string, action: () => unknown) =>
      button(words, title, action, name.toLowerCase());
    this.run = tool(exercise ? "Check" : "Run", "Run (Shift + Enter)", () => cell.start());
    this.run.className = "live-run";
    const another = () => cell.again(page.samples + 1);
    this.again = tool("Run again", "Run on a fresh sample", another);
    this.again.className = "live-again";
    const same = tool("Same sample", "Run on the page's own sample", () => cell.again(0));
    Object.assign(same, { className: "live-same", hidden: true });
    this.edit = tool("Edit", "Edit the code", () => cell.edit());
    this.reset = tool("Reset", "Back to the page's own code and output", () => cell.reset());
    this.reset.hidden = true;
    this.copy = tool("Copy", "Copy the code", () => cell.copy());
    this.link = tool("Link", "An address that carries this code", () => cell.link());
    this.row = make(
      "div",
      { className: "live-tools" },
      this.run,
      ...(exercise ? [] : [this.again]),
      this.edit,
      this.reset,
      this.copy,
      this.link,
      ...(exercise ? [] : [same]), // last, so that no button moves when it comes
      this.#note,
    );
    this.row.setAttribute("role", "group");
    this.row.setAttribute("aria-label", name);
    cell.details.after(this.row);
    this.#slide(cell);
  }

  #slide(cell: Cell) {
    const sliders: HTMLElement[] = [];
    for (const { name, value, min, max, step } of slides(cell.builtCode)) {
      const shown = make("output", { textContent: value });
      const range = make("input", { type: "range", min, max, step, defaultValue: value });
      range.oninput = () => {
        shown.textContent = range.value;
        cell.change(withValue(cell.code, name, range.value));
        void cell.soon(name);
      };
      this.#sliders.push({ name, range, shown });
      const label = make("code", { textContent: name });
      const slider = make("label", { className: "live-slider" }, label, range, shown);
      const ahead = () => cell.ahead.later([name]); // whoever comes near may soon pull it
      slider.onpointerenter = ahead;
      range.onfocus = ahead;
      sliders.push(slider);
    }
    this.row.after(...sliders);
  }

  // Let the sliders stand where the code says.
  follow(code: string): void {
    const found = new Map(slides(code).map(({ name, value }) => [name, value]));
    for (const { name, range, shown } of this.#sliders) {
      const value = found.get(name);
      if (value !== undefined) range.value = shown.textContent = value;
    }
  }

  // Say of which sample the output is, and what its seeds are.
  note(sample: number): void {
    const more = (sample * STEP).toLocaleString("en");
    const words = `Sample ${sample}: each seed + ${more}. The text describes the page's own sample.`;
    this.#note.textContent = sample ? words : "";
  }

  set disabled(on: boolean) {
    for (const one of [this.run, this.reset]) one.ariaDisabled = String(on);
  }
}
