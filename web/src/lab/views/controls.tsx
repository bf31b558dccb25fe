// The parts that the lab's controls are made of. data-lab names what tests and styles look for.

import { type ReadonlySignal, useSignalEffect } from "@preact/signals";
import { type ComponentChildren, createContext } from "preact";
import { useContext, useRef } from "preact/hooks";
import type { App } from "../app";
import type { Choice } from "../types";

export const Lab = createContext<App | null>(null);
export const useLab = (): App => useContext(Lab)!;

const ICONS = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  move: "M2 2v12l7-6zM10 2h3v12h-3z",
  sweep: "M1 2v12l5-6zM7 2v12l5-6zM13 2h2v12h-2z",
  reset: "M8 3a5 5 0 1 1-4.6 3H1.3A7 7 0 1 0 8 1V0L3.500 2.500 8 5z",
  undo: "M6 1v3.500h4a4.500 4.500 0 0 1 0 9H4v-2h6a2.500 2.500 0 0 0 0-5H6V10L1 5.500z",
  redo: "M10 1v3.500H6a4.500 4.500 0 0 0 0 9h6v-2H6a2.500 2.500 0 0 1 0-5h4V10l5-4.500z",
  up: "M8 2l5 6H9.500v6h-3V8H3z",
  down: "M8 14l5-6H9.500V2h-3v6H3z",
  left: "M2 8l6 5V9.500h6v-3H8V3z",
  right: "M14 8L8 13V9.500H2v-3h6V3z",
  "upper half": "M1 1h14v7H1zM1 8h1.500v5.500H1zM13.500 8H15v5.500h-1.500zM1 13.500h14V15H1z",
  "lower half": "M1 8h14v7H1zM1 2.500h1.500V8H1zM13.500 2.500H15V8h-1.500zM1 1h14v1.500H1z",
  "left half": "M1 1h7v14H1zM8 1h5.500v1.500H8zM8 13.500h5.500V15H8zM13.500 1H15v14h-1.500z",
  "right half": "M8 1h7v14H8zM2.500 1H8v1.500H2.500zM2.500 13.500H8V15H2.500zM1 1h1.500v14H1z",
  screen: "M0 2h16v9.500H9v1.500h3v1.500H4V13h3v-1.500H0zM1.500 3.500V10h13V3.500z",
  eye: "M8 3C4 3 1.500 6.500 1 8c.5 1.500 3 5 7 5s6.500-3.500 7-5c-.5-1.500-3-5-7-5zm0 8a3 3 0 1 1 0-6 3 3 0 0 1 0 6z",
  cross:
    "M3.400 2L2 3.400 6.600 8 2 12.600 3.400 14 8 9.400l4.600 4.600 1.400-1.400L9.400 8 14 3.400 12.600 2 8 6.600z",
};

export const Icon = ({ name }: { name: keyof typeof ICONS }) => (
  <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={ICONS[name]} fill-rule="evenodd" />
  </svg>
);

export function Card(props: { title: string; open: boolean; children: ComponentChildren }) {
  return (
    <details class="lab-card" open={props.open}>
      <summary>{props.title}</summary>
      <div class="lab-body">{props.children}</div>
    </details>
  );
}

interface SliderProps {
  name: string;
  label: string;
  range: [low: number, high: number, step: number];
  value: number;
  text: string;
  hidden?: boolean;
  disabled?: boolean;
  onInput?: (value: number) => void;
  onChange?: (value: number) => void;
}

export function Slider({ name, label, range, value, text, hidden, ...rest }: SliderProps) {
  const [min, max, step] = range;
  const tell = (action?: (value: number) => void) =>
    action && ((event: Event) => action(Number((event.target as HTMLInputElement).value)));
  return (
    <label class="lab-slider" hidden={hidden}>
      <span>
        {label} <output data-lab={`${name}Text`}>{text}</output>
      </span>
      <input
        type="range"
        data-lab={name}
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={rest.disabled}
        aria-valuetext={text}
        onInput={tell(rest.onInput)}
        onChange={tell(rest.onChange)}
      />
    </label>
  );
}

interface SelectProps {
  name: string;
  label: string;
  choices: readonly Choice[];
  value: string;
  hidden?: boolean;
  onChange: (value: string) => void;
}

export const Select = ({ name, label, choices, value, hidden, onChange }: SelectProps) => (
  <label class="lab-field" hidden={hidden}>
    <span>{label}</span>
    <select data-lab={name} value={value} onChange={(e) => onChange(e.currentTarget.value)}>
      {choices.map((choice) => (
        <option key={choice.name} value={choice.name}>
          {choice.text}
        </option>
      ))}
    </select>
  </label>
);

interface CheckProps {
  name: string;
  hidden?: boolean;
  checked: boolean;
  children: ComponentChildren;
  onChange: (on: boolean) => unknown;
}

export const Check = ({ name, checked, hidden, children, onChange }: CheckProps) => (
  <label class="lab-check" hidden={hidden}>
    <input
      type="checkbox"
      data-lab={name}
      checked={checked}
      onChange={(e) => onChange(e.currentTarget.checked)}
    />{" "}
    {children}
  </label>
);

interface ButtonProps {
  name?: string;
  label?: string; // what is heard, where it is not what is seen
  title?: string;
  class?: string;
  disabled?: boolean;
  children: ComponentChildren;
  onClick: () => unknown;
}

export function Button({ name, label, children, onClick, ...rest }: ButtonProps) {
  const lab = useLab();
  const press = lab.guarded(onClick);
  return (
    <button type="button" data-lab={name} aria-label={label} onClick={() => press()} {...rest}>
      {children}
    </button>
  );
}

// A line whose words change under a reader's ears. Those that are an object of their own are read
// out even where they are the same as before.
export function Line(props: {
  name: string;
  class: string;
  words: ReadonlySignal<string | { text: string }>;
  live?: boolean;
}) {
  const line = useRef<HTMLParagraphElement>(null);
  useSignalEffect(() => {
    const { value } = props.words;
    line.current!.textContent = typeof value === "string" ? value : value.text;
  });
  return (
    <p
      ref={line}
      class={props.class}
      data-lab={props.name}
      role={props.live ? "status" : undefined}
    />
  );
}
