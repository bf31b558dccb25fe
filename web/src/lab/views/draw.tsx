// What puts something on the canvas.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { paperOf, plain } from "../cells";
import { brushOf, largestBrush } from "../hand";
import { putPhoto, readPhoto } from "../photo";
import { formOf } from "../select";
import { Button, Check, Select, Slider, useLab } from "./controls";

export function Draw() {
  const lab = useLab();
  const { store, ui } = lab;
  const letters = useSignal("A");
  const kind = useComputed(() => formOf(lab.known, store.state.value.settings).kind);
  return (
    <>
      <div class="lab-row">
        <Button name="clear" onClick={() => lab.put(plain(store.now.side, paperOf(lab.form)))}>
          All paper
        </Button>
        <Button name="random" onClick={() => lab.putRandom()}>
          Random pattern
        </Button>
      </div>
      <Pictures />
      <div class="lab-row lab-joined">
        <label class="lab-field">
          <span>Letters you type</span>
          <input
            data-lab="letter"
            type="text"
            maxLength={6}
            value={letters.value}
            autocomplete="off"
            onInput={(e) => (letters.value = e.currentTarget.value)}
            onKeyDown={({ key }) => key === "Enter" && lab.putLetters(letters.value)}
          />
        </label>
        <Button
          name="putLetter"
          label="Use the letters on the canvas"
          onClick={() => lab.putLetters(letters.value)}
        >
          Use
        </Button>
      </div>
      <label class="lab-field">
        <span>Image from your disk</span>
        <input
          data-lab="image"
          type="file"
          accept="image/*"
          onChange={(e) => void lab.guarded(() => readPhoto(lab, e.currentTarget.files?.[0]))()}
        />
      </label>
      <div data-lab="imageTools" hidden={!ui.photo.value}>
        <Slider
          hidden={kind.value !== "ink"}
          name="level"
          label="Darker than"
          range={[1, 255, 1]}
          value={ui.level.value}
          text={String(ui.level.value)}
          onInput={(level) => {
            ui.level.value = level;
            putPhoto(lab);
          }}
        />
        <Check
          name="invert"
          checked={ui.invert.value}
          onChange={(on) => {
            ui.invert.value = on;
            putPhoto(lab);
          }}
        >
          {kind.value === "ink" ? "Take the light side as ink" : "Exchange light and dark"}
        </Check>
      </div>
      <Grid />
    </>
  );
}

export function Brush() {
  const { store, ui } = useLab();
  const side = useComputed(() => store.state.value.side);
  const size = brushOf(ui, side.value);
  return (
    <Slider
      name="brush"
      label="Brush"
      range={[1, largestBrush(side.value), 1]}
      value={size}
      text={`${size} × ${size}`}
      onInput={(brush) => (ui.brush.value = brush)}
    />
  );
}

function Pictures() {
  const lab = useLab();
  const { pictures } = lab.known;
  const picture = useSignal(pictures[0]?.name ?? "");
  return (
    <div class="lab-row lab-joined">
      <Select
        name="picture"
        label="Ready-made picture"
        choices={pictures.map(({ name }) => ({ name, text: name }))}
        value={picture.value}
        onChange={(name) => (picture.value = name)}
      />
      <Button
        name="putPicture"
        label="Use the picture on the canvas"
        disabled={!pictures.length}
        onClick={() => lab.putPicture(picture.value)}
      >
        Use
      </Button>
    </div>
  );
}

function Grid() {
  const lab = useLab();
  const side = useComputed(() => lab.store.state.value.side);
  const pulled = useSignal(side.value);
  useEffect(() => void (pulled.value = side.value), [side.value]);
  return (
    <Slider
      name="side"
      label="Grid"
      range={[...lab.known.sides, 1]}
      value={pulled.value}
      text={`${pulled.value} × ${pulled.value} = ${pulled.value ** 2} neurons`}
      onInput={(value) => (pulled.value = value)}
      onChange={(value) => void lab.guarded(() => lab.setSide(value))()}
    />
  );
}
