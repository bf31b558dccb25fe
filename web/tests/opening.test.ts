import { expect, test } from "vitest";
import { move, type State, stateOf, storedOf, textOf } from "../src/opening/run";
import { smear, smearAcross } from "../src/opening/smear";

// A generator of numbers from 0 to 1, the same each time.
function dice(seed = 1): () => number {
  return () => (seed = (16807 * seed) % 2147483647) / 2147483647;
}

const halves = (side: number): State =>
  Int8Array.from({ length: side * side }, (_, k) => (k % side < side / 2 ? 1 : -1));

test("a state travels as text and comes back", () => {
  const state = Int8Array.from([1, -1, 0, 0, -1, 1]);
  expect(stateOf(textOf(state))).toEqual(state);
});

test("a stored picture is read bit by bit, the first of a byte first", () => {
  expect([...storedOf(btoa(String.fromCharCode(0b10100000, 0b10000000)), 9)]).toEqual([
    1, -1, 1, -1, -1, -1, -1, -1, 1,
  ]);
});

test("the neurons of a frame move up, or down where they are marked", () => {
  const state = Int8Array.from([0, 0, -1, 1]);
  const frame = btoa(String.fromCharCode(0, 0, 3, 128)); // 0 up; 3 down
  expect(move(state, frame)).toBe(2);
  expect([...state]).toEqual([1, 0, -1, -1]);
});

test("a stroke draws the ink along under the finger, and leaves the rest alone", () => {
  const state = halves(40);
  smear(state, { x: 10, y: 20 }, { x: 32, y: 20 }, 6, dice());
  const row = (y: number) => [...state.slice(40 * y, 40 * (y + 1))];
  expect(row(20).filter((value) => value > 0).length).toBeGreaterThan(24);
  for (const y of [0, 5, 13, 27, 39]) expect(row(y)).toEqual([...halves(40).slice(0, 40)]);
  expect([...state].every((value) => value === 1 || value === -1)).toBe(true);
});

test("strokes across a picture change a good part of it", () => {
  const state = halves(100);
  smearAcross(state, 14, dice());
  const wrong = halves(100).filter((value, k) => value !== state[k]).length;
  expect(wrong).toBeGreaterThan(300);
  expect(wrong).toBeLessThan(5000);
});
