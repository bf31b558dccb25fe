// The landscape: a map of the energy, the way of the run on it, and places to start from.

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import { number } from "../geometry";
import { extent } from "../landscape";
import { drawOver } from "../over";
import { Pointing } from "../pointing";
import { paintGround } from "../relief";
import { shown } from "../select";
import type { Surface } from "../surface";
import { Line, Select, useLab } from "./controls";
import { useSize } from "./traces";

export function Landscape() {
  const { terrain } = useLab();
  return (
    <details
      class="lab-card lab-landscape"
      data-lab="landscapeCard"
      open
      onToggle={(e) => (terrain.open.value = e.currentTarget.open)}
    >
      <summary>Landscape</summary>
      <div class="lab-body">
        <Chart />
        <Cut />
      </div>
    </details>
  );
}

function Chart() {
  const lab = useLab();
  const { terrain, store, theme } = lab;
  const map = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const keys = useId();
  const size = useSize(over);
  const surface = useSignal<Surface | null>(null);
  const turned = useSignal(0);
  const pointing = useMemo(() => new Pointing(lab, over, surface), [lab]);
  useSignalEffect(() => {
    const ground = terrain.ground.value;
    void size.value;
    if (!ground) return;
    if (surface.value) surface.value.show(ground, theme.value);
    else paintGround(map.current!, ground, theme.value);
  });
  useSignalEffect(() => {
    const state = store.drawn.value;
    const ground = terrain.ground.value;
    void [size.value, turned.value, terrain.cursor.value];
    const canvas = over.current!;
    if (!ground || !terrain.fits(state)) return;
    const { view } = state;
    const last = view && "frame" in view ? view.frame : state.run.history.length - 1;
    const trail = terrain.trail(state, last);
    const now = view && "pattern" in view ? (trail.at(-1) ?? null) : terrain.placeOf(shown(state));
    const cursor = pointing.focused.value ? terrain.cursor.value : null;
    drawOver(canvas, { marks: ground.marks, trail, now, cursor }, pointing.look, theme.value);
  });
  useSignalEffect(() => {
    over.current!.ariaLabel = terrain.describe(store.seen.value);
  });
  useEffect(() => () => surface.peek()?.end(), []);
  const flatten = () => {
    surface.value?.end();
    surface.value = null;
  };
  const toggle = lab.guarded(async () => {
    if (surface.value) return flatten();
    const { open } = await lab.surface();
    const lost = () => {
      if (surface.value !== opened) return;
      flatten();
      store.say("The browser has lost the surface: the map is flat again. 3-D draws it anew.");
    };
    const turn = () => (turned.value = turned.peek() + 1); // what shows the ground does not follow
    const opened = open(map.current!, turn, lost);
    surface.value = opened;
    if (!opened) store.tell("This browser has no WebGL: the map stays flat.");
  });
  const none = useComputed(() => !terrain.ground.value);
  const lacking = useComputed(() => none.value && terrain.words.value !== "");
  const solid = surface.value !== null;
  return (
    <>
      <div class={lacking.value ? "lab-land lab-lacking" : "lab-land"}>
        <canvas ref={map} class="lab-ground" data-lab="ground" aria-hidden="true" />
        <canvas
          ref={over}
          class="lab-over"
          data-lab="landscape"
          data-solid={solid || undefined}
          tabIndex={none.value ? -1 : 0}
          role="application"
          aria-roledescription="map"
          aria-label="Landscape"
          aria-describedby={keys}
          {...pointing.handlers}
        />
        {none.value && <Empty />}
      </div>
      <p class="lab-hidden" id={keys}>
        {solid
          ? "Arrow keys turn the surface, plus and minus come nearer and go away; enter starts a run at the cross."
          : "Arrow keys move a cross; enter or space starts a run there."}
      </p>
      <Line name="landscapeText" class="lab-note lab-here" words={pointing.words} />
      <div class="lab-row lab-land-tools" hidden={lacking.value}>
        <button
          type="button"
          class="lab-solid"
          data-lab="solid"
          aria-pressed={solid}
          disabled={none.value}
          onClick={() => void toggle()}
        >
          3-D
        </button>
        <Scale />
      </div>
      <Key />
    </>
  );
}

function Empty() {
  const { terrain, store } = useLab();
  const words = useComputed(() => {
    if (!store.state.value.patterns.length) return "Store a pattern first.";
    if (terrain.words.value) return terrain.words.value;
    return terrain.asking.value
      ? "The map is being drawn."
      : "Press Play: the map is drawn once Python is there.";
  });
  return (
    <p class="lab-empty" data-lab="landscapeNone">
      <span>{words.value}</span>
    </p>
  );
}

// The energies that the colours stand for, or the fixed points.
function Scale() {
  const { terrain, theme } = useLab();
  const ground = terrain.ground.value;
  if (!ground) return null;
  if (!ground.plane) {
    const more = ground.many - ground.ends.length;
    const name = (end: string, k: number) => (
      <li key={`${k}`}>
        <i style={{ background: `rgb(${theme.value.basins[k]})` }} />
        {end}
      </li>
    );
    return (
      <ul class="lab-legend" data-lab="basins">
        {ground.ends.map(name)}
        {more > 0 && name(`${more} others`, ground.ends.length)}
      </ul>
    );
  }
  const [low, high] = extent(ground.grid.heights).map((e) => number(Number(e.toPrecision(4))));
  return (
    <p class="lab-scale lab-depths">
      <span class="lab-unit">E</span>
      <span>{low}</span>
      <i />
      <span>{high}</span>
    </p>
  );
}

function Key() {
  const { ground } = useLab().terrain;
  if (!ground.value) return null;
  const { kind } = ground.value;
  const other = { pair: "inverse", states: "fixed point" }[kind];
  const row = (sign: string, text: string) => (
    <li key={text}>
      <b>{sign}</b> {text}
    </li>
  );
  return (
    <ul class="lab-legend lab-key" aria-hidden="true">
      {kind !== "states" && row("◆", "stored")}
      {other && row("◇", other)}
      {row("○", "start")}
      {row("●", "now")}
    </ul>
  );
}

// Which plane.
function Cut() {
  const lab = useLab();
  const { terrain, store } = lab;
  const patterns = useComputed(() => store.state.value.patterns);
  const { value: kind } = terrain.kind;
  const planes = (lab.known.planes ?? []).filter(({ name }) => name !== "states" || terrain.small);
  const names = patterns.value.map(({ name }) => name);
  const choices = (first: string) => [
    { name: "", text: first },
    ...names.map((name) => ({ name, text: name })),
  ];
  const of = (axis: 0 | 1, label: string, first: string) => (
    <Select
      name={axis ? "landUp" : "landAcross"}
      label={label}
      choices={choices(first)}
      value={names.includes(terrain.chosen.value[axis]) ? terrain.chosen.value[axis] : ""}
      hidden={kind === "path" || kind === "states"}
      onChange={(value) => {
        const chosen: [string, string] = [...terrain.chosen.value];
        chosen[axis] = value;
        terrain.chosen.value = chosen;
      }}
    />
  );
  const chosen = planes.find(({ name }) => name === kind);
  return (
    <details class="lab-note">
      <summary data-lab="landShown">Shown: {chosen?.text}</summary>
      <div class="lab-row lab-joined lab-cut">
        <Select
          name="land"
          label="What is shown"
          choices={planes}
          value={kind}
          onChange={(value) => (terrain.kind.value = value)}
        />
        {of(0, "To the right", "nearest")}
        {of(1, "Upwards", "the next")}
      </div>
    </details>
  );
}
