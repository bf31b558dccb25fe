// The landscape of the present memory: asks Python for it in small parts, and starts runs on it.

import { computed, effect, signal, untracked } from "@preact/signals";
import type { App } from "./app";
import { type Cells, overlap, TOP, unpackState } from "./cells";
import { number } from "./geometry";
import { type Ground, named, planeGround, sheetGround } from "./ground";
import {
  distanceOf,
  extent,
  floats,
  gridPlaces,
  heightAt,
  meansAt,
  type Place,
  placeOf,
  sheetPlace,
  sheetState,
  stateAt,
} from "./landscape";
import type { Mark } from "./over";
import { recorded } from "./save";
import { shown } from "./select";
import type { Frame, State } from "./types";

const COARSE = 13; // heights a side that are asked for first
const FINEST = 49;
const WORTH = 0.8; // seconds that the finer ones may take in all
const PART = [0.006, 0.03]; // seconds that Python may be asked for at once: as it plays, else
const QUIET = 160; // milliseconds after a change
const ALONG = 40; // states that a plane along the run is laid through

// The state that the map's dot stands for: the run's, or of the frame that is looked at.
const standing = (state: State): Cells =>
  state.view && "pattern" in state.view ? state.run.cells : shown(state);

export class Terrain {
  readonly open = signal(true);
  readonly kind = signal("pair");
  readonly chosen = signal<readonly [string, string]>(["", ""]); // none: as near the cue as can be
  readonly ground = signal<Ground | null>(null);
  readonly words = signal(""); // why there is none
  readonly asking = signal(false); // Python is asked for it
  readonly cursor = signal<Place | null>(null);
  readonly #learned = signal(0);
  #pair: [number, number] = [0, 1];
  #run = -1; // for whose cue these two were taken
  #mine = -1; // the run that was begun here
  #asked = "";
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #places = new WeakMap<Frame, Place>();

