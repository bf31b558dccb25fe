// The bar at the foot of the page that says what Python does.

import type { Stage } from "../python/python";
import { make } from "./dom";

export class Status {
  readonly bar: HTMLElement;
  readonly #text = make("span", { className: "live-status-text" });
  readonly #progress = make("progress", { max: 1, value: 0, ariaLabel: "Loading Python" });
  #coming = ""; // how far Python is on its way
  #doing = ""; // what is said of the run while Python is there

  constructor(stop: () => void) {
    this.#text.setAttribute("role", "status");
    const stopButton = make("button", { type: "button", textContent: "Stop", onclick: stop });
    const parts = [this.#progress, this.#text, stopButton];
    this.bar = make("div", { className: "live-status", hidden: true }, ...parts);
  }

  stage({ text, fraction }: Stage): void {
    this.#coming = fraction < 1 ? text : "";
    this.bar.hidden = !this.#doing; // Python may also come before it is asked for
    this.#progress.hidden = !this.#coming;
    this.#progress.value = fraction;
    this.#text.textContent = this.#coming || this.#doing || text;
  }

  show(text: string): void {
    this.#doing = text;
    this.bar.hidden = !text;
    if (text) this.#text.textContent = this.#coming || text;
  }

  ended(): void {
    this.#coming = "";
  }
}
