// The page's cells, the Python that runs them, and which draw of all that is random it shows.

import { Python } from "../python/python";
import type { Cell } from "./cell";
import { button, copy } from "./dom";
import { handIn } from "./handin";
import { Status } from "./status";

const DRAWS = /\b(plots|matplotlib|plt)\b/;
const CHANCE = /\b(rng|seed|default_rng|random)\b/;
const WAIT = "One cell at a time: stop this one, or wait";

export class Page {
  readonly cells: Cell[] = [];
  readonly ran = new Map<Cell, string>(); // the code that this Python has run last, in this sample
  readonly status = new Status(() => this.stop());
  readonly python: Python;
  busy: Promise<unknown> | null = null; // the run in progress
  sample = 0; // which draw the page shows: its own, or a fresh one
  samples = 0; // how many fresh ones there were
  readonly #againAll: HTMLButtonElement;

  constructor() {
    this.python = new Python({
      onEnd: () => {
        this.ran.clear();
        this.status.ended();
      },
      onStage: (stage) => this.status.stage(stage),
    });
    const again = () => this.runAll(this.samples + 1);
    this.#againAll = button("Run again", "Run all cells on a fresh sample", again);
    this.#againAll.className = "live-again";
  }

  stop(): void {
    this.python.terminate();
  }

  // Say that one cell at a time runs.
  wait(): false {
    this.status.show(WAIT);
    return false;
  }

  // From now on the seeds are another sample's: all that has run must run again.
  draw(number: number): void {
    this.sample = number;
    this.samples = Math.max(this.samples, number);
    this.ran.clear();
    for (const same of document.querySelectorAll<HTMLElement>(".live-same")) {
      if (same === document.activeElement && !number) {
        same.parentElement?.querySelector<HTMLElement>(".live-again")?.focus();
      }
      same.hidden = number === 0;
    }
  }

  // Only what a page draws with is loaded, and at once, beside Python itself.
  packagesFor(code: string): string[] {
    const all = this.python.running ? code : this.cells.map((cell) => cell.code).join("\n");
    return DRAWS.test(all) ? ["matplotlib"] : [];
  }

  // The cells that a cell needs.
  before(cell: Cell): Cell[] {
    return this.cells.slice(0, this.cells.indexOf(cell)).filter((one) => !one.exercise);
  }

  // What has run after this cell must run again.
  stale(cell: Cell): void {
    this.cells.slice(this.cells.indexOf(cell)).forEach((one) => this.ran.delete(one));
  }

  // Dim what is shown of cells that have not run since they, or one above, were edited, or in another
  // sample than the page is on; and take back what was said of answers that are others now.
  markOutdated(): void {
    let changed = false;
    let chance = false;
    for (const cell of this.cells.filter((one) => !one.exercise)) {
      chance ||= CHANCE.test(cell.code);
      cell.tools.again.hidden = !chance;
      const current = this.ran.get(cell) === cell.code;
      const untried = cell.edited && cell.tried !== cell.code;
      const other = cell.shown !== this.sample;
      const old = untried || other || (changed && !current);
      cell.output.classList.toggle("live-outdated", old);
      changed ||= cell.edited;
    }
    this.#againAll.hidden = !chance;
    this.cells.filter((one) => one.exercise).forEach((one) => one.rejudge());
  }

  // Run all that is no exercise, on this sample.
  async runAll(number: number): Promise<void> {
    if (this.busy) {
      this.wait();
      return;
    }
    if (number !== this.sample) this.draw(number);
    for (const cell of this.cells.filter((one) => !one.exercise)) {
      await cell.start();
      if (this.ran.get(cell) !== cell.code) return;
    }
  }

  bar(place: Element | null): void {
    const run = button("Run all", "Run all cells in order", () => this.runAll(this.sample));
    run.className = "live-run";
    const same = button("Same sample", "Run all on the page's own sample", () => this.runAll(0));
    Object.assign(same, { className: "live-same", hidden: true });
    const foldAll = button("Hide all code", "", () => {
      const open = this.cells.some((cell) => cell.details.open);
      this.cells.forEach((cell) => (cell.details.open = !open));
      foldAll.textContent = open ? "Show all code" : "Hide all code";
    });
    const copyAll = button("Copy all code", "", () => {
      const codes = this.cells.filter((cell) => !cell.exercise).map((cell) => cell.code);
      return copy(codes.join("\n\n"), copyAll);
    });
    const words = "One file with your answers in all chapters, for your teacher";
    const hand = button("Hand in", words, () => handIn(hand));
    hand.hidden = !this.cells.some((cell) => cell.exercise);
    place?.append(run, this.#againAll, foldAll, copyAll, hand, same);
  }
}