  constructor(readonly app: App) {
    const survey = app.guarded(() => this.#survey());
    const side = computed(() => app.store.state.value.side);
    const count = computed(() => app.store.state.value.patterns.length);
    const run = computed(() => app.store.state.value.run.id);
    const far = computed(() => this.#far(app.store.state.value, this.kind.value));
    effect(() => (void side.value, untracked(() => this.#resized())));
    // Whatever the map depends on, and not each frame of a run: that would put it off for ever.
    effect(() => {
      void [this.#learned.value, this.kind.value, this.chosen.value, side.value, run.value];
      void far.value;
      if (!count.value) untracked(() => this.#nothing());
      if (!this.open.value || !count.value) return;
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => void survey(), QUIET);
    });
  }

  #nothing() {
    this.ground.value = null;
    this.#asked = this.words.value = "";
  }

  // Of a small network all states are shown at first, of others a plane.
  #resized() {
    if (this.small !== (this.kind.peek() === "states")) {
      this.kind.value = this.small ? "states" : "pair";
    }
  }

  // Python has another memory.
  learned(): void {
    this.#learned.value++;
  }

  get small(): boolean {
    const { state, known } = this.app.store;
    return state.value.side ** 2 <= known.laid;
  }

  // ---- what is asked ----------------------------------------------------------------------------

  // The two patterns that the plane goes through.
  #two({ patterns, cue, run }: State): [number, number] {
    const away = run.id !== this.#run && run.id !== this.#mine;
    if (away || this.#pair.some((k) => k >= patterns.length)) {
      const size = patterns.map((p) => Math.abs(overlap(p.cells, cue, this.app.form)));
      const ranked = patterns.map((_, k) => k).sort((a, b) => size[b] - size[a]);
      this.#pair = [ranked[0], ranked[1] ?? ranked[0]];
      this.#run = run.id;
    } else if (run.id === this.#mine) this.#run = run.id;
    const index = (chosen: string) => patterns.findIndex(({ name }) => name === chosen);
    let [first, second] = this.chosen.peek().map(index);
    const free = (other: number) => this.#pair.find((k) => k !== other) ?? this.#pair[0];
    if (first < 0) first = free(second);
    if (second < 0) second = free(first);
    return [first, second];
  }

  // How far a run has come, as far as a plane along it follows: while it plays, at each doubling.
  #far({ playing, run }: State, kind: string): number {
    if (kind !== "path") return 0;
    const { length } = run.history;
    return playing ? -Math.floor(Math.log2(length + 1)) : length;
  }

  // All that the landscape depends on.
  #key(state: State, two: readonly number[]): string {
    const { run } = state;
    const begun = run.id === this.#mine ? this.#run : run.id;
    const kind = this.kind.peek();
    const more = kind === "cue" ? begun : kind === "path" ? run.id : "";
    return [this.#learned.peek(), kind, ...two, more, this.#far(state, kind)].join(" ");
  }

  async #survey() {
    const { store, driver } = this.app;
    if (this.asking.peek() || !driver.learned) return;
    this.asking.value = true;
    try {
      for (;;) {
        const state = store.now;
        if (!this.open.peek() || !state.patterns.length) return;
        const two = this.#two(state);
        const key = this.#key(state, two);
        if (key === this.#asked) return;
        this.#asked = key;
        const changed = () => key !== this.#key(store.now, this.#two(store.now));
        await this.#look(two, changed).catch((error) => {
          this.#asked = "";
          if (!changed()) throw error;
        });
      }
    } finally {
      this.asking.value = false;
    }
  }

  async #look(two: [number, number], changed: () => boolean) {
    const { store, driver } = this.app;
    const { run, patterns } = store.now;
    const along = this.kind.peek() === "path" && run.history.length > 0;
    const way = along ? recorded(run.history, ALONG) : { bits: new Uint8Array(), moves: [] };
    const cut = await driver.ask("landscape", this.kind.peek(), ...two, way.bits, way.moves.length);
    if (changed()) return;
    const names = two.map((k) => patterns[k].name) as [string, string];
    this.words.value = cut.words;
    if (cut.kind === "none") this.ground.value = null;
    else if (cut.kind === "states") this.#show(sheetGround(cut, names));
    else await this.#measure(planeGround(cut, names, patterns), changed);
  }

