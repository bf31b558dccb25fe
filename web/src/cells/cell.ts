// A live cell: the code of the page, run in the reader's browser on the real package.

import { packed } from "../shared/address";
import { Ahead } from "./ahead";
import { Beside, type Origin } from "./beside";
import { copy, make } from "./dom";
import { Editing } from "./editing";
import { keep, linked } from "./kept";
import { forget } from "./output";
import type { Page } from "./page";
import { again, soon, start, type Started } from "./running";
import { Tools } from "./tools";
import { Verdict } from "./verdict";

const FORMS = ["embed", "slides", "worksheet", "solutions"]; // of the page, as in livecells.py

export class Cell {
  readonly name: string;
  readonly check: string | null; // of an exercise
  readonly builtCode: string;
  readonly details: HTMLDetailsElement;
  readonly output: HTMLElement;
  readonly editing: Editing;
  readonly tools: Tools;
  readonly beside: Beside;
  readonly verdict = new Verdict();
  readonly ahead = new Ahead(this);
  code: string;
  from: Origin | null = null; // "link" while the code is another's
  solved = false;
  right: string | null = null; // what was judged right
  judged: string | null = null; // what was judged last
  considered: string | null = null; // what a verdict was last looked at for
  tried: string | null = null; // the code that was run last
  shown = 0; // the sample of the output
  seeds = 0; // how many the last run took
  moved = false; // a slider, since the run that follows it began
  following = false;
  readonly #builtOutput: Node[];
  readonly #badge = make("span", { className: "live-solved", textContent: "solved", hidden: true });

  constructor(
    readonly page: Page,
    readonly box: HTMLElement,
    readonly number: number,
  ) {
    this.name = `Cell ${number}`;
    const input = box.querySelector<HTMLElement>(".cell_input")!;
    const pre = input.querySelector("pre")!;
    const check = box.querySelector<HTMLTemplateElement>(".live-check");
    this.check = check?.content.textContent ?? null;
    this.builtCode = this.code = pre.textContent!.replace(/\n$/, "");
    this.output = box.querySelector(".cell_output") ?? make("div", { className: "cell_output" });
    this.#builtOutput = [...this.output.childNodes].map((node) => node.cloneNode(true));
    this.details = this.#fold(input);
    this.editing = new Editing(this, input, pre);
    this.beside = new Beside(this);
    this.tools = new Tools(this);
    if (!this.output.isConnected) box.append(this.output);
    box.classList.toggle("live-first", number === 1);
    box.append(this.verdict.line, this.beside.place);
    box.closest(".exercise")?.querySelector(".exercise-title")?.append(this.#badge);
  }

  get exercise(): boolean {
    return this.check !== null;
  }

  get before(): Cell[] {
    return this.page.before(this);
  }

  // What a verdict is about: the answer, and what was edited above it.
  get basis(): string {
    const above = this.before.filter((cell) => cell.edited);
    const edits = above.map((cell) => [cell.number, cell.code]);
    return JSON.stringify([this.code, this.check, edits]);
  }

  get edited(): boolean {
    return this.code !== this.builtCode;
  }

  // The code of every cell can be folded: the theme folds only those tagged so.
  #fold(input: HTMLElement): HTMLDetailsElement {
    const there = input.closest("details");
    if (there) return there;
    const details = make("details", { className: "live-code", open: true });
    input.replaceWith(details);
    const summary = make("summary", { textContent: "Code" });
    summary.setAttribute("aria-label", `Code of ${this.name.toLowerCase()}`);
    details.append(summary, input);
    return details;
  }

  // Take this as the cell's code, and show it; `from` tells where it comes from if not from here.
  change(code: string, from: Origin | null = null): void {
    this.code = code;
    this.from = from;
    this.tools.reset.hidden = !this.edited;
    this.box.classList.toggle("live-edited", this.edited);
    this.editing.mark(null);
    this.tools.follow(code);
    this.keep();
    this.editing.follow();
    this.page.markOutdated();
  }

  keep(): void {
    keep(this);
  }

  // Say of an answer whether what was said of it still holds.
  rejudge(): void {
    this.#badge.hidden = !this.solved;
    const { basis } = this;
    if (this.running || basis === this.considered) return;
    this.considered = basis;
    if (this.right === basis) this.verdict.say("right", "Right.");
    else if (this.judged && this.judged !== basis && this.verdict.shown) {
      this.verdict.say("stopped", "Changed since it was checked: check it again.");
    }
  }

  edit(): Promise<void> {
    return this.editing.toggle();
  }

  reset(): void {
    if (this.running) return;
    this.solved = false;
    this.right = this.judged = null;
    this.change(this.builtCode);
    this.showsSample(0);
    forget(this.output);
    this.output.replaceChildren(...this.#builtOutput.map((node) => node.cloneNode(true)));
    this.verdict.hide();
    this.page.stale(this);
    this.page.markOutdated();
    this.unlink();
    this.tools.run.focus();
  }

  showsSample(number: number): void {
    this.shown = number;
    this.tools.note(number);
  }

  // Take this cell's code out of the address.
  unlink(): void {
    if (linked() !== this.number) return;
    history.replaceState(null, "", location.pathname + location.search);
  }

  copy(): Promise<void> {
    return copy(this.code, this.tools.copy);
  }

  async link(): Promise<void> {
    const hash = `#cell=${this.number}&code=${await packed(this.code)}`;
    history.replaceState(null, "", hash);
    const address = new URL(location.href);
    for (const form of FORMS) address.searchParams.delete(form);
    const otherwise = parent === window ? "In the address bar" : undefined;
    await copy(address.href, this.tools.link, otherwise);
  }

  set running(on: boolean) {
    this.box.classList.toggle("live-running", on);
    this.tools.disabled = on;
  }

  get running(): boolean {
    return this.box.classList.contains("live-running");
  }

  start(how: Started = {}): Promise<boolean> {
    return start(this, how);
  }

  soon(slider: string): Promise<void> {
    return soon(this, slider);
  }

  again(number: number): Promise<unknown> {
    return again(this, number);
  }
}
