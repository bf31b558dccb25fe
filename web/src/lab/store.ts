// The state as a signal, and as it was last drawn.

import { type Signal, signal } from "@preact/signals";
import { type Note, reading } from "./notes";
import { type Event, initial, reduce } from "./reducer";
import type { Known, State } from "./types";

const SLOW = 90; // milliseconds between two drawings of what needs no frame of its own

export class Store {
  readonly state: Signal<State>;
  readonly drawn: Signal<State>; // as of the last frame of the screen: the canvas
  readonly seen: Signal<State>; // slower while it plays: words, time and plots
  #waiting = false;
  #slow = 0;

  constructor(readonly known: Known) {
    const state = initial(known);
    this.state = signal(state);
    this.drawn = signal(state);
    this.seen = signal(state);
  }

  get now(): State {
    return this.state.value;
  }

  readonly dispatch = (event: Event): State => {
    const { said, notice } = this.state.peek();
    const state = reduce(this.state.peek(), event, this.known, performance.now());
    this.state.value = state;
    if (state.said?.at !== said?.at) this.#read(state.said);
    if (state.notice?.at !== notice?.at) this.#read(state.notice);
    this.#draw();
    return this.state.peek();
  };

  // A small line under the canvas, read out too.
  readonly say = (text: string): unknown => this.dispatch({ type: "say", text });

  // What matters most, in the larger line.
  readonly tell = (text: string): unknown => this.dispatch({ type: "tell", text });

  // Give the reader time for what is said.
  #read(note: Note | null) {
    if (!note) return;
    const { at, text } = note;
    setTimeout(() => this.dispatch({ type: "read", at }), reading(text));
  }

  #draw() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame((now) => {
      this.#waiting = false;
      const state = this.state.peek();
      this.drawn.value = state;
      if (state.playing && now - this.#slow < SLOW) return;
      this.#slow = now;
      this.seen.value = state;
    });
  }
}