  #show(ground: Ground) {
    this.#places = new WeakMap();
    this.ground.value = ground;
  }

  // Ask for the heights, coarsely, then as finely as is worth the while.
  async #measure(ground: Ground, changed: () => boolean) {
    let each = 0.002; // seconds a height, until that is known
    for (const step of ["coarse", "fine"]) {
      const able = Math.floor(Math.sqrt(WORTH / each));
      const side = step === "coarse" ? COARSE : Math.min(able, FINEST);
      if (step === "fine" && side < COARSE + 4) return;
      const { low, high } = ground.grid;
      const places = gridPlaces(side, low, high);
      const heights = new Float32Array(side * side);
      for (let done = 0; done < heights.length;) {
        const part = PART[this.app.store.now.playing ? 0 : 1];
        const count = Math.min(Math.max(1, Math.round(part / each)), heights.length - done);
        const bytes = new Uint8Array(places.slice(2 * done, 2 * (done + count)).buffer);
        const { values, took } = await this.app.driver.ask("heights", bytes);
        if (changed()) return;
        heights.set(floats(values), done);
        done += count;
        each += (took / count - each) / 2;
      }
      this.#show({ ...ground, grid: { low, high, columns: side, rows: side, heights } });
    }
  }

  // ---- where states are -------------------------------------------------------------------------

  placeOf(cells: Cells): Place | null {
    const ground = this.ground.peek();
    if (!ground) return null;
    return ground.plane ? placeOf(ground.plane, this.#states(cells)) : sheetPlace(cells);
  }

  // What the neurons of these cells are in.
  #states(cells: Cells): ArrayLike<number> {
    return this.app.form.kind === "grey" ? Float32Array.from(cells, (c) => c / TOP) : cells;
  }

  // Whether the map is of a network of this size.
  fits({ side }: State): boolean {
    const ground = this.ground.peek();
    const { plane, grid } = ground ?? {};
    return (plane ? plane.centre.length : Math.log2(grid?.heights.length ?? 0)) === side * side;
  }

  // The way of the run, up to a frame.
  trail({ run, side }: State, last: number): Place[] {
    const n = side * side;
    return run.history.slice(0, last + 1).map((frame) => {
      let place = this.#places.get(frame);
      if (!place)
        this.#places.set(frame, (place = this.placeOf(unpackState(frame.bits, n, frame.kind))!));
      return place;
    });
  }

  // ---- starting ---------------------------------------------------------------------------------

  // What is at a place, in words.
  at(place: Place): string {
    const ground = this.ground.peek()!;
    const energy = `energy ${number(Math.round(heightAt(ground.grid, place) * 10) / 10)}`;
    return `${this.#beside(this.#stateAt(place), ground)}, ${energy}`;
  }

  #beside(cells: Cells, { of }: Ground): string {
    const { patterns } = this.app.store.now;
    const said = of.map((name) => {
      const pattern = patterns.find((p) => p.name === name);
      const m = pattern ? overlap(cells, pattern.cells, this.app.form) : 0;
      return `${m.toFixed(2).replace("-", "−")} with “${name}”`;
    });
    return `overlap ${[...new Set(said)].join(" and ")}`;
  }

  #stateAt(place: Place): Cells {
    const { plane } = this.ground.peek()!;
    const { side, seed } = this.app.store.now;
    if (!plane) return sheetState(side * side, place);
    if (this.app.form.kind !== "grey") return stateAt(plane, place, seed);
    return Int8Array.from(meansAt(plane, place), (mean) => Math.round(TOP * mean));
  }

  // Begin a run at the state that is nearest to a place, or at a mark.
  async start(place: Place, mark: Mark | null): Promise<void> {
    const { app } = this;
    const ground = this.ground.peek();
    if (!ground || !this.fits(app.store.now)) return;
    const stored = mark && app.store.now.patterns.find(({ name }) => name === mark.name);
    const cells =
      stored && mark.kind === "stored" ? stored.cells : this.#stateAt(mark?.at ?? place);
    app.put(cells);
    this.#mine = app.store.now.run.id;
    const what = mark ? `“${mark.name}”` : `a state with ${this.#beside(cells, ground)}`;
    app.store.say(`A run starts at ${what}.`);
    if (!app.store.now.playing) await app.driver.play();
  }

  // What the directions mean, and how far the state is from what is seen.
  tells(state: State): string {
    const ground = this.ground.value;
    if (!ground || !this.fits(state)) return "";
    const [first, second] = ground.of.map((name) => `“${name}”`);
    const what: Record<string, string> = {
      pair: `Right: overlap with ${first}. Up: with ${second}.`,
      cue: `The plane through ${named(ground.of)} and the cue.`,
      path: "The plane that lies closest to the run.",
      states:
        "Each cell is a state, its neighbours differ in one neuron. The colour says at which fixed " +
        "point it ends; the darker, the deeper.",
    };
    if (!ground.plane) return what.states;
    const far = distanceOf(ground.plane, this.#states(standing(state))).toFixed(2);
    return `${what[ground.kind]} The state is ${far} off the plane.`;
  }

  // All that the map shows, for those who do not see it.
  describe(state: State): string {
    const ground = this.ground.value;
    if (!ground || !this.fits(state)) return "Landscape: nothing yet";
    const [low, high] = extent(ground.grid.heights).map((e) => number(Math.round(e * 10) / 10));
    const what = ground.plane
      ? "Map of the energy on a plane"
      : `Map of all ${ground.grid.heights.length} states, which end at ${ground.many} fixed points`;
    const marked = ground.marks.map(({ name }) => name).join(", ");
    const marks = marked ? ` Marked: ${marked}.` : "";
    const where = ` The state has ${this.#beside(standing(state), ground)}.`;
    return `${what}, from ${low} at the deepest to ${high}.${marks}${where} ${this.tells(state)}`;
  }
}
