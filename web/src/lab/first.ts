// A first visit: a recorded run of the package plays until Python is there, then the network itself
// does, once. Whatever the reader touches ends it. Nothing moves by itself where motion is reduced,
// and nothing is fetched for readers who save data: they see the recording.

import { thrifty } from "../python/python";
import { fromBase64 } from "../shared/address";
import type { App } from "./app";
import { beginFresh } from "./begin";
import type { Keep } from "./keep";
import type { Frame, Recorded } from "./types";

const PACE = 170; // milliseconds a frame
const REST = 1500; // at the end of the run
const ROUNDS = 3; // then it stands at its end
const TOUCHES = ["pointerdown", "keydown", "click", "input"];

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const loaded = () =>
  new Promise<unknown>((resolve) => {
    if (document.readyState === "complete") resolve(null);
    else addEventListener("load", resolve, { once: true });
  });

export const frameOf = ({ bits, ...rest }: Recorded): Frame => ({
  ...rest,
  bits: fromBase64(bits),
  words: `Recorded: ${rest.words}`,
});

export async function showFirst(lab: App, keep: Keep): Promise<void> {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const { store, root } = lab;
  let showing = true;
  const end = () => {
    if (!showing) return;
    showing = keep.recording = false;
    for (const kind of TOUCHES) root.removeEventListener(kind, end, true);
    removeEventListener("hashchange", end, true);
    beginFresh(store);
    store.dispatch({ type: "opened" });
    store.say("");
  };
  for (const kind of TOUCHES) root.addEventListener(kind, end, true);
  addEventListener("hashchange", end, true);
  keep.recording = true;
  store.say(
    thrifty
      ? "This is a recording of a run. Press Play: Python is fetched, and the network itself runs."
      : "This is a recording of a run, until Python is there. Whatever you press takes over.",
  );
  const start = async () => {
    await loaded();
    if (!showing) return;
    await lab.backend.start();
    if (!showing) return;
    end();
    store.tell("Python is there: this is no recording, the network itself runs.");
    await lab.guarded(() => lab.driver.play())();
  };
  if (!thrifty) {
    start().catch(() => {
      lab.ui.stage.value = null;
      if (showing) store.say("This is a recording: Python could not be fetched. Play tries again.");
    });
  }
  const frames = lab.known.first!.frames.map(frameOf);
  for (let round = 1; round <= ROUNDS && showing; round++) {
    if (round > 1) beginFresh(store);
    for (const frame of frames) {
      store.dispatch({ type: "frame", frame, run: store.now.run.id });
      await wait(PACE);
      if (!showing) return;
    }
    await wait(REST);
  }
}
