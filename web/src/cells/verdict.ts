// What is said of a cell's last run.

import { make } from "./dom";

export type Kind = "right" | "wrong" | "stopped";

export class Verdict {
  readonly line = make("p", { className: "live-verdict", hidden: true });

  constructor() {
    this.line.setAttribute("role", "status");
  }

  get shown(): boolean {
    return !this.line.hidden;
  }

  say(kind: Kind, words: string): void {
    if (this.line.textContent === words && this.shown) return;
    this.line.className = `live-verdict live-${kind}`;
    this.line.textContent = words;
    this.line.hidden = false;
  }

  hide(): void {
    this.line.hidden = true;
  }

  // Hide it if it is of this kind.
  drop(kind: Kind): void {
    if (this.line.matches(`.live-${kind}`)) this.hide();
  }
}
