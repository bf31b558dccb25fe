// Links, and what the browser keeps for the next visit: the reader's own lab, and beside it what
// became of each chapter's state and of the last link, so that none is written over another.

import { effect, signal } from "@preact/signals";
import { beginFresh } from "./begin";
import { CHAPTER, decode, encode, type Place, placeOf, PREFIX, read, TOUR, written } from "./link";
import { initial, reduce } from "./reducer";
import { moves, told } from "./select";
import type { Store } from "./store";
import type { Settings, Told } from "./types";

const KEY = "hopfield:lab";
const DELAY = 400; // milliseconds
const LONG = 8000; // characters of an address that some programs cut

const isOurs = (hash: string) => [PREFIX, CHAPTER, TOUR].some((kind) => hash.startsWith(kind));

export class Keep {
  readonly address = signal("");
  readonly addressWords = signal("Address");
  readonly tour = signal<Place | null>(null); // where the reader is in one
  recording = false; // what moves is no doing of the reader's
  #home = ""; // "" is the reader's own
  #from = ""; // the address's part that named it

  constructor(readonly store: Store) {
    let keeping: ReturnType<typeof setTimeout> | undefined;
    let last: unknown[] = [];
    effect(() => {
      const { past, future } = store.state.value;
      if (past === last[0] && future === last[1]) return;
      last = [past, future];
      clearTimeout(keeping);
      keeping = setTimeout(() => this.#keep(), DELAY);
    });
    for (const kind of ["pagehide", "visibilitychange"]) {
      addEventListener(kind, () => this.#keep(), true);
    }
    addEventListener("hashchange", () => {
      if (!isOurs(location.hash)) return; // a heading of the page
      this.#keep();
      void this.open();
    });
  }

  #keep() {
    if (this.recording) return;
    const { past, future } = this.store.now;
    if (!past.length && !future.length && !moves(this.store.now)) return; // nothing was done
    try {
      const lab = written(told(this.store.now), this.store.known);
      localStorage.setItem(KEY + this.#home, JSON.stringify({ hash: this.#from, lab }));
    } catch {
      // private windows and other sites' frames may have no storage, a large lab no room
    }
  }

  #kept(place: string): { hash: string; lab: Told } | null {
    try {
      const { hash, lab } = JSON.parse(localStorage.getItem(KEY + place) ?? "");
      return { hash, lab: read(lab, this.store.known) };
    } catch {
      return null; // nothing that can be read was kept
    }
  }

  // Show what the address names, as it was left; without one the reader's own lab. Say whether there
  // is neither.
  async open(): Promise<boolean> {
    const { store } = this;
    this.#from = isOurs(location.hash) ? location.hash : "";
    const own = this.#kept("");
    if (!this.#from || own?.hash === this.#from) this.#home = "";
    else this.#home = this.#from.startsWith(PREFIX) ? PREFIX : this.#from;
    this.tour.value = placeOf(this.#from, store.known);
    const left = this.#home ? this.#kept(this.#home) : own;
    store.dispatch({ type: "opened" });
    if (left && (!this.#home || left.hash === this.#from)) {
      store.dispatch({ type: "show", lab: left.lab });
      store.tell(
        "Your patterns, canvas and settings are as you left them. Start over begins anew.",
      );
      return false;
    }
    beginFresh(store);
    const restored = await this.#restore();
    if (restored instanceof Error) {
      store.tell(
        "The link could not be read: it seems to be cut or damaged. Here is the lab as it begins.",
      );
    }
    return restored === false;
  }

  async startOver(): Promise<void> {
    this.store.dispatch({ type: "remember" });
    if (!this.#home || (await this.#restore()) !== true) beginFresh(this.store);
    this.store.say("The lab is as it began. Undo brings back what was here.");
  }

  // Show what the address named: true if it did, false if it names nothing, else the error.
  async #restore(): Promise<boolean | Error> {
    const { store } = this;
    try {
      const place = placeOf(this.#from, store.known);
      if (place) await this.#step(place);
      else if (this.#from) {
        const { lab, words } = await this.#named(this.#from);
        store.dispatch({ type: "show", lab });
        store.tell(words);
      } else return false;
      return true;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #named(hash: string): Promise<{ lab: Told; words: string }> {
    const { known } = this.store;
    if (hash.startsWith(PREFIX)) {
      const lab = await decode(hash.slice(PREFIX.length), known);
      return { lab, words: "This is what the link held. Press Play to go on." };
    }
    const name = hash.slice(CHAPTER.length);
    const { chapters = {} } = known;
    if (!hash.startsWith(CHAPTER) || !Object.hasOwn(chapters, name)) {
      throw new Error("it names nothing that is here");
    }
    return { lab: read(chapters[name].lab, known), words: chapters[name].words };
  }

  // Open a step of a tour: one without a state goes on in that of the step before.
  async #step({ name, step }: Place): Promise<void> {
    const { store } = this;
    const { steps } = store.known.tours![name];
    const from = steps.findLastIndex(({ state }, k) => k <= step && state);
    if (from < 0) beginFresh(store);
    else {
      const { lab } = await this.#named(steps[from].state!);
      const chosen = Object.entries(steps[from].settings ?? {}) as [keyof Settings, string][];
      const { known } = store;
      const state = chosen.reduce(
        (state, [name, value]) => reduce(state, { type: "setting", name, value }, known),
        reduce(initial(known), { type: "show", lab }, known),
      );
      store.dispatch({ type: "show", lab: told(state) });
    }
    store.dispatch({ type: "words", text: "The step above says what to try." });
    store.dispatch({ type: "announce", text: `${steps[step].words} ${steps[step].try}` });
  }

  async share(): Promise<void> {
    const text = await encode(told(this.store.now), this.store.known);
    const address = new URL(location.href);
    address.hash = this.#from = PREFIX + text;
    history.replaceState(null, "", address);
    this.address.value = address.href;
    const copied = await navigator.clipboard?.writeText(address.href).then(
      () => true,
      () => false,
    );
    const { length } = address.href;
    this.addressWords.value =
      (copied ? "Copied: the address of all this" : "The address of all this") +
      (length > LONG ? ` (${length} characters: some programs cut such long ones)` : "");
    this.store.say(this.addressWords.value);
  }
}
