// What is measured of the run: energy, overlaps; and the weights.

import { type Signal, signal, useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { number } from "../geometry";
import { DASHES, heat, lines } from "../plots";
import { followed, until } from "../select";
import type { State } from "../types";
import { Line, useLab } from "./controls";
import { Neuron } from "./neuron";

const FOLLOWED = 6; // patterns whose overlap has a colour of its own
const OTHERS = 40; // patterns that are drawn in grey besides

// A signal that changes with the size of an element.
export function useSize(element: { current: HTMLElement | null }): Signal<string> {
  const size = useMemo(() => signal(""), []);
  useEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) => {
      size.value = `${contentRect.width} ${contentRect.height}`;
    });
    watch.observe(element.current!);
    return () => watch.disconnect();
  }, []);
  return size;
}

function measured(state: State) {
  const frames = state.run.history.filter(({ overlaps }) => overlaps);
  const { view } = state;
  const frame = view && "frame" in view ? state.run.history[view.frame] : null;
  return {
    frames,
    x: frames.map((one) => until(state, one).sweeps),
    now: frame && until(state, frame).sweeps,
    empty: state.patterns.length ? "Press Play" : "Store a pattern first",
  };
}

export function Traces() {
  return (
    <section class="lab-traces" aria-label="Traces">
      <Energy />
      <Overlaps />
      <WeightsCard />
      <Neuron />
    </section>
  );
}

function Energy() {
  const { store, theme } = useLab();
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  useSignalEffect(() => {
    void size.value;
    const { frames, x, now, empty } = measured(store.seen.value);
    const y = frames.map((frame) => frame.energy ?? null);
    const none = y.length > 0 && y.every((e) => e === null);
    const words = none ? "this memory has no energy" : empty;
    const series = [{ y, colour: theme.value.lines[0] }];
    const target = canvas.current!;
    lines(target, { x, now, theme: theme.value, empty: words, series, yLabel: "energy E" });
    const [first, last] = [y[0], y.at(-1)];
    target.ariaLabel =
      typeof first !== "number" || typeof last !== "number"
        ? "Energy: nothing yet"
        : `Energy, from ${number(first)} to ${number(last)} in ${number(x.at(-1)!)} sweeps`;
  });
  return (
    <figure>
      <figcaption>Energy</figcaption>
      <canvas ref={canvas} class="lab-plot" data-lab="energy" role="img" />
    </figure>
  );
}

interface Choosing {
  run: number;
  patterns: unknown;
  rule: string;
  chosen: number[];
}

function Overlaps() {
  const { store, theme } = useLab();
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const legend = useMemo(
    () => signal<{ names: string[]; more: number }>({ names: [], more: 0 }),
    [],
  );
  const last = useRef<Choosing | null>(null);
  useSignalEffect(() => {
    void size.value;
    const state = store.seen.value;
    const { run, patterns, settings } = state;
    const { frames, x, now, empty } = measured(state);
    const overlaps = frames.at(-1)?.overlaps ?? [];
    // Who is followed is chosen once a run, so that no colour changes its meaning in it.
    const { current: kept } = last;
    const stays = kept?.run === run.id && kept.patterns === patterns && kept.rule === settings.rule;
    let chosen = stays ? kept.chosen : [];
    if (chosen.length !== Math.min(FOLLOWED, overlaps.length)) {
      chosen = followed(frames[0].overlaps!, overlaps, FOLLOWED);
    }
    last.current = { run: run.id, patterns, rule: settings.rule, chosen };
    const names = chosen.map((k) => patterns[k]?.name ?? "");
    legend.value = { names, more: overlaps.length - chosen.length };
    const others = overlaps.map((_, k) => k).filter((k) => !chosen.includes(k));
    const series = (k: number, colour: string, dash: number[], width: number) => ({
      y: frames.map((frame) => frame.overlaps![k]),
      colour,
      dash,
      width,
    });
    const colours = theme.value;
    lines(canvas.current!, {
      x,
      now,
      empty,
      theme: colours,
      range: [-1.05, 1.05],
      yLabel: "overlap m",
      series: [
        ...others.slice(0, OTHERS).map((k) => series(k, colours.grid, [], 1)),
        ...chosen.map((k, j) => series(k, colours.lines[j], DASHES[j], 2)),
      ],
    });
    canvas.current!.ariaLabel = chosen.length
      ? chosen.map((k, j) => `Overlap with ${names[j]}: ${overlaps[k].toFixed(2)}`).join(", ")
      : "Overlaps: nothing yet";
  });
  return (
    <figure>
      <figcaption>Overlap with what is stored</figcaption>
      <canvas ref={canvas} class="lab-plot" data-lab="overlaps" role="img" />
      <Legend {...legend.value} />
    </figure>
  );
}

function Legend({ names, more }: { names: string[]; more: number }) {
  const { lines: colours, grid } = useLab().theme.value;
  const entry = (text: string, colour: string, dash: number[], key: string) => (
    <li key={key}>
      <svg viewBox="0 0 28 8" aria-hidden="true">
        <path
          d="M0 4h28"
          fill="none"
          stroke-width="2.5"
          stroke={colour}
          stroke-dasharray={dash.join(" ")}
        />
      </svg>
      {text}
    </li>
  );
  return (
    <ul class="lab-legend" data-lab="legend">
      {names.map((name, j) => entry(name, colours[j], DASHES[j], `${j} ${name}`))}
      {more > 0 && entry(`${more} others`, grid, [], "others")}
    </ul>
  );
}

function WeightsCard() {
  const lab = useLab();
  const { store, ui, theme } = lab;
  const canvas = useRef<HTMLCanvasElement>(null);
  const ends = useMemo(() => signal(0), []); // the largest weight
  const words = useComputed(() => {
    const { patterns, side } = store.state.value;
    const found = ui.weights.value;
    if (!patterns.length) return "Nothing is stored.";
    if (!found) return "Press Play to see them.";
    const { k, block } = found;
    if (!k || found.words) return found.words;
    if (block === 1) return `The weights between all ${k} neurons: row i, column j is W_ij.`;
    const rows = block === side ? ", a row of the picture each." : ".";
    return `Means of the weights between ${k} blocks of ${block} successive neurons${rows}`;
  });
  useSignalEffect(() => {
    const found = ui.weights.value;
    if (!found?.k) return;
    const values = new Float32Array(found.values.slice().buffer);
    ends.value = heat(canvas.current!, values, found.k, theme.value.heat);
  });
  const none = !ui.weights.value?.k || !store.state.value.patterns.length;
  const toggled = lab.guarded((open: boolean) => {
    ui.weightsOpen.value = open;
    return lab.weigh();
  });
  return (
    <details
      class="lab-card"
      data-lab="weightsCard"
      onToggle={(e) => void toggled(e.currentTarget.open)}
    >
      <summary>Weights</summary>
      <div class="lab-body">
        <canvas
          ref={canvas}
          class="lab-heat"
          data-lab="weights"
          role="img"
          aria-label={words.value}
          hidden={none}
        />
        <p class="lab-scale" data-lab="scale" hidden={none}>
          <span data-lab="least">{number(-ends.value)}</span>
          <i />
          <span data-lab="most">{number(ends.value)}</span>
        </p>
        <Line name="weightsText" class="lab-note" words={words} />
      </div>
    </details>
  );
}
