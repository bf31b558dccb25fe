// What is stored, and how much of it the rule keeps.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { pixels } from "../plots";
import { alikeWords, formOf, type Gauge, loadGauge, loadWords, modelOf } from "../select";
import type { Pattern } from "../types";
import { Attention } from "./attention";
import { Button, Icon, useLab } from "./controls";

export function Stored() {
  const lab = useLab();
  const name = useSignal("");
  const many = useSignal(5);
  const store = lab.guarded(() => {
    if (lab.storeShown(name.value)) name.value = "";
  });
  return (
    <>
      <List />
      <div class="lab-row lab-joined">
        <label class="lab-field">
          <span class="lab-hidden">Name (if you like)</span>
          <input
            placeholder="Name (if you like)"
            data-lab="name"
            type="text"
            maxLength={20}
            autocomplete="off"
            value={name.value}
            onInput={(e) => (name.value = e.currentTarget.value)}
            onKeyDown={({ key }) => key === "Enter" && store()}
          />
        </label>
        <Button name="store" class="lab-strong" onClick={store}>
          Store the canvas
        </Button>
      </div>
      <div class="lab-row lab-joined">
        <label class="lab-field lab-count">
          <span class="lab-hidden">Number</span>
          <input
            data-lab="many"
            type="number"
            min={1}
            max={50}
            value={many.value}
            onInput={(e) => (many.value = Number(e.currentTarget.value))}
          />
        </label>
        <Button name="storeRandom" onClick={() => (many.value = lab.storeRandom(many.value))}>
          Store random
        </Button>
        <ForgetAll />
      </div>
      <Load />
    </>
  );
}

function List() {
  const lab = useLab();
  const { store } = lab;
  const patterns = useComputed(() => store.state.value.patterns);
  const shown = useComputed(() => {
    const { view } = store.state.value;
    return view && "pattern" in view ? view.pattern : -1;
  });
  const list = useRef<HTMLUListElement>(null);
  const forget = (k: number) => {
    lab.forget(k);
    // The list is drawn anew soon: the focus goes to what stands in its place then.
    setTimeout(() => {
      const items = list.current!.querySelectorAll("li");
      const next = items[Math.min(k, items.length - 1)]?.querySelector("button");
      (next ?? lab.root.querySelector<HTMLElement>("[data-lab=store]"))?.focus();
    });
  };
  return (
    <>
      <ul class="lab-stored" data-lab="stored" aria-label="Stored patterns" ref={list}>
        {patterns.value.map((pattern, k) => (
          <Item
            key={k}
            k={k}
            pattern={pattern}
            shown={shown.value === k}
            onShow={() => lab.showPattern(k)}
            onForget={() => forget(k)}
          />
        ))}
      </ul>
      <p class="lab-note" data-lab="none" hidden={patterns.value.length > 0}>
        Nothing is stored. Draw something, then store it.
      </p>
    </>
  );
}

const LARGE = 60; // neurons a side that a small picture has a pixel for

interface ItemProps {
  k: number;
  pattern: Pattern;
  shown: boolean;
  onShow: () => void;
  onForget: () => void;
}

function Item({ k, pattern, shown, onShow, onForget }: ItemProps) {
  const lab = useLab();
  const { name, cells, source } = pattern;
  const small = useRef<HTMLCanvasElement>(null);
  const theme = lab.theme.value;
  useEffect(() => {
    pixels(small.current!, Math.sqrt(cells.length), cells, theme, null, lab.form);
  }, [cells, theme]);
  const put = () => {
    lab.put(cells, name, source);
    lab.store.say(`“${name}” is the cue.`);
  };
  return (
    <li>
      <Button class="lab-thumb" label={`Use “${name}” as the cue`} onClick={put}>
        <canvas ref={small} class={cells.length > LARGE ** 2 ? "" : "lab-pixels"} />
        <span>{name}</span>
      </Button>
      <Attention k={k} />
      <div class="lab-two">
        <button
          type="button"
          class="lab-small"
          aria-label={`Show “${name}”`}
          title="Show it"
          aria-pressed={shown}
          onClick={onShow}
        >
          <Icon name="eye" />
        </button>
        <Button class="lab-small" label={`Forget “${name}”`} title="Forget it" onClick={onForget}>
          <Icon name="cross" />
        </Button>
      </div>
    </li>
  );
}

