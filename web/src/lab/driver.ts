// Brings Python up to what the state says, and runs the network in it.

import type { Backend, Calls, Pins } from "./backend";
import { type Cells, packBits, packPattern, packState } from "./cells";
import { formOf, modelOf } from "./select";
import type { Store } from "./store";
import type { Frame, Known, Pattern, Settings, State } from "./types";

const BUDGET = [0.0015, 0.006]; // seconds for a frame's moves: where all is slow, and elsewhere
const FASTEST_TOGETHER = 10; // times the middle speed where all neurons move at once
const SWINGS = 4; // moves a second on a cycle: two flashes, where three may harm
const QUIET = 150; // milliseconds after a change before Python is asked what it means
const FRAME = 16; // milliseconds
const LOADING = "Loading Python";

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

export const together = (state: State, known: Known): boolean =>
  known.together[state.settings.order] > 0;

// How many moves a second the speed asks for, in tenths of powers of ten of sweeps.
export function pace(state: State, speed: number, known: Known): number {
  const sweeps = 10 ** speed;
  const middle = known.together[state.settings.order];
  if (!middle) return Math.max(sweeps * state.side ** 2, 1);
  return middle * Math.min(Math.max(sweeps, 0.5), FASTEST_TOGETHER);
}

// What comes to rest has ended; a cycle is shown until the reader pauses.
const rests = (why: string): boolean => why === "fixed point";
const swings = (why: string): boolean => why !== "" && !rests(why);

const packPins = (pins: Cells): Pins => (pins.includes(1) ? packBits(pins, 1) : null);

export interface Wishes {
  overlay(): boolean; // show who is about to flip
  speed(): number;
}

export class Driver {
  #queue: Promise<unknown> = Promise.resolve();
  #ready: Promise<unknown> | null = null;
  #run = 0; // a loop ends where another has begun
  #cap = 200; // moves a frame that this computer manages
  #budget = BUDGET[1];
  #refreshing: ReturnType<typeof setTimeout> | undefined;
  // What Python was told last.
  #patterns: readonly Pattern[] | null = null;
  #settings: Settings | null = null;
  #pins: Cells | null = null;
  #begun = -1; // the run's number

  constructor(
    readonly store: Store,
    readonly backend: Backend,
    readonly wishes: Wishes,
    readonly onLearned: () => void,
  ) {}

  get learned(): boolean {
    return this.#patterns !== null;
  }

