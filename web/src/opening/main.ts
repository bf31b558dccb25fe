// The recall that the front page opens with: a recorded run plays; who smears it sees Python heal it.

import { Python, Stopped } from "../python/python";
import { Picture } from "./picture";
import { move, type Recorded, type State, stateOf, storedOf, textOf } from "./run";
import { type Point, smear, smearAcross } from "./smear";

const REST = 700; // milliseconds after a stroke before it heals
const LONG = 2500; // how long a run plays, at the most
const RADIUS = 8; // of a finger, in cells
const STROKES = 9;
const OUTCOME = "Stored and recalled by Python in this page";

const here = (file: string) => new URL(file, import.meta.url);
const wait = (time: number) => new Promise((then) => setTimeout(then, time));

class Opening {
  readonly #root: HTMLElement;
  readonly #picture: Picture;
  readonly #stored: Picture[];
  readonly #said: HTMLElement;
  readonly #python: Python;
  #state: State;
  #turn = 0; // counts what begins; what is older ends
  #seed = 1;
  #program = "";
  #last: Point | null = null;

  constructor(
    root: HTMLElement,
    readonly first: Recorded,
  ) {
    this.#root = root;
    this.#said = root.querySelector(".opening-said")!;
    const [picture, ...stored] = root.querySelectorAll("canvas");
    this.#picture = new Picture(picture);
    this.#stored = stored.map((canvas) => new Picture(canvas));
    this.#state = stateOf(first.cue);
    this.#python = new Python({
      onStage: ({ text, fraction }) => {
        if (root.dataset.state !== "waiting") return;
        this.#say(`${text} (${Math.round(100 * fraction)} %). It heals as soon as Python is here.`);
      },
    });
    this.#listen();
    this.#recolour();
    this.#python.prefetch();
  }

  #listen() {
    const press = (name: string, action: () => unknown) =>
      this.#root.querySelector(`.opening-${name}`)!.addEventListener("click", action);
    press("smear", () => {
      this.#begin();
      smearAcross(this.#state, STROKES, Math.random);
      this.#smeared();
    });
    press("heal", () => this.heal());
    press("again", () => this.play());
    const { canvas } = this.#picture;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#begin();
      this.#python.warm();
      this.#last = this.#picture.cell(event);
      this.#stroke(this.#last);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#last)
        event
          .getCoalescedEvents()
          .concat(event)
          .forEach((one) => this.#to(one));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        if (this.#last) this.#smeared();
        this.#last = null;
      });
    }
    new MutationObserver(() => this.#recolour()).observe(document.documentElement, {
      attributeFilter: ["data-theme"],
    });
  }

  // What begins now ends what was under way.
  #begin(): number {
    this.#root.dataset.state = "smeared";
    return ++this.#turn;
  }

  #to(event: PointerEvent) {
    this.#stroke(this.#picture.cell(event));
  }

  #stroke(to: Point) {
    smear(this.#state, this.#last!, to, RADIUS, Math.random);
    this.#last = to;
    this.#draw();
  }

  #smeared() {
    this.#draw();
    this.#python.warm();
    if (this.#python.running) {
      this.#say("Smeared.");
      void this.#soon();
    } else this.#say("Smeared. Press Heal: Python comes to this page, and recalls the picture.");
  }

  async #soon() {
    const turn = this.#turn;
    await wait(REST);
    if (turn === this.#turn) await this.heal();
  }

  // Play the run that was recorded when the book was built.
  async play() {
    const { first } = this;
    const turn = this.#begin();
    this.#state = stateOf(first.cue);
    this.#draw();
    this.#say("Half of BU, a quarter of its pixels wrong, the rest unknown: a recorded run.");
    if (!this.#still()) await wait(900);
    if (turn !== this.#turn) return;
    if (await this.#show(first, turn)) {
      this.#say(`Recalled: ${first.end}. Smear it, with the pointer or a finger, and it heals.`);
    }
  }

  // Recall what the picture shows: the package's own recall, in Python.
  async heal() {
    const turn = this.#begin();
    const cue = this.#state.slice();
    this.#root.dataset.state = "waiting";
    this.#say("Python is asked.");
    try {
      const found = await this.#recalled(cue);
      if (turn !== this.#turn) return;
      this.#say("Each neuron in turn does what the others ask for.");
      const moved = found.moved.reduce((sum, frame) => sum + move(cue, frame), 0);
      if (!(await this.#show(found, turn))) return;
      this.#say(`${OUTCOME}: ${found.end}. Neurons that moved: ${moved.toLocaleString("en")}.`);
    } catch (error) {
      if (error instanceof Stopped || turn !== this.#turn) return;
      this.#root.dataset.state = "rest";
      this.#say(`${(error as Error).message} Press Heal to try again.`);
    }
  }

  async #recalled(cue: State): Promise<Recorded> {
    this.#program ||= await (await fetch(here("opening.py"))).text();
    let text = "";
    const ask = `print(again(${JSON.stringify(textOf(cue))}, ${++this.#seed}))`;
    await this.#python.run(`${this.#program}\n${ask}`, {
      name: "The recall",
      fine: 0,
      onEvent: (event) => (text += event.text ?? ""),
    });
    return JSON.parse(text) as Recorded;
  }

  // Show a run frame by frame, or its end at once to who wants no motion; false where another began.
  async #show(run: Recorded, turn: number): Promise<boolean> {
    this.#root.dataset.state = "playing";
    const pause = Math.min(45, LONG / run.moved.length);
    let due = performance.now();
    for (const frame of run.moved) {
      if (turn !== this.#turn) return false;
      move(this.#state, frame);
      if (this.#still()) continue;
      this.#draw();
      due += pause;
      const left = due - performance.now();
      if (left > 4) await wait(left);
    }
    this.#draw();
    this.#root.dataset.state = "rest";
    return true;
  }

  #still(): boolean {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  #recolour() {
    this.#draw();
    const { length } = this.#state;
    this.#stored.forEach((one, k) => one.draw(storedOf(this.first.stored[k], length)));
  }

  #draw() {
    this.#picture.draw(this.#state);
  }

  #say(words: string) {
    this.#said.textContent = words;
  }
}

const root = document.querySelector<HTMLElement>(".opening");
if (root) {
  void fetch(here("opening.json"))
    .then((answer) => answer.json() as Promise<Recorded>)
    .then((first) => new Opening(root, first).play());
}
