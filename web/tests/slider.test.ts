import { expect, test } from "vitest";
import { around, slides, withValue } from "../src/cells/slider";

const code =
  "import hopfield\nflips = 5  # @slider 0 12 1\np = -0.2   #  @slider  -1 0.5 0.01\nx = 3  # 0 1 2";

test("lines with a comment of that form have sliders", () => {
  expect(slides(code)).toEqual([
    { name: "flips", value: "5", min: "0", max: "12", step: "1" },
    { name: "p", value: "-0.2", min: "-1", max: "0.5", step: "0.01" },
  ]);
});

test("a slider changes its value and nothing else", () => {
  const other = withValue(code, "p", "0.31");
  expect(other.split("\n")[2]).toBe("p = 0.31   #  @slider  -1 0.5 0.01");
  expect(withValue(other, "p", "-0.2")).toBe(code);
  expect(withValue(code, "nobody", "1")).toBe(code);
});

test("the other values of a slider come nearest first, as the slider would write them", () => {
  const values = (name: string) =>
    around(code, name).map((one) => slides(one).find((slide) => slide.name === name)!.value);
  expect(values("flips").slice(0, 5)).toEqual(["4", "6", "3", "7", "2"]);
  expect(values("flips")).toHaveLength(12);
  expect(values("p").slice(0, 4)).toEqual(["-0.21", "-0.19", "-0.22", "-0.18"]);
  expect(values("p")).toHaveLength(150);
  expect(around(code, "nobody")).toEqual([]);
});
