import { describe, expect, test } from "vitest";
import { axes, number, PAD, spanned, ticks } from "../src/lab/geometry";

describe("ticks", () => {
  test.each([
    [0, 1, 4],
    [0, 7.3, 5],
    [-320, -11, 4],
    [-1.05, 1.05, 4],
    [0, 1e-6, 3],
    [0, 4e9, 5],
  ])("from %f to %f stand within, a round step apart", (low, high, count) => {
    const found = ticks(low, high, count);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(found.length).toBeLessThanOrEqual(count + 1);
    const step = found[1] - found[0];
    expect([1, 2, 5, 10]).toContain(Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9)));
    for (const v of found) {
      expect(v).toBeGreaterThanOrEqual(low - 1e-9 * Math.abs(low));
      expect(v).toBeLessThanOrEqual(high + 1e-9 * Math.abs(high));
    }
  });
});

test.each([
  [0, "0"],
  [1e-15, "0"],
  [-0.5, "−0.5"],
  [0.12345, "0.123"],
  [1234.56, "1234.6"],
  [2.5e7, "2.5e7"],
  [-3e-5, "−3.0e−5"],
])("%d is written %s", (x, text) => {
  expect(number(x)).toBe(text);
});

describe("a range", () => {
  test("has room on both sides", () => {
    expect(spanned([0, 100])).toEqual([-6, 106]);
    expect(spanned([-50])).toEqual([-55, -45]);
    expect(spanned([0, 0])).toEqual([-1, 1]);
    expect(spanned([])).toEqual([-1, 1]);
  });

  test("of very many values is found", () => {
    const many = Array.from({ length: 300_000 }, (_, k) => k);
    expect(spanned(many)[1]).toBeGreaterThan(299_999);
  });
});

test("axes put the ends of both ranges on the edges of the box", () => {
  const { left, top, bottom, right, ticksX, ticksY } = axes(400, 200, 8, [-1, 1]);
  expect([left(0), left(8)]).toEqual([PAD.left, right]);
  expect([top(1), top(-1)]).toEqual([PAD.top, bottom]);
  expect(right).toBe(400 - PAD.right);
  expect([...ticksX, ...ticksY].every(Number.isFinite)).toBe(true);
});
