import { expect, test } from "vitest";
import { greyOf, levels, nearest, threshold } from "../src/lab/image";

const COLOURS = ["#ffffff", "#000000", "#ff0000", "#0000ff"];
const image = Float32Array.from([250, 240, 245, 10, 0, 5, 200, 30, 20, 40, 40, 190]);

test("a cell of an image becomes the nearest of the colours that there are", () => {
  expect([...nearest(image, COLOURS, 4, false)]).toEqual([1, 2, 3, 4]);
  expect([...nearest(image, COLOURS, 2, false)]).toEqual([1, 2, 2, 2]);
  expect([...nearest(image, COLOURS, 2, true)]).toEqual([2, 1, 1, 1]);
});

test("its light makes ink, or a level of grey", () => {
  const grey = greyOf(image);
  expect(grey[0]).toBeGreaterThan(240);
  expect([...threshold(grey, 128, false)]).toEqual([-1, 1, 1, 1]);
  expect(levels(grey, false)[1]).toBeGreaterThan(120);
});
