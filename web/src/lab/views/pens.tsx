// What the pen paints with: it depends on what the cells are.

import { useComputed } from "@preact/signals";
import { useId } from "preact/hooks";
import { plain } from "../cells";
import { type Pot, potOf, potsOf } from "../hand";
import { formOf } from "../select";
import { Button, Slider, useLab } from "./controls";

const NAMES = { ink: "Ink", paper: "Paper", unknown: "Unknown", shade: "Grey", pin: "Pin" };
const nameOf = (pot: Pot) => (typeof pot === "number" ? `Colour ${pot}` : NAMES[pot]);

export function Pens() {
  const lab = useLab();
  const { store, ui, known } = lab;
  const group = useId();
  const form = useComputed(() => formOf(known, store.state.value.settings));
  const chosen = potOf(ui, form.value);
  return (
    <>
      <fieldset class="lab-row lab-inks">
        <legend class="lab-hidden">Pen</legend>
        {potsOf(form.value).map((pot) => (
          <label key={pot} class="lab-radio">
            <input
              type="radio"
              name={group}
              value={pot}
              checked={chosen === pot}
              onChange={() => (ui.pen.value = pot)}
            />
            <i class={`lab-swatch lab-${typeof pot === "number" ? `colour-${pot}` : pot}`} />
            {nameOf(pot)}
          </label>
        ))}
      </fieldset>
      <Slider
        name="shade"
        label="Grey"
        range={[-1, 1, 0.05]}
        value={ui.shade.value}
        text={ui.shade.value.toFixed(2).replace("-", "−")}
        hidden={chosen !== "shade"}
        onInput={(shade) => (ui.shade.value = shade)}
      />
      <Pinned />
    </>
  );
}

function Pinned() {
  const { store, ui } = useLab();
  const pinned = useComputed(() => store.state.value.pins.reduce((sum, pin) => sum + pin, 0));
  const out = () => store.dispatch({ type: "pins", pins: plain(store.now.side, 0) });
  return (
    <div class="lab-row" hidden={!pinned.value && ui.pen.value !== "pin"}>
      <span class="lab-note" data-lab="pinned">
        {pinned.value === 1 ? "1 neuron is" : `${pinned.value} neurons are`} pinned and never move
        {pinned.value === 1 ? "s" : ""}.
      </span>
      <Button name="unpin" disabled={!pinned.value} onClick={out}>
        Take all pins out
      </Button>
    </div>
  );
}
