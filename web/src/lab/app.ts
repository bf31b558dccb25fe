// One lab: its state, the Python behind it, the controls that no link holds, and what a press does.

import { effect, type Signal, signal, untracked } from "@preact/signals";
import type { Stage } from "../python/python";
import type { Backend, Told, Weights } from "./backend";
import * as art from "./cells";
import { Driver, together } from "./driver";
import { cursorOf, type Hand, type Pot } from "./hand";
import { letter } from "./image";
import type { Keep } from "./keep";
import { cellsOf } from "./link";
import type { Event } from "./reducer";
import { changedWith, formOf, shown, unused } from "./select";
import { Store } from "./store";
import { Terrain } from "./terrain";
import { readTheme, type Theme } from "./theme";
import type { Known, Pattern, Settings, Source } from "./types";

const AT_ONCE = 50; // random patterns that one press stores

export class Ui implements Hand {
  readonly pen = signal<Pot>("ink");
  readonly shade = signal(0); // of the grey pen, from -1 to 1
  readonly brush = signal(2);
  readonly cursor = signal({ row: 0, column: 0 });
  readonly share = signal(20); // per cent
  readonly speed = signal(0);
  readonly overlay = signal(false);
  readonly projector = signal(false); // large, with few controls
  readonly level = signal(128);
  readonly invert = signal(false);
  readonly photo = signal<{ rgb: Float32Array; name: string } | null>(null);
  readonly stage = signal<Stage | null>(null); // of Python's loading
  readonly weightsOpen = signal(false);
  readonly weights = signal<Weights | null>(null);
  readonly neuronOpen = signal(false);
  readonly neuron = signal<{ site: number; told: Told; state: number } | null>(null); // that is looked at
}

export class App {
  readonly store: Store;
  readonly driver: Driver;
  readonly ui: Ui;
  readonly theme: Signal<Theme>;
  readonly terrain: Terrain;
  keep: Keep | null = null; // where the page has an address of its own

  constructor(
    readonly root: HTMLElement,
    readonly known: Known,
    readonly backend: Backend,
    readonly surface: () => Promise<typeof import("./surface")>, // the landscape in three dimensions
  ) {
    this.store = new Store(known);
    this.ui = new Ui();
    this.theme = signal(readTheme(root));
    const { overlay, speed } = this.ui;
    const wishes = { overlay: () => overlay.peek(), speed: () => speed.peek() };
    const learned = this.guarded(() => (this.terrain.learned(), this.weigh()));
    this.driver = new Driver(this.store, backend, wishes, () => void learned());
    this.terrain = new Terrain(this);
    this.#follow();
    this.#look();
  }

