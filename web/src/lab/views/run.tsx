// Play, step, pull time back, take back.

import { useComputed } from "@preact/signals";
import { pace, together } from "../driver";
import { number } from "../geometry";
import { formOf, until } from "../select";
import { Button, Check, Icon, Line, Slider, useLab } from "./controls";

export function Run() {
  const lab = useLab();
  const { store, ui } = lab;
  const words = useComputed(() => store.seen.value.notice?.text ?? store.seen.value.words);
  const grey = useComputed(() => formOf(lab.known, store.state.value.settings).kind === "grey");
  const saidAt = useComputed(() => store.state.value.said?.at);
  const said = useComputed(
    () => (void saidAt.value, { text: store.state.peek().said?.text ?? "" }),
  );
  const aloud = useComputed(() => store.state.value.aloud);
  return (
    <>
      <div class="lab-run" role="group" aria-label="Run">
        <Play />
        <Button name="oneMove" onClick={() => lab.driver.stepBy(1)}>
          <Icon name="move" />
          <span>1 move</span>
        </Button>
        <Button name="oneSweep" onClick={() => lab.sweep()}>
          <Icon name="sweep" />
          <span>1 sweep</span>
        </Button>
        <Button name="reset" title="Back to the cue" onClick={() => lab.reset()}>
          <Icon name="reset" />
          <span>Reset</span>
        </Button>
      </div>
      <Line name="words" class="lab-words" words={words} />
      <div class="lab-clock">
        <Time />
        <Speed />
      </div>
      <div class="lab-row lab-more">
        <Check
          name="overlay"
          checked={ui.overlay.value}
          hidden={grey.value}
          onChange={lab.guarded((on: boolean) => lab.setOverlay(on))}
        >
          Show who is about to flip
        </Check>
        <Changes />
      </div>
      <div class="lab-status">
        <Loading />
        <Line name="say" class="lab-say" words={said} live />
      </div>
      <Line name="aloud" class="lab-hidden" words={aloud} live />
    </>
  );
}

function Play() {
  const lab = useLab();
  const playing = useComputed(() => lab.store.state.value.playing);
  return (
    <Button name="play" class="lab-play" onClick={() => lab.toggle()}>
      <Icon name={playing.value ? "pause" : "play"} />
      <span>{playing.value ? "Pause" : "Play"}</span>
    </Button>
  );
}

function Loading() {
  const { stage } = useLab().ui;
  const { text, fraction } = stage.value ?? { text: "Loading Python", fraction: 0 };
  return (
    <div class="lab-loading" data-lab="loading" hidden={!stage.value}>
      <label>
        <span data-lab="loadingText">{text}</span>
        <progress data-lab="progress" max={1} value={fraction} />
      </label>
    </div>
  );
}

function Time() {
  const lab = useLab();
  const state = lab.store.seen.value;
  const { history } = state.run;
  const last = Math.max(history.length - 1, 0);
  const k = state.view && "frame" in state.view ? state.view.frame : last;
  const { moves, sweeps } = until(state, history[k]);
  return (
    <Slider
      name="time"
      label="Time"
      range={[0, last, 1]}
      value={k}
      disabled={last === 0}
      text={`${sweeps.toFixed(2)} sweeps, ${moves} ${moves === 1 ? "move" : "moves"}`}
      onInput={(frame) => lab.pull(frame)}
    />
  );
}

function Speed() {
  const { store, ui, known } = useLab();
  const state = useComputed(() => {
    const moves = pace(store.state.value, ui.speed.value, known);
    const all = together(store.state.value, known);
    const speed = Number((all ? moves : 10 ** ui.speed.value).toPrecision(2));
    return `${number(speed)} ${all ? "move" : "sweep"}${speed === 1 ? "" : "s"} a second`;
  });
  return (
    <Slider
      name="speed"
      label="Speed"
      range={[-2, 1.5, 0.25]}
      value={ui.speed.value}
      text={state.value}
      onInput={(speed) => (ui.speed.value = speed)}
    />
  );
}

function Changes() {
  const lab = useLab();
  const { store, ui, keep } = lab;
  const past = useComputed(() => store.state.value.past.length > 0);
  const future = useComputed(() => store.state.value.future.length > 0);
  return (
    <div class="lab-row" role="group" aria-label="Changes">
      <Button
        name="undo"
        class="lab-icon"
        label="Undo"
        title="Undo"
        disabled={!past.value}
        onClick={() => store.dispatch({ type: "undo" })}
      >
        <Icon name="undo" />
      </Button>
      <Button
        name="redo"
        class="lab-icon"
        label="Redo"
        title="Redo"
        disabled={!future.value}
        onClick={() => store.dispatch({ type: "redo" })}
      >
        <Icon name="redo" />
      </Button>
      {keep && (
        <>
          <Button
            name="over"
            title="The lab as it began; Undo brings this back"
            onClick={() => keep.startOver()}
          >
            Start over
          </Button>
          <Button
            name="projector"
            class={ui.projector.value ? undefined : "lab-icon"}
            label={ui.projector.value ? undefined : "Projector"}
            title="Projector: large, with few controls; Escape leaves it"
            onClick={() => (ui.projector.value = !ui.projector.value)}
          >
            {ui.projector.value ? "Leave the projector" : <Icon name="screen" />}
          </Button>
        </>
      )}
    </div>
  );
}
