import { describe, expect, test } from "vitest";
import * as art from "../src/lab/cells";
import {
  convert,
  flip,
  type Form,
  INKED,
  overlap,
  packPattern,
  packState,
  random,
  unpackPattern,
  unpackState,
} from "../src/lab/cells";
import { paintsOf, type Theme } from "../src/lab/theme";
import { otsu, threshold } from "../src/lab/image";

const state = Int8Array.of(1, -1, 0, 1, 0, -1, 1, 1, -1);

test("states travel as two rows of bits, the first neuron the highest of its byte", () => {
  expect([...art.packState(state)]).toEqual([0b10010011, 0, 0b00101000, 0]);
  expect(art.unpackState(art.packState(state), 9)).toEqual(state);
});

test("a seed gives the same pattern in every browser", () => {
  expect([...art.random(5, 1).subarray(0, 8)]).toEqual([-1, 1, -1, -1, -1, 1, -1, -1]);
  expect(art.random(50, 7)).toEqual(art.random(50, 7));
  expect(art.random(50, 7)).not.toEqual(art.random(50, 8));
  const ink = art.count(art.random(200, 3), art.INK) / 40_000;
  expect(Math.abs(ink - 0.5)).toBeLessThan(0.01);
});

describe("spoiling", () => {
  const cells = art.random(20, 1);

  test.each([0, 0.01, 0.2, 0.5, 1])("flips and blanks a share of %f exactly", (share) => {
    const differ = art.flip(cells, share, 5).filter((c, i) => c !== cells[i]);
    expect(differ).toHaveLength(Math.round(400 * share));
    expect(art.count(art.blank(cells, share, 5), art.UNKNOWN)).toBe(Math.round(400 * share));
  });

  test.each(["upper", "lower", "left", "right"] as const)("blanks the %s half", (half) => {
    for (const side of [5, 6]) {
      const blank = art.count(art.blankHalf(art.plain(side), side, half), art.UNKNOWN);
      const more = half === "upper" || half === "left" ? Math.ceil : Math.floor;
      expect(blank).toBe(more(side / 2) * side);
    }
  });

  test("shifts round the edges, and back", () => {
    const there = art.shift(cells, 20, 1, -1);
    expect(there[20 + 19]).toBe(cells[0]);
    expect(art.shift(there, 20, -1, 1)).toEqual(cells);
  });
});

describe("another size", () => {
  test("of the same side is the same", () => {
    const cells = art.random(9, 1);
    expect(art.resample(cells, 9, 9)).toEqual(cells);
    expect(art.resample(art.resample(cells, 9, 27), 27, 9)).toEqual(cells);
  });

  test.each([5, 7, 13, 33])("of %i keeps every line, however thin", (to) => {
    const cells = art.plain(100);
    for (let i = 0; i < 100; i++) cells[i * 100 + 50] = art.INK;
    const small = art.shrink(cells, 100, to);
    const column = Math.floor((50 * to) / 100);
    for (let row = 0; row < to; row++) expect(small[row * to + column]).toBe(art.INK);
    expect(art.count(small, art.INK)).toBe(to);
  });
});

describe("the pen", () => {
  test("leaves no gap between two places", () => {
    const passed = art.stroke([0, 0], [3, 9]);
    expect(passed).toHaveLength(9);
    expect(passed.at(-1)).toEqual([3, 9]);
    let last = [0, 0];
    for (const at of passed) {
      expect(Math.abs(at[0] - last[0])).toBeLessThanOrEqual(1);
      expect(Math.abs(at[1] - last[1])).toBeLessThanOrEqual(1);
      last = at;
    }
    expect(art.stroke([2, 2], [2, 2])).toEqual([[2, 2]]);
  });

  test("ends at the edges", () => {
    const cells = art.plain(5);
    art.dab(cells, 5, [0, 0], 3, art.INK);
    expect(art.count(cells, art.INK)).toBe(4);
    art.dab(cells, 5, [4, 4], 9, art.UNKNOWN);
    expect(cells).toHaveLength(25);
    expect(art.count(cells, art.UNKNOWN)).toBe(25);
  });
});

