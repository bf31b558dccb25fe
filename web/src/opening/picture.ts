// A state on a canvas, a cell a pixel; the page makes it as large as it likes.

import { readTheme } from "../lab/theme";
import type { State } from "./run";
import type { Point } from "./smear";

export class Picture {
  readonly #pen: CanvasRenderingContext2D;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.#pen = canvas.getContext("2d")!;
  }

  // Where on the picture an event is, in cells.
  cell(event: PointerEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    const { width, height } = this.canvas;
    return {
      x: ((event.clientX - box.left) / box.width) * width - 0.5,
      y: ((event.clientY - box.top) / box.height) * height - 0.5,
    };
  }

  draw(state: State): void {
    const colours = readTheme(this.canvas).cells;
    const image = this.#pen.createImageData(this.canvas.width, this.canvas.height);
    const words = new Uint32Array(image.data.buffer);
    state.forEach((value, k) => (words[k] = colours[value + 1]));
    this.#pen.putImageData(image, 0, 0);
  }
}
