// Which model the network is, and the settings that it and its neurons have.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { number } from "../geometry";
import { counts, fitting, keptBy, modelOf } from "../select";
import type { Choice, Settings } from "../types";
import { Select, Slider, useLab } from "./controls";

const SETTLED = 80; // milliseconds: a slider that is pulled must not begin a run at each pixel

const LABELS: Partial<Record<keyof Settings, string>> = {
  model: "Model",
  rule: "Learning rule",
  neuron: "Neuron",
  tie: "Where the field is exactly 0",
  order: "Who moves when",
  hold: "Hold",
  attention: "Attention",
  similarity: "Pictures are compared by",
  ends: "After the last pattern it",
};

export function Memory() {
  const { store, known } = useLab();
  const settings = useComputed(() => store.state.value.settings);
  const model = modelOf(known, settings.value);
  return (
    <>
      <Setting name="model" />
      {model.uses
        .filter((name) => counts(known, settings.value, name))
        .map((name) => (
          <Setting key={name} name={name} />
        ))}
      <p class="lab-note" data-lab="ruleText">
        {keptBy(known, settings.value).text}
      </p>
    </>
  );
}

// A setting by its name: a menu, or a slider.
export function Setting({ name }: { name: keyof Settings }) {
  const lab = useLab();
  const { store, known } = lab;
  const settings = useComputed(() => store.state.value.settings);
  const side = useComputed(() => store.state.value.side);
  if (known.sliders[name]) return <Pulled name={name} />;
  const model = modelOf(known, settings.value);
  const allowed = { neuron: model.neurons, order: model.orders }[name as string];
  if (allowed?.length === 1) return null; // nothing to choose
  const all: Choice[] =
    name === "rule"
      ? fitting(known, side.value).map((rule) => ({ name: rule.name, text: rule.name }))
      : known.menus[name];
  return (
    <Select
      name={name}
      label={LABELS[name]!}
      choices={allowed ? all.filter((choice) => allowed.includes(choice.name)) : all}
      value={String(settings.value[name])}
      onChange={(value) => lab.choose(name, value)}
    />
  );
}

function Pulled({ name }: { name: keyof Settings }) {
  const lab = useLab();
  const { store, known } = lab;
  const { text, low, high, step } = known.sliders[name];
  const now = useComputed(() => Number(store.state.value.settings[name]));
  const pulled = useSignal(now.value);
  const settling = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => void (pulled.value = now.value), [now.value]);
  return (
    <Slider
      name={name}
      label={text}
      range={[low, high, step]}
      value={pulled.value}
      text={step < 0.1 ? pulled.value.toFixed(2) : number(pulled.value)}
      onInput={(value) => {
        pulled.value = value;
        clearTimeout(settling.current);
        settling.current = setTimeout(() => lab.choose(name, value), SETTLED);
      }}
    />
  );
}
