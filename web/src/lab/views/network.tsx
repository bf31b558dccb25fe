// The network: its model, neuron, order, and the seed of all that is random in a run.

import { useComputed } from "@preact/signals";
import { useLab } from "./controls";
import { Memory, Setting } from "./memory";

const LARGEST = 2 ** 31 - 1; // seed

export function Network() {
  const { store, known } = useLab();
  const neuron = useComputed(() => store.state.value.settings.neuron);
  return (
    <>
      <Memory />
      <Setting name="neuron" />
      {known.uses[neuron.value].map((name) => (
        <Setting key={name} name={name} />
      ))}
      <Setting name="order" />
      <Setting name="hold" />
      <Seed />
    </>
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
