// The network: its rule, neuron, order, and the seed of all that is random in a run.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { fitting, loadWords } from "../select";
import type { Choice, Settings } from "../types";
import { Select, Slider, useLab } from "./controls";

const LARGEST = 2 ** 31 - 1; // seed
const SETTLED = 80; // milliseconds: a slider that is pulled must not begin a run at each pixel

export function Network() {
  const lab = useLab();
  const { store, known } = lab;
  const settings = useComputed(() => store.state.value.settings);
  const side = useComputed(() => store.state.value.side);
  const rules = fitting(known, side.value).map(({ name }) => ({ name, text: name }));
  const hot = settings.value.neuron === "HeatBath";
  const select = (name: keyof Settings, label: string, choices: Choice[], hidden = false) => (
    <Select
      name={name}
      label={label}
      choices={choices}
      value={String(settings.value[name])}
      hidden={hidden}
      onChange={(value) => store.dispatch({ type: "setting", name, value })}
    />
  );
  return (
    <>
      {select("rule", "Learning rule", rules)}
      <p class="lab-note" data-lab="ruleText">
        {loadWords({ ...store.state.peek(), settings: settings.value }, known).rule}
      </p>
      {select("neuron", "Neuron", known.neurons)}
      <Temperature hidden={!hot} />
      {select("tie", "Where the field is exactly 0", known.ties, hot)}
      {select("order", "Who moves when", known.orders)}
      {select("hold", "Hold", known.holds)}
      <Seed />
    </>
  );
}

function Temperature({ hidden }: { hidden: boolean }) {
  const { store, known } = useLab();
  const T = useComputed(() => store.state.value.settings.T);
  const pulled = useSignal(T.value);
  const settling = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => void (pulled.value = T.value), [T.value]);
  return (
    <Slider
      name="T"
      label="Temperature T"
      range={[...known.temperatures, 0.01]}
      value={pulled.value}
      text={pulled.value.toFixed(2)}
      hidden={hidden}
      onInput={(value) => {
        pulled.value = value;
        clearTimeout(settling.current);
        const settle = () => store.dispatch({ type: "setting", name: "T", value });
        settling.current = setTimeout(settle, SETTLED);
      }}
    />
  );
}

function Seed() {
  const { store } = useLab();
  const seed = useComputed(() => store.state.value.seed);
  return (
    <label class="lab-field">
      <span>Random seed</span>
      <input
        data-lab="seed"
        type="number"
        min={0}
        max={LARGEST}
        step={1}
        value={seed.value}
        onChange={(e) => {
          const value = Math.round(Number(e.currentTarget.value));
          const taken = value >= 0 && value <= LARGEST ? value : 0;
          e.currentTarget.value = String(taken);
          store.dispatch({ type: "seed", seed: taken });
        }}
      />
    </label>
  );
}