  // One thing after the other, each with Python brought up to what the page shows.
  #asked<T>(action: () => Promise<T>): Promise<T> {
    const asked = this.#queue.then(async () => {
      if (!this.#ready) {
        if (!this.backend.running) this.store.say(LOADING);
        const loaded = () => this.store.dispatch({ type: "unsay", text: LOADING });
        this.#ready = this.backend.start().finally(loaded);
        this.#ready.catch(() => (this.#ready = null));
      }
      await this.#ready;
      await this.#tell();
      return action();
    });
    this.#queue = asked.catch(() => undefined);
    return asked;
  }

  ask<K extends keyof Calls>(name: K, ...args: Parameters<Calls[K]>) {
    return this.#asked(() => this.backend.call(name, ...args));
  }

  ready(): Promise<void> {
    return this.#asked(async () => undefined);
  }

  // Python is gone: the next that needs it begins at what the canvas shows.
  anew(): void {
    this.#ready = this.#patterns = this.#settings = this.#pins = null;
    this.#begun = -1;
    this.store.dispatch({ type: "anew" });
  }

  get #model() {
    return modelOf(this.store.known, this.store.now.settings);
  }

  get #enough(): boolean {
    return this.store.now.patterns.length >= this.#model.least;
  }

  // The reader may go on while Python learns: it is told until it knows what there is now.
  async #tell() {
    while (this.#enough && this.store.now.patterns !== this.#patterns) await this.#learn();
    if (this.#enough) await this.#bringUp();
  }

  async #learn() {
    const { store, backend } = this;
    const { settings, side, patterns, pins } = store.now;
    this.#patterns = null; // until it has learned
    const { kind } = formOf(store.known, settings);
    const names = patterns.map(({ name }) => name);
    const rows = patterns.map((pattern) => packPattern(pattern.cells, kind));
    const bits = new Uint8Array(rows.length * rows[0].length);
    rows.forEach((row, k) => bits.set(row, k * row.length));
    const frame = await backend.call("learn", side, settings, names, bits, packPins(pins));
    [this.#patterns, this.#settings, this.#pins] = [patterns, settings, pins];
    if (frame.bits) this.#accept(frame as Frame);
    else this.#begun = -1;
    this.onLearned();
  }

  async #bringUp() {
    const { store, backend } = this;
    const { run, settings, seed, pins } = store.now;
    const other = !alike(settings, this.#settings);
    const relearns = this.#model.uses.some((name) => settings[name] !== this.#settings?.[name]);
    const learned = other && (relearns || settings.model !== this.#settings?.model);
    if (this.#begun !== run.id) {
      [this.#begun, this.#settings, this.#pins] = [run.id, settings, pins];
      store.dispatch({ type: "painted", run: run.id });
      const { kind } = formOf(store.known, settings);
      const cue = packState(run.cells, kind);
      this.#accept(await backend.call("begin", cue, settings, seed, packPins(pins)));
    } else if (other || pins !== this.#pins) {
      [this.#settings, this.#pins] = [settings, pins];
      this.#accept(await backend.call("change", settings, packPins(pins)));
    }
    if (learned) this.onLearned();
    const { painted } = store.now.run;
    if (this.#begun === store.now.run.id && painted.size) {
      const sites = Int32Array.from(painted.keys());
      const values = Int8Array.from(painted.values());
      store.dispatch({ type: "painted", run: this.#begun });
      const [a, b] = [sites, values].map((x) => new Uint8Array(x.buffer));
      this.#accept(await backend.call("paint", a, b, this.wishes.overlay()));
    }
  }

  // Take what Python sent, unless it is of a run that the reader has left meanwhile.
  #accept(frame: Frame): Frame | null {
    const { id } = this.store.now.run;
    if (id !== this.#begun) return null;
    this.store.dispatch({ type: "frame", frame, run: this.#begun });
    return frame;
  }

  // Move the run that is shown; where the reader has begun another before its turn came, nothing moves.
  async #step(n: number): Promise<Frame | null> {
    const asked = performance.now();
    const { id } = this.store.now.run;
    const frame = await this.#asked(async () =>
      id === this.store.now.run.id ? this.backend.call("step", n, this.wishes.overlay()) : null,
    );
    if (!frame) return null;
    const late = performance.now() - asked > FRAME;
    this.#budget = Math.min(Math.max(this.#budget * (late ? 0.9 : 1.1), BUDGET[0]), BUDGET[1]);
    // A single frame may be slow for other reasons: go a third of the way to what it says.
    if (n >= this.#cap / 4) {
      const managed = this.#budget / (frame.took! / n + 1e-6);
      this.#cap = Math.max(1, this.#cap + (managed - this.#cap) / 3);
    }
    return this.#accept(frame);
  }

  pause(): void {
    if (this.store.now.playing) this.store.dispatch({ type: "playing", on: false });
  }

  // A sweep that is under way ends, but what plays goes on.
  interrupt(): void {
    if (!this.store.now.playing) this.#run++;
  }

  #something(): boolean {
    if (this.#enough) return true;
    const { patterns } = this.store.now;
    this.store.tell(
      patterns.length
        ? `Store ${this.#model.least} patterns or more first: then one can lead to the next.`
        : "Store a pattern first: then there is something to recall.",
    );
    return false;
  }

  async play(): Promise<void> {
    const { store } = this;
    if (!this.#something() || store.now.playing) return;
    store.dispatch({ type: "playing", on: true });
    const mine = ++this.#run;
    await this.ready(); // so that the clock starts when Python is there
    if (store.now.view && "pattern" in store.now.view) store.dispatch({ type: "view", view: null });
    let [owed, last, why] = [1, performance.now(), ""];
    while (store.now.playing && mine === this.#run) {
      const now = performance.now();
      const { view } = store.now;
      if (view) this.#replay();
      else {
        const wished = pace(store.now, this.wishes.speed(), store.known);
        const due = ((now - last) / 1000) * (swings(why) ? Math.min(wished, SWINGS) : wished);
        owed = Math.min(owed + due, this.#cap);
      }
      last = now;
      const n = view
        ? 0
        : Math.floor(Math.min(owed, together(store.now, store.known) ? 1 : this.#cap));
      owed -= n;
      const [frame] = await Promise.all([n ? this.#step(n) : null, nextFrame()]);
      if (frame?.why && frame.why !== why) this.#announce(frame.words);
      why = frame?.why ?? why;
      if (rests(why)) this.pause();
    }
    await this.measure();
  }

  #replay() {
    const { view, run } = this.store.now;
    if (!view || !("frame" in view)) return;
    const next = view.frame + 1;
    const frame = next < run.history.length - 1 ? { frame: next } : null;
    this.store.dispatch({ type: "view", view: frame });
  }

  async stepBy(moves: number): Promise<void> {
    const { store } = this;
    this.pause();
    if (!this.#something()) return;
    store.dispatch({ type: "view", view: null });
    const mine = ++this.#run;
    await this.ready();
    // A sweep of a large network takes a while one at a time: in parts, so that it is seen.
    for (let left = moves; left > 0 && mine === this.#run;) {
      const part = together(store.now, store.known) ? 1 : Math.min(left, Math.ceil(this.#cap));
      const frame = await this.#step(part);
      left -= part;
      if (!frame || rests(frame.why)) break;
      await nextFrame();
    }
    if (mine !== this.#run) return;
    await this.measure();
    this.#announce(store.now.words);
  }

  #announce(text: string) {
    this.store.dispatch({ type: "announce", text });
  }

  // In each frame neither all is measured nor rest is proved: do it where the reader stops.
  async measure(): Promise<void> {
    const { playing, run } = this.store.now;
    if (!playing && this.#enough && !run.history.at(-1)?.why) await this.look();
  }

  async look(): Promise<void> {
    this.#accept(await this.ask("look", this.wishes.overlay()));
  }

  // Where Python runs already and nothing moves, energy and words follow what is drawn.
  refresh(guarded: (action: () => Promise<void>) => unknown): void {
    const idle = () => !this.store.now.playing && this.#enough;
    if (!this.#ready || !idle()) return;
    clearTimeout(this.#refreshing);
    this.#refreshing = setTimeout(
      () => guarded(async () => void (idle() && (await this.look()))),
      QUIET,
    );
  }
}

const alike = (a: Settings, b: Settings | null): boolean =>
  b !== null && (Object.keys(a) as (keyof Settings)[]).every((name) => a[name] === b[name]);
