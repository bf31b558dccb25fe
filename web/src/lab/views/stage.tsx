// The canvas, and below it what runs the network.

import { useComputed, useSignalEffect } from "@preact/signals";
import { useId, useMemo, useRef } from "preact/hooks";
import { brushOf, cursorOf } from "../hand";
import { Pen } from "../pen";
import { pixels } from "../plots";
import { formOf, shown } from "../select";
import { useLab } from "./controls";
import { Brush } from "./draw";
import { Pens } from "./pens";
import { Pins } from "./pins";
import { Run } from "./run";
import { Step } from "./tour";

const LINED = 60; // neurons a side up to which a grid is drawn

export function Stage() {
  const lab = useLab();
  const { store, ui, theme } = lab;
  const pen = useMemo(() => new Pen(lab), [lab]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const side = useComputed(() => store.state.value.side);
  const keys = useId();
  useSignalEffect(() => {
    const state = store.drawn.value;
    const unstable = state.view ? null : state.run.unstable;
    const form = formOf(lab.known, state.settings);
    pixels(canvas.current!, state.side, shown(state), theme.value, unstable, form);
  });
  useSignalEffect(() => {
    const n = side.value;
    const size = brushOf(ui, n);
    const first = -Math.floor((size - 1) / 2);
    const { row, column } = cursorOf(ui, n);
    const share = (k: number) => `${(100 * k) / n}%`;
    Object.assign(cursor.current!.style, {
      left: share(column + first),
      top: share(row + first),
      width: share(size),
      height: share(size),
    });
  });
  const leave = () => (cursor.current!.hidden = document.activeElement !== canvas.current);
  return (
    <section class="lab-stage" aria-label="Canvas">
      {lab.keep && <Step keep={lab.keep} />}
      <div class="lab-pens lab-inline">
        <Pens />
        <Brush />
      </div>
      <div class="lab-frame">
        <canvas
          ref={canvas}
          class="lab-canvas"
          data-lab="canvas"
          tabIndex={0}
          role="application"
          aria-label="The neurons. Arrow keys move, space paints."
          aria-describedby={keys}
          onPointerDown={pen.down}
          onPointerMove={(event) => {
            pen.move(event);
            cursor.current!.hidden = false;
          }}
          onPointerUp={pen.up}
          onPointerCancel={pen.up}
          onPointerLeave={leave}
          onBlur={() => (cursor.current!.hidden = true)}
          onFocus={() => {
            cursor.current!.hidden = false;
            pen.say();
          }}
          onKeyDown={pen.key}
        />
        <div
          class="lab-lines"
          data-lab="lines"
          hidden={side.value > LINED}
          style={{ "--side": String(side.value) }}
        />
        <Pins />
        <div ref={cursor} class="lab-cursor" data-lab="cursor" hidden />
      </div>
      <p class="lab-hidden" id={keys}>
        Arrow keys move the cursor, with Shift they paint too; space or enter paints; I, P and U
        choose ink, paper and unknown, N the pin; [ and ] the size of the brush; R plays and pauses,
        a point makes one move.
      </p>
      <Run />
    </section>
  );
}
