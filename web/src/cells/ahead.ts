// What a slider's other values give, run in Python while nothing else is: so it answers at once.

import type { CellEvent } from "../python/python";
import type { Cell } from "./cell";
import { isDraft } from "./output";
import { around, slides } from "./slider";

const MOST = 64; // values of a slider, the nearest
const LONG = 500; // milliseconds
const ENDLESS = 10_000;
const IDLE = 250; // milliseconds after a run before Python is taken to be idle

export class Ahead {
  readonly #found = new Map<string, CellEvent[]>(); // code -> what a run of it gave
  #basis = ""; // what the runs rest on: the sample, and the code above
  #busy = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly cell: Cell) {}

  // What the cell's code gives, if that is known already.
  get(): CellEvent[] | undefined {
    this.#renew();
    return this.#found.get(this.cell.code);
  }

  // Keep what a run gave, unless it was a draft.
  keep(code: string, events: CellEvent[]): void {
    this.#renew();
    if (slides(code).length && !events.some(isDraft)) this.#found.set(code, events);
  }

  // Soon run the values of all sliders, if nothing else is wanted by then: so the first move of one
  // answers at once, too.
  later(names = slides(this.cell.code).map(({ name }) => name)): void {
    clearTimeout(this.#waiting);
    const run = async () => {
      for (const name of names) await this.run(name);
    };
    if (names.length) this.#waiting = setTimeout(() => void run(), IDLE);
  }

  // Run the slider's other values, the nearest first, until a reader wants something of Python.
  async run(name: string): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#next(name); next; next = this.#next(name)) {
        const basis = this.#basis;
        const begun = performance.now();
        const events = await this.#try(next);
        if (this.#basis === basis) this.#found.set(next, events);
        if (performance.now() - begun > LONG) return; // else what a reader presses would wait
      }
    } catch {
      // a value with which the cell fails, or Python was ended: the reader will see it by moving there
    } finally {
      this.#busy = false;
    }
  }

  #next(name: string): string | undefined {
    const { code, page, before } = this.cell;
    this.#renew();
    if (page.busy || document.hidden || !page.python.running) return undefined;
    if (before.some((one) => page.ran.get(one) !== one.code)) return undefined; // it needs them
    return around(code, name)
      .slice(0, MOST)
      .find((one) => !this.#found.has(one));
  }

  async #try(code: string): Promise<CellEvent[]> {
    const { cell } = this;
    const { page } = cell;
    const events: CellEvent[] = [];
    const endless = setTimeout(() => page.stop(), ENDLESS);
    try {
      await page.python.run(code, {
        name: cell.name,
        part: "ahead",
        sample: page.sample,
        packages: page.packagesFor(code),
        onEvent: (event) => events.push(event),
      });
    } finally {
      clearTimeout(endless);
    }
    return events;
  }

  #renew() {
    const { page, before } = this.cell;
    const basis = JSON.stringify([page.sample, before.map((one) => one.code)]);
    if (basis !== this.#basis) this.#found.clear();
    this.#basis = basis;
  }
}
