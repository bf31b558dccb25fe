import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { INKED } from "../src/lab/cells";
import { brushOf, cursorOf, type Pot, potOf, potsOf } from "../src/lab/hand";

const hand = (pen: Pot, brush = 2) => ({
  pen: signal(pen),
  brush: signal(brush),
  cursor: signal({ row: 40, column: 3 }),
});
const GREY = { kind: "grey", q: 2 } as const;
const COLOURS = { kind: "colour", q: 3 } as const;

describe("what the hand holds", () => {
  test("is a pen that these cells know, else ink", () => {
    expect(potOf(hand("unknown"), INKED)).toBe("unknown");
    expect(potOf(hand("unknown"), GREY)).toBe("ink");
    expect(potOf(hand("shade"), GREY)).toBe("shade");
    expect(potOf(hand("shade"), INKED)).toBe("ink");
    expect(potOf(hand(3), COLOURS)).toBe(3);
    expect(potOf(hand(4), COLOURS)).toBe("ink");
    for (const form of [INKED, GREY, COLOURS]) expect(potsOf(form).at(-1)).toBe("pin");
  });

  test("is a brush that fits the grid, and a place on it", () => {
    expect(brushOf(hand("ink", 17), 100)).toBe(17);
    expect(brushOf(hand("ink", 17), 5)).toBe(3);
    expect(cursorOf(hand("ink"), 100)).toEqual({ row: 40, column: 3 });
    expect(cursorOf(hand("ink"), 5)).toEqual({ row: 4, column: 3 });
  });
});