function ForgetAll() {
  const lab = useLab();
  const asking = useSignal(false);
  const count = useComputed(() => lab.store.state.value.patterns.length);
  const keep = useRef<HTMLDivElement>(null);
  const ask = () => {
    if (count.value) asking.value = true;
    else lab.store.say("Nothing is stored.");
  };
  const answer = (forget: boolean) => {
    asking.value = false;
    lab.root.querySelector<HTMLElement>("[data-lab=forgetAll]")?.focus();
    if (forget) lab.forgetAll();
  };
  useEffect(() => {
    if (asking.value) keep.current!.querySelector<HTMLElement>("[data-lab=keepThem]")!.focus();
  }, [asking.value]);
  return (
    <>
      <Button name="forgetAll" onClick={ask}>
        Forget all
      </Button>
      <div
        ref={keep}
        class="lab-row lab-warning"
        data-lab="sure"
        role="group"
        aria-label="Forget all?"
        hidden={!asking.value}
        onKeyDown={({ key }) => key === "Escape" && answer(false)}
      >
        <span data-lab="sureText">Forget all {count.value} patterns?</span>
        <Button name="forgetThem" onClick={() => answer(true)}>
          Forget them
        </Button>
        <Button name="keepThem" onClick={() => answer(false)}>
          Keep them
        </Button>
      </div>
    </>
  );
}

function Load() {
  const { store, known } = useLab();
  const made = useComputed(() => {
    const { patterns, side, settings } = store.state.value;
    return JSON.stringify([patterns.length, side, settings]);
  });
  const patterns = useComputed(() => store.state.value.patterns);
  const words = useComputed(() => (made.value, loadWords(store.state.peek(), known)));
  const gauge = useComputed(() => (made.value, loadGauge(store.state.peek(), known)));
  const alike = useComputed(() => {
    const { settings } = (made.value, store.state.peek());
    const blends = modelOf(known, settings).uses.includes("rule"); // others tell them apart
    return blends ? alikeWords(patterns.value, formOf(known, settings)) : "";
  });
  const { load, keeps, overload } = words.value;
  return (
    <>
      {gauge.value && <Bar {...gauge.value} />}
      <details class="lab-note" data-lab="load">
        <summary>{load}</summary>
        {keeps}
      </details>
      <p class="lab-warning" data-lab="overload" hidden={!overload}>
        {overload}
      </p>
      <p class="lab-warning" data-lab="alike" hidden={!alike.value}>
        {alike.value}
      </p>
    </>
  );
}

// A bar that fills with the patterns that are stored; the words below it say the same.
function Bar({ stored, end, marks, level }: Gauge) {
  const share = (count: number) => `${((100 * count) / end).toFixed(2)}%`;
  const [first, second = first] = marks;
  const gap = share(second.at - first.at);
  return (
    <div class={`lab-gauge lab-${level}`} data-lab="gauge" aria-hidden="true">
      <div class="lab-bar">
        <div class="lab-filled" style={{ width: share(stored) }} />
        {marks.map(({ at, text }) => (
          <i key={text} style={{ left: share(at) }} />
        ))}
      </div>
      <div
        class="lab-marks"
        style={{
          gridTemplateColumns: `minmax(max-content, ${share(first.at)}) minmax(0, ${gap}) minmax(max-content, 1fr)`,
        }}
      >
        {marks.map(({ text }) => (
          <span key={text}>{text}</span>
        ))}
      </div>
    </div>
  );
}
