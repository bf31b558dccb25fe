// The neuron under the cursor: its field, and what it adds to the fields of all others.

import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { number } from "../geometry";
import { heat } from "../plots";
import { Line, useLab } from "./controls";

export function Neuron() {
  const lab = useLab();
  const { store, ui, theme } = lab;
  const canvas = useRef<HTMLCanvasElement>(null);
  const fits = useComputed(() => {
    const { side, patterns } = store.seen.value;
    return patterns.length > 0 && ui.neuron.value?.told.values.length === 4 * side ** 2;
  });
  const words = useComputed(() => {
    const { side, patterns } = store.seen.value;
    const found = ui.neuron.value;
    if (!patterns.length) return "Nothing is stored.";
    if (!found || !fits.value) return "Press Play once, then point at a neuron.";
    const { site, told, state } = found;
    const [row, column] = [Math.floor(site / side), site % side];
    const agrees = told.field * state > 0 ? "It agrees with its field" : "Its field is against it";
    if (lab.form.kind !== "ink")
      return `Row ${row + 1}, column ${column + 1}: field h = ${number(told.field)}.`;
    const how = state === 0 ? "It is unknown" : told.field === 0 ? "Its field is zero" : agrees;
    return `Row ${row + 1}, column ${column + 1}: field h = ${number(told.field)}. ${how}.`;
  });
  useSignalEffect(() => {
    const found = ui.neuron.value;
    const { side } = store.seen.value;
    if (!found || !fits.value) return;
    const values = new Float32Array(found.told.values.slice().buffer);
    heat(canvas.current!, values, side, theme.value.heat);
  });
  return (
    <details
      class="lab-card"
      data-lab="neuronCard"
      onToggle={(e) => (ui.neuronOpen.value = e.currentTarget.open)}
    >
      <summary>One neuron</summary>
      <div class="lab-body">
        <canvas
          ref={canvas}
          class="lab-heat"
          data-lab="neuronMap"
          role="img"
          aria-label="What the neuron adds to the field of each other one"
          hidden={!fits.value}
        />
        <Line name="neuronText" class="lab-note" words={words} />
        <p class="lab-note">
          Point at a neuron, or move the cursor by keys: the map shows its weights to all others.
        </p>
      </div>
    </details>
  );
}
