import { describe, expect, test, vi } from "vitest";
import type { Event } from "../src/lab/reducer";
import { reading } from "../src/lab/notes";
import { Store } from "../src/lab/store";
import { told } from "../src/lab/select";
import { begun, frame, known, pattern, SIDE } from "./known";

function lab() {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", () => 0);
  const store = new Store(known);
  store.dispatch({ type: "show", lab: { ...told(begun()), state: null } });
  let moved = 0;
  const move = () => {
    const next = frame(pattern("c", moved).cells, ++moved);
    store.dispatch({ type: "frame", frame: next, run: store.now.run.id });
  };
  return { store, move };
}

const seen = ({ now: { notice, words } }: Store) => notice?.text ?? words;

describe("what the lab tells", () => {
  test("stays in the small line while the run announces something, until there was time", () => {
    const { store } = lab();
    store.say("A run starts at “b”.");
    store.dispatch({ type: "announce", text: "It fell into “b”." });
    expect(store.now.said?.text).toBe("A run starts at “b”.");
    vi.advanceTimersByTime(reading("A run starts at “b”.") + 1);
    expect(store.now.said).toBeNull();
  });

  test("stays after that too, where nothing newer has come", () => {
    const { store } = lab();
    store.say("Stored as “c”.");
    vi.advanceTimersByTime(60_000);
    expect(store.now.said?.text).toBe("Stored as “c”.");
    store.dispatch({ type: "announce", text: "It fell into “c”." });
    expect(store.now.said).toBeNull();
  });

  test("stays in the large line while frames come, until there was time", () => {
    const { store, move } = lab();
    store.tell("Python is there.");
    move();
    move();
    expect(seen(store)).toBe("Python is there.");
    vi.advanceTimersByTime(reading("Python is there.") + 1);
    expect(seen(store)).toBe("after 2");
  });

  test("gives way at once to what the reader does", () => {
    const doings: Event[] = [
      { type: "cue", cells: pattern("d", 4).cells },
      { type: "side", side: SIDE + 1 },
      { type: "forget all" },
      { type: "words", text: "looked at" },
    ];
    for (const doing of doings) {
      const { store } = lab();
      store.tell("That did not work.");
      store.dispatch(doing);
      expect(store.now.notice).toBeNull();
    }
  });

  test("gives way to what it tells next, which has a time of its own", () => {
    const { store, move } = lab();
    store.say("one");
    vi.advanceTimersByTime(reading("one") - 10);
    store.say("two");
    move();
    store.dispatch({ type: "announce", text: "It moved." });
    vi.advanceTimersByTime(20);
    expect(store.now.said?.text).toBe("two");
    store.dispatch({ type: "unsay", text: "one" });
    expect(store.now.said?.text).toBe("two");
    store.dispatch({ type: "unsay", text: "two" });
    expect(store.now.said).toBeNull();
  });

  test("is heard each time, and once", () => {
    const { store, move } = lab();
    store.tell("Store a pattern first.");
    const { aloud } = store.now;
    move();
    expect(store.now.aloud).toBe(aloud);
    store.tell("Store a pattern first.");
    expect(store.now.aloud).not.toBe(aloud);
    expect(store.now.aloud).toEqual(aloud);
  });
});

test("what to do follows what is stored", () => {
  const { store, move } = lab();
  store.dispatch({ type: "forget all" });
  expect(seen(store)).toContain("Store what you drew");
  store.dispatch({ type: "store", patterns: [pattern("a", 1)] });
  expect(seen(store)).toBe("Press Play.");
  move();
  store.dispatch({ type: "store", patterns: [pattern("b", 2)] });
  expect(seen(store)).toBe("after 1"); // until Python says what it is now
  store.dispatch({ type: "forget all" });
  expect(seen(store)).toContain("Store what you drew");
});
