// A mark on each cell that is pinned, and on each that is about to take another colour.

import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { formOf } from "../select";
import { useLab } from "./controls";

const FINE = 8; // pixels of the mark's canvas a cell, fewer where there are many
const MOST = 1200; // pixels a side

export function Pins() {
  const { store, theme, known } = useLab();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pins = useComputed(() => store.state.value.pins);
  const turning = useComputed(() => {
    const { settings, view, run } = store.drawn.value;
    return formOf(known, settings).kind === "colour" && !view ? run.unstable : null;
  });
  const any = useComputed(() => pins.value.includes(1) || !!turning.value?.includes(1));
  useSignalEffect(() => {
    const side = Math.sqrt(pins.value.length);
    const fine = Math.max(3, Math.min(FINE, Math.floor(MOST / side)));
    const target = canvas.current!;
    target.width = target.height = side * fine;
    const pen = target.getContext("2d")!;
    pen.fillStyle = theme.value.lines[1];
    pins.value.forEach((pin, i) => {
      if (!pin) return;
      const [x, y] = [(i % side) * fine + fine / 2, Math.floor(i / side) * fine + fine / 2];
      pen.beginPath();
      pen.arc(x, y, fine / 4, 0, 2 * Math.PI);
      pen.fill();
    });
    pen.lineWidth = fine / 8;
    turning.value?.forEach((turns, i) => {
      if (turns !== 1) return;
      const [x, y] = [(i % side) * fine, Math.floor(i / side) * fine];
      for (const [inset, colour] of [
        [1.5, theme.value.card],
        [2.5, theme.value.text],
      ] as const) {
        pen.strokeStyle = colour;
        const from = (inset * fine) / 8;
        pen.strokeRect(x + from, y + from, fine - 2 * from, fine - 2 * from);
      }
    });
  });
  return <canvas ref={canvas} class="lab-pins" data-lab="pins" aria-hidden hidden={!any.value} />;
}
