import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Backend, Calls } from "../src/lab/backend";
import { Driver } from "../src/lab/driver";
import { moves, told } from "../src/lab/select";
import { Store } from "../src/lab/store";
import { begun, frame, known, pattern } from "./known";

let onFrame: () => void = () => undefined; // what happens between two parts of a sweep

beforeAll(() => {
  vi.stubGlobal("requestAnimationFrame", (then: (now: number) => void) => {
    onFrame();
    return setTimeout(then, 0);
  });
});

// A network that counts its moves, and answers when it is let.
class Slow implements Backend {
  running = false;
  asked: string[] = [];
  why = "";
  #moves = 0;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;

  start() {
    this.running = true;
    return Promise.resolve();
  }

  hold() {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  let() {
    this.#open();
  }

  async call<K extends keyof Calls>(name: K, ...args: Parameters<Calls[K]>) {
    this.asked.push(name);
    await this.#gate;
    if (name === "begin") this.#moves = 0;
    if (name === "step") this.#moves += args[0] as number;
    const answer =
      name === "learn"
        ? {}
        : frame(pattern("a", 1).cells, this.#moves, { took: 1e-4, why: this.why });
    return answer as ReturnType<Calls[K]>;
  }
}

function started() {
  const store = new Store(known);
  store.dispatch({ type: "show", lab: { ...told(begun()), state: null } });
  const backend = new Slow();
  const wishes = { overlay: () => false, speed: () => 0 };
  return { store, backend, driver: new Driver(store, backend, wishes, () => undefined) };
}

const turns = async (count: number) => {
  for (let k = 0; k < count; k++) await new Promise((resolve) => setTimeout(resolve, 0));
};

describe("a move that waits its turn", () => {
  test("is not made in a run that the reader has begun meanwhile", async () => {
    const { store, backend, driver } = started();
    let looked: Promise<void> | null = null;
    onFrame = () => {
      if (looked || !backend.asked.includes("step")) return;
      backend.hold();
      looked = driver.look(); // the sweep's next part comes after it
    };
    const stepped = driver.stepBy(100_000);
    await turns(9);
    expect(looked).not.toBeNull();
    expect(moves(store.now)).toBeGreaterThan(0);
    store.dispatch({ type: "cue", cells: store.now.cue });
    driver.interrupt();
    backend.let();
    await Promise.all([looked, stepped]);
    await driver.look();
    expect(moves(store.now)).toBe(0);
  });

  test("is made where nothing else was begun", async () => {
    const { store, backend, driver } = started();
    backend.hold();
    const looked = driver.look();
    const stepped = driver.stepBy(20);
    await turns(3);
    backend.let();
    await Promise.all([looked, stepped]);
    expect(moves(store.now)).toBe(20);
  });
});

describe("playing", () => {
  const played = async (why: string) => {
    onFrame = () => undefined;
    const { store, backend, driver } = started();
    const playing = driver.play();
    await turns(9);
    expect(store.now.playing).toBe(true);
    backend.why = why;
    await turns(9);
    return { store, backend, driver, playing };
  };

  test("ends where the network is at rest", async () => {
    const { store, playing } = await played("fixed point");
    await playing;
    expect(store.now.playing).toBe(false);
  });

  test("goes on showing a cycle until the reader pauses, and says so once", async () => {
    const { store, backend, driver, playing } = await played("2-cycle");
    await vi.waitFor(() => expect(store.now.aloud.text).toMatch(/^after /), 60_000);
    const { aloud } = store.now;
    const [before, since] = [moves(store.now), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 600));
    const most = 2 + (4 * (performance.now() - since)) / 1000; // at its slow pace
    expect(store.now.playing).toBe(true);
    expect(moves(store.now)).toBeGreaterThan(before);
    expect(moves(store.now)).toBeLessThanOrEqual(before + most);
    expect(store.now.aloud).toBe(aloud);
    driver.pause();
    await playing;
    const { length } = backend.asked;
    await turns(9);
    expect(backend.asked).toHaveLength(length);
  });
});

test("what is stored anew while Python learns is learned before a run begins with it", async () => {
  const { store, backend, driver } = started();
  backend.hold();
  const ready = driver.ready();
  await turns(3);
  expect(backend.asked).toEqual(["learn"]);
  store.dispatch({ type: "setting", name: "model", value: "potts" });
  backend.let();
  await ready;
  expect(backend.asked).toEqual(["learn", "learn", "begin"]);
});

test("that Python loads is said until it is there", async () => {
  const { store, backend, driver } = started();
  let there = () => {};
  backend.start = () => new Promise<void>((resolve) => (there = resolve));
  const ready = driver.ready();
  await turns(3);
  expect(store.now.said?.text).toBe("Loading Python");
  there();
  await ready;
  expect(store.now.said).toBeNull();
});