  // The neuron under the cursor, where its card is open: one question at a time, the last place wins.
  #look() {
    let asking = false;
    let wanted = -1;
    const ask = this.guarded(async () => {
      asking = true;
      try {
        while (wanted >= 0) {
          const site = wanted;
          wanted = -1;
          const told = await this.driver.ask("neuron", site);
          this.ui.neuron.value = { site, told, state: this.store.now.run.cells[site] };
        }
      } finally {
        asking = false;
      }
    });
    effect(() => {
      const { side, patterns } = this.store.seen.value;
      const { row, column } = cursorOf(this.ui, side);
      const open = this.ui.neuronOpen.value && patterns.length > 0;
      wanted = open && this.driver.learned ? row * side + column : -1;
      if (wanted >= 0 && !asking) untracked(() => void ask());
    });
  }

  #follow() {
    let run = -1;
    effect(() => {
      const { run: now, patterns } = this.store.state.value;
      if (now.id !== run) untracked(() => this.driver.interrupt());
      run = now.id;
      if (!patterns.length) untracked(() => this.driver.pause());
    });
    let last: unknown[] = [];
    effect(() => {
      const { run: now, patterns, settings } = this.store.state.value;
      const next = [now.id, patterns, settings, now.painted.size ? now.painted : null];
      const changed = next.some((x, k) => x !== last[k] && x !== null);
      last = next;
      if (changed) untracked(() => this.driver.refresh((action) => this.guarded(action)()));
    });
  }

  // What goes wrong is told in a sentence, and the lab stays usable.
  readonly guarded =
    <A extends unknown[]>(action: (...args: A) => unknown) =>
    async (...args: A): Promise<void> => {
      try {
        await action(...args);
      } catch (error) {
        this.driver.pause();
        this.ui.stage.value = null;
        const { message, traceback } = error as Error & { traceback?: string };
        if (traceback) console.warn(traceback);
        else console.error(error);
        if (!this.backend.running) this.driver.anew();
        this.store.tell(`That did not work: ${message}`);
      }
    };

  showStage(stage: Stage): void {
    this.ui.stage.value = stage.fraction < 1 ? stage : null;
  }

  recolour(): void {
    this.theme.value = readTheme(this.root);
  }

  // ---- what is on the canvas ------------------------------------------------------------------

  // What the cells are.
  get form(): art.Form {
    return formOf(this.known, this.store.now.settings);
  }

  put(cells: art.Cells, title = "", source: Source | null = null, what = ""): void {
    if (what !== "image") this.ui.photo.value = null;
    this.store.dispatch({ type: "cue", cells, title, source, what });
  }

  edit(change: (cells: art.Cells) => art.Cells, what = ""): void {
    const cells = change(shown(this.store.now).slice());
    this.store.dispatch({ type: "edit", cells, what });
  }

  reset(): void {
    const { cue, title, source } = this.store.now;
    this.put(cue, title, source);
    this.store.say("Back to the cue.");
  }

  putRandom(): void {
    const source = { seed: art.newSeed() };
    this.put(cellsOf(source, this.store.now.side, [], this.form), "", source);
  }

  putPicture(picture: string): void {
    const { known, form, store } = this;
    this.put(cellsOf({ picture }, store.now.side, known.pictures, form), picture, { picture });
  }

  putLetters(text: string): void {
    const title = text.trim();
    const drawn = () => letter(title, this.store.now.side);
    if (title) this.put(art.convert(drawn(), art.INKED, this.form), title);
  }

  setSide(side: number): void {
    if (side !== this.store.now.side) this.#change({ type: "side", side });
  }

  choose(name: keyof Settings, value: string | number): void {
    this.#change({ type: "setting", name, value });
  }

  // Change the network; what else had to change with it is said.
  #change(event: Event & { name?: keyof Settings }): void {
    const was = this.store.now;
    const is = this.store.dispatch(event);
    if (is.side !== was.side || formOf(this.known, was.settings).kind !== this.form.kind) {
      this.ui.photo.value = null; // what is on the canvas no longer follows from it
    }
    const also = changedWith(was, is, this.known, event.name);
    if (also) this.store.say(also);
  }

  // ---- patterns -------------------------------------------------------------------------------

  // Store what the canvas shows; say whether it was new.
  storeShown(wanted: string): boolean {
    const { view, title, source, patterns } = this.store.now;
    const seen = shown(this.store.now);
    const { form } = this;
    const paper = art.paperOf(form);
    const unknown = form.kind !== "grey" && seen.includes(art.UNKNOWN);
    const cells = unknown ? seen.map((c) => (c === art.UNKNOWN ? paper : c)) : seen.slice();
    const twin = patterns.find((p) => art.same(p.cells, cells));
    if (twin) this.store.say(`That is stored already, as “${twin.name}”.`);
    else if (patterns.length >= this.known.most) this.store.say(this.#full());
    else {
      const name = wanted.trim() || title || unused(patterns, "pattern");
      const pattern = { name, source: view ? null : source, cells };
      this.store.dispatch({ type: "store", patterns: [pattern] });
      const blanks = unknown ? " What was unknown is stored as paper." : "";
      this.store.say(`Stored as “${name}”.${blanks}`);
      return true;
    }
    return false;
  }

  #full(): string {
    return `The lab holds ${this.known.most} patterns at most.`;
  }

  storeRandom(wanted: number): number {
    const { patterns, side } = this.store.now;
    const count = Math.min(Math.max(Math.round(wanted) || 1, 1), AT_ONCE);
    const added: Pattern[] = [];
    while (added.length < count && patterns.length + added.length < this.known.most) {
      const source = { seed: art.newSeed() };
      const name = unused([...patterns, ...added], "random");
      added.push({ name, source, cells: cellsOf(source, side, [], this.form) });
    }
    this.store.dispatch({ type: "store", patterns: added });
    const full = added.length < count ? ` ${this.#full()}` : "";
    const what = added.length === 1 ? "pattern is" : "patterns are";
    this.store.say(`${added.length} random ${what} stored.${full}`);
    return count;
  }

  forget(k: number): void {
    const { name } = this.store.now.patterns[k];
    this.store.dispatch({ type: "forget", k });
    this.store.say(`“${name}” is forgotten.`);
  }

  forgetAll(): void {
    this.store.dispatch({ type: "forget all" });
    this.store.say("All patterns are forgotten. Undo brings them back.");
  }

  // ---- running --------------------------------------------------------------------------------

  async toggle(): Promise<void> {
    if (this.store.now.playing) this.driver.pause();
    else await this.driver.play();
  }

  sweep(): Promise<void> {
    return this.driver.stepBy(together(this.store.now, this.known) ? 1 : this.store.now.side ** 2);
  }

  async setOverlay(on: boolean): Promise<void> {
    this.ui.overlay.value = on;
    const { playing, patterns } = this.store.now;
    if (!playing && patterns.length) await this.driver.look();
  }

  // Look at an earlier frame of the run.
  pull(k: number): void {
    this.driver.pause();
    const { history } = this.store.now.run;
    if (!history.length) return;
    this.store.dispatch({ type: "view", view: k < history.length - 1 ? { frame: k } : null });
    this.store.dispatch({ type: "words", text: history[k].words });
  }

  showPattern(k: number): void {
    this.driver.pause();
    const { view } = this.store.now;
    const shownNow = view && "pattern" in view && view.pattern === k;
    this.store.dispatch({ type: "view", view: shownNow ? null : { pattern: k } });
  }

  // Fetch the weights, if they are looked at.
  async weigh(): Promise<void> {
    const { weightsOpen, weights } = this.ui;
    if (!weightsOpen.peek() || !this.store.now.patterns.length || !this.driver.learned) {
      weights.value = null;
      return;
    }
    weights.value = await this.backend
      .call("weights")
      .catch(({ message }) => ({ k: 0, words: message, block: 0, values: new Uint8Array() }));
  }
}
