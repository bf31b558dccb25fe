import { describe, expect, test } from "vitest";
import { INKED } from "../src/lab/cells";
import { reduce } from "../src/lab/reducer";
import {
  alikeWords,
  changedWith,
  counts,
  fitting,
  followed,
  keptBy,
  largestSide,
  loadGauge,
  loadWords,
  unused,
} from "../src/lab/select";
import type { Settings, State } from "../src/lab/types";
import { begun, known, pattern, SIDE } from "./known";

const storing = (count: number) =>
  reduce(
    begun(),
    { type: "store", patterns: Array.from({ length: count }, (_, k) => pattern(`p${k}`, 10 + k)) },
    known,
  );

describe("the load", () => {
  test("is told with both of Hebb's limits", () => {
    const { load, keeps, overload } = loadWords(begun(), known);
    expect(load).toBe("Load α = P/N = 2 / 36 = 0.0556.");
    expect(keeps).toBe("The rule “hebb” keeps about 5 random patterns = N/(2 ln N).");
    expect(overload).toBe("");
    const large = { ...begun(), side: 7 };
    expect(loadWords(large, known).keeps).toBe(
      "The rule “hebb” keeps about 6 random patterns = N/(2 ln N) without a wrong pixel, and " +
        "about 7 random patterns = 0.138 N with a few; beyond that it breaks down.",
    );
  });

  const chosen = (settings: Partial<Settings>, p = 2): State => ({
    ...storing(p - 2),
    side: 7,
    settings: { ...known.settings, ...settings },
  });

  test("at the edge says what to expect, and beyond it too", () => {
    const said = (p: number) => loadWords(chosen({}, p), known).overload;
    expect(said(6)).toBe("");
    expect(said(7)).toMatch(/^7 patterns are more than the 6 that come back exactly/);
    expect(said(8)).toBe(
      "Too much is stored: 8 patterns, and the rule “hebb” keeps about 7. Expect the worst.",
    );
  });

  test("is less at a temperature, and none where it is too high", () => {
    const hot = (T: number) => loadWords(chosen({ neuron: "HeatBath", T }), known);
    expect(hot(0.2).keeps).toBe(
      "At T = 0.2 the rule “hebb” keeps about 5 random patterns = 0.109 N, with a few wrong " +
        "pixels; beyond that it breaks down.",
    );
    expect(hot(0.2).overload).toBe("");
    expect(hot(1.5).keeps).toBe("At T = 1.5 the rule “hebb” keeps nothing.");
    expect(hot(1.5).overload).toMatch(/^Nothing can be remembered/);
    const other = loadWords(chosen({ neuron: "HeatBath", rule: "pseudoinverse" }), known);
    expect(loadWords(chosen({ model: "attention" }), known).keeps).toBe(
      "No formula says how many patterns this model keeps.",
    );
    expect(other.keeps).toMatch(/about 49 random patterns\. A temperature lowers that\.$/);
  });

  test("that a model needs is asked for", () => {
    const alone = { ...chosen({ model: "sequence" }), patterns: [pattern("a", 1)] };
    expect(loadWords(alone, known).overload).toBe(
      "This model needs 2 patterns or more: store another one.",
    );
    expect(loadWords({ ...alone, patterns: [] }, known).overload).toBe("");
  });

  test("is too much beyond what the rule keeps", () => {
    expect(loadWords(storing(7), known).overload).toMatch(/^Too much is stored: 9 patterns/);
  });
});

test("patterns that are alike, or opposite, are named", () => {
  const a = pattern("a", 1);
  const opposite = { ...a, name: "not a", cells: a.cells.map((c) => -c) };
  expect(alikeWords([a, { ...a, name: "b" }], INKED)).toContain(
    "“a” and “b” are much alike: overlap 1.00",
  );
  expect(alikeWords([a, opposite], INKED)).toContain("nearly opposite: overlap −1.00");
  expect(alikeWords([a], INKED)).toBe("");
});

test("a rule that holds a matrix is offered on small grids alone", () => {
  const names = (side: number) => fitting(known, side).map(({ name }) => name);
  expect(names(SIDE)).toEqual(["hebb", "pseudoinverse"]);
  expect(names(51)).toEqual(["hebb"]);
});

test("more colours fit on a smaller grid", () => {
  const sides = [4, 8].map((q) => largestSide(known, { ...known.settings, model: "potts", q }));
  expect(sides).toEqual([8, 6]);
  expect(largestSide(known, known.settings)).toBe(200);
});

test("a slider that makes no difference is known", () => {
  const of = (stay: number) => counts(known, { ...known.settings, stay }, "strength");
  expect([of(1), of(2)]).toEqual([false, true]);
  expect(counts(known, known.settings, "model")).toBe(true);
});

test("what a choice changes besides is said, and the choice is not", () => {
  const chosen = reduce(begun(), { type: "setting", name: "model", value: "potts" }, known);
  expect(changedWith(begun(), chosen, known, "model")).toBe("");
  const grown = reduce(chosen, { type: "side", side: 12 }, known);
  expect(changedWith(chosen, grown, known)).toBe(
    "The grid has 12 by 12 neurons. The model is “pairs”, which fits this grid.",
  );
  const back = reduce(grown, { type: "setting", name: "model", value: "potts" }, known);
  expect(changedWith(grown, back, known, "model")).toBe("The grid has 8 by 8 neurons.");
});

test("what a rule keeps is told without its sources", () => {
  const [hebb] = known.rules;
  const rule = { ...hebb, about: "N / (2 ln N): fixed (McEliece et al. 1987, doi:10.1/2)" };
  expect(keptBy({ ...known, rules: [rule] }, known.settings).text).toContain("N / (2 ln N): fixed");
  expect(keptBy({ ...known, rules: [rule] }, known.settings).text).not.toContain("McEliece");
});

test("a new name is one that no pattern has", () => {
  expect(unused([pattern("pattern 2", 1)], "pattern")).toBe("pattern 3");
});

test("the overlaps that are followed are the largest, in the patterns' order", () => {
  expect(followed([0.1, 0.9, 0, 0.2], [0, 0, -0.8, 0.1], 2)).toEqual([1, 2]);
  expect(followed([1], [1], 6)).toEqual([0]);
});

describe("the gauge", () => {
  test("has Hebb's two limits on it, and room behind them", () => {
    const gauge = loadGauge({ ...begun(), side: 7 }, known)!;
    expect(gauge.marks).toEqual([
      { at: 6, text: "N/(2 ln N)" },
      { at: 0.138 * 49, text: "0.138 N" },
    ]);
    expect(gauge.end).toBeGreaterThan(6);
    expect(gauge.level).toBe("well");
  });

  test("has the limits of the model where theory knows them, and none where not", () => {
    const of = (model: string) => {
      const state = reduce(begun(), { type: "setting", name: "model", value: model }, known);
      return loadGauge(state, known)?.marks.map(({ text }) => text);
    };
    expect(of("dense")).toEqual(["what the model keeps"]);
    expect(of("potts")).toEqual(["0.828 N"]);
    expect(of("attention")).toBeUndefined();
  });

  test("is never fuller than full, and says when it is too much", () => {
    const { stored, end, level } = loadGauge(storing(40), known)!;
    expect([stored, end, level]).toEqual([42, 42, "many"]);
  });

  test("is not there for a rule without a limit", () => {
    const rules = [{ ...known.rules[0], capacity: [null, null, null], breaks: null }];
    expect(loadGauge(begun(), { ...known, rules })).toBeNull();
  });
});