test("an image is parted where its levels are", () => {
  const grey = Float32Array.from([20, 30, 25, 200, 210, 220]);
  const level = otsu(grey);
  expect(level).toBeGreaterThan(30);
  expect(level).toBeLessThanOrEqual(200);
  expect([...threshold(grey, level, false)]).toEqual([1, 1, 1, -1, -1, -1]);
  expect([...threshold(grey, level, true)]).toEqual([-1, -1, -1, 1, 1, 1]);
});

test("two patterns overlap by the share that agrees", () => {
  expect(art.overlap(art.plain(4), art.plain(4))).toBe(1);
  expect(art.overlap(art.plain(4), art.plain(4, 1))).toBe(-1);
  expect(art.same([1, 2], [1, 2])).toBe(true);
  expect(art.same([1, 2], [1, 2, 3])).toBe(false);
});

describe("cells of another kind", () => {
  const grey: Form = { kind: "grey", q: 2 };
  const colour = (q: number): Form => ({ kind: "colour", q });
  const cells = Int8Array.from([1, -1, 0, 1]);

  test("travel as bytes and come back", () => {
    const levels = Int8Array.from([-127, -3, 0, 127]);
    expect(unpackState(packState(levels, "grey"), 4, "grey")).toEqual(levels);
    expect(unpackPattern(packPattern(levels, "grey"), 4, grey)).toEqual(levels);
    expect(
      unpackPattern(
        packPattern(
          cells.map(() => 1),
          "ink",
        ),
        4,
        INKED,
      ),
    ).toEqual(Int8Array.from([1, 1, 1, 1]));
  });

  test("are what they can be, whatever was sent", () => {
    const sent = Uint8Array.from([0, 127, 128, 255]);
    expect([...unpackPattern(sent, 4, grey)]).toEqual([0, 127, -127, -1]);
    expect([...unpackPattern(sent, 4, colour(3))]).toEqual([0, 3, 0, 0]);
  });

  test("show the same picture", () => {
    expect([...convert(cells, INKED, grey)]).toEqual([127, -127, 0, 127]);
    expect([...convert(cells, INKED, colour(4))]).toEqual([2, 1, 0, 2]);
    for (const form of [grey, colour(4)]) {
      expect(convert(convert(cells, INKED, form), form, INKED)).toEqual(cells);
    }
    expect([...convert(Int8Array.from([4, 3, 0]), colour(4), colour(3))]).toEqual([1, 3, 0]);
  });

  test("flip into another colour, or the opposite level", () => {
    const many = random(20, 1, colour(4));
    const flipped = flip(many, 1, 2, colour(4));
    expect(flipped.every((c, i) => c !== many[i] && c >= 1 && c <= 4)).toBe(true);
    expect([...flip(Int8Array.from([5]), 1, 1, grey)]).toEqual([-5]);
  });

  test("have nothing in common by chance, and all with themselves", () => {
    const [a, b] = [random(60, 1, colour(4)), random(60, 2, colour(4))];
    expect(overlap(a, a, colour(4))).toBe(1);
    expect(Math.abs(overlap(a, b, colour(4)))).toBeLessThan(0.06);
    expect(overlap(Int8Array.from([10, -10]), Int8Array.from([100, -100]), grey)).toBeCloseTo(1);
  });

  test("have their own paints", () => {
    const theme = { cells: [1, 2, 3], colours: [4, 5], marked: [7, 8, 9] };
    const paints = (form: Form) => paintsOf(theme as unknown as Theme, form);
    expect([...paints(INKED).slice(127, 130)]).toEqual([1, 2, 3]);
    expect([...paints(colour(4)).slice(128, 131)]).toEqual([2, 1, 3]);
    expect(paints(colour(4))[131]).not.toBe(paints(colour(4))[132]);
    expect(paints(grey)[1] & 255).toBe(1);
    expect(paints(grey)[255] & 255).toBe(3);
  });
});
