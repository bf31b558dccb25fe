// What a cell gives; the old output stands until the new one comes, so that nothing flickers.

import type { CellEvent } from "../python/python";
import { make } from "./dom";

export const DRAFT = 1; // how fine an image is that a slider draws while it moves

const lines = (figure: Uint8Array) => figure[0] === "<".charCodeAt(0); // SVG, not PNG

export const isDraft = ({ figure, fine }: CellEvent): boolean =>
  figure !== undefined && fine === DRAFT && !lines(figure);

// Let go of the live figures within an element.
export function forget(element: Element): void {
  const images =
    element instanceof HTMLImageElement ? [element] : [...element.querySelectorAll("img")];
  for (const image of images) {
    if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
  }
}

export class Output {
  #text: HTMLPreElement | null = null;
  #figures = 0;
  readonly #frames: HTMLElement[];
  readonly #images: HTMLImageElement[];

  constructor(readonly place: HTMLElement) {
    this.#frames = [...place.querySelectorAll("figure")];
    this.#images = [...place.querySelectorAll("img")];
  }

  add({ figure, fine = 1, text = "" }: CellEvent): void {
    if (figure) this.#draw(figure, lines(figure) ? 1 : fine, isDraft({ figure, fine }));
    else this.#write(text);
  }

  #write(text: string) {
    if (!this.#text) {
      this.#removeText();
      this.#text = make("pre", { className: "live-text", tabIndex: 0 });
      this.#text.setAttribute("aria-label", "Output");
      this.place.prepend(this.#text);
    }
    this.#text.append(text);
  }

  // Remove the text that stands there; figures stay for those to come.
  #removeText() {
    for (const old of this.place.querySelectorAll(".output, pre")) {
      if (old !== this.#text && !old.closest("figure") && !old.querySelector("img")) old.remove();
    }
  }

  #draw(bytes: Uint8Array, fine: number, draft: boolean) {
    const type = lines(bytes) ? "image/svg+xml" : "image/png";
    const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
    const old = this.#images[this.#figures++];
    const image = old ?? make("img", { alt: "A figure drawn by this cell" });
    if (old) {
      forget(old);
      old.removeAttribute("height");
    }
    image.toggleAttribute("data-draft", draft);
    image.onload = () => (image.width = Math.round(image.naturalWidth / fine));
    image.src = url;
    if (!old) this.place.append(image);
  }

  // Remove what this run has not given anew; a frame with its caption stays, dimmed.
  end(): void {
    this.#removeText();
    for (const image of this.#images.slice(this.#figures)) {
      if (image.closest("figure")) continue;
      forget(image);
      image.remove();
    }
    this.#frames.forEach((frame, k) => frame.classList.toggle("live-stale", k >= this.#figures));
  }

  // The error stands below what was printed before it; its last lines, with the message, in sight.
  error(text: string): void {
    const error = make("pre", { className: "live-error", textContent: text, tabIndex: 0 });
    error.setAttribute("aria-label", "Error");
    if (this.#text) this.#text.after(error);
    else this.place.prepend(error);
    error.scrollTop = error.scrollHeight;
  }
}
