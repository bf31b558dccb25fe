// Code that stands beside a cell, never over what is in it: another's, or the reader's own of before.

import type { Cell } from "./cell";
import { button, make } from "./dom";

export const ORIGINS = {
  link: "This code came with a link. Read it before you put it in the cell and run it.",
  own: "This is what you had in the cell.",
  earlier: "This is what you wrote when this page was another edition.",
};

export type Origin = keyof typeof ORIGINS;

export interface Guest {
  code: string;
  from: Origin;
}

export class Beside {
  readonly place = make("div", { className: "live-guests" });
  guests: Guest[] = [];

  constructor(readonly cell: Cell) {}

  offer(code: string, from: Origin): void {
    if (code === this.cell.code || this.guests.some((one) => one.code === code)) return;
    this.guests.push({ code, from });
    this.#show();
    this.cell.keep();
  }

  #show() {
    this.place.replaceChildren(...this.guests.map((one) => this.#box(one)));
  }

  #box(one: Guest): HTMLElement {
    const name = this.cell.name.toLowerCase();
    const act = (words: string, action: () => void) => button(words, "", action, name);
    const code = make("pre", { textContent: one.code, tabIndex: 0 });
    code.setAttribute("aria-label", "This code");
    const group = make(
      "div",
      { className: "live-guest" },
      make("p", { textContent: ORIGINS[one.from] }),
      code,
      make(
        "div",
        { className: "live-tools" },
        act("Put it in the cell", () => this.#take(one)),
        act(one.from === "link" ? "Close" : "Throw it away", () => this.#drop(one)),
      ),
    );
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `Beside ${name}`);
    return group;
  }

  // Put what stands beside into the cell, and what a reader had there beside.
  #take(one: Guest) {
    const { code, from, edited } = this.cell;
    this.guests = this.guests.filter((other) => other !== one);
    if (edited) this.guests.push({ code, from: from ?? "own" });
    this.cell.change(one.code, one.from === "link" ? "link" : null);
    this.#show();
    this.cell.verdict.drop("stopped"); // it was of other code
    this.cell.details.open = true;
    this.cell.tools.run.focus();
  }

  #drop(one: Guest) {
    this.guests = this.guests.filter((other) => other !== one);
    this.#show();
    this.cell.keep();
    if (one.from === "link") this.cell.unlink();
    this.cell.tools.run.focus();
  }
}
