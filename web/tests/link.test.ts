import { describe, expect, test } from "vitest";
import { fromBase64, packed } from "../src/shared/address";
import { flip, generator, plain, random, unpackInk } from "../src/lab/cells";
import { cellsOf, decode, encode, hashOf, placeOf, read, written } from "../src/lab/link";
import { type Event, reduce } from "../src/lab/reducer";
import { formOf, largestSide, told } from "../src/lab/select";
import type { Settings, Told } from "../src/lab/types";
import fitted from "./fitted.json";
import { begun, known, SIDE } from "./known";

const lab = (): Told => ({ ...told(begun()), title: "" });

describe("a link", () => {
  test("brings back all of it", async () => {
    const cue = flip(lab().cue, 0.2, 3);
    cue[5] = 0;
    const there = {
      ...lab(),
      cue,
      state: random(SIDE, 8),
      moves: 12,
      sweeps: 1 / 3,
      seed: 2 ** 31,
    };
    expect(await decode(await encode(there, known), known)).toEqual(there);
  });

  test.each(["attention", "potts"])("holds the %s of a model's cells, and pins", async (model) => {
    const set = (name: keyof Settings, value: string): Event => ({ type: "setting", name, value });
    const pins = plain(SIDE, 0);
    pins[3] = 1;
    const events: Event[] = [
      set("model", model),
      { type: "pins", pins },
      { type: "edit", cells: Int8Array.from({ length: SIDE ** 2 }, (_, i) => i % 5) },
    ];
    const there = told(events.reduce((state, event) => reduce(state, event, known), begun()));
    there.patterns.forEach((p) => expect(p.source).toBeNull());
    expect(there.settings.model).toBe(model);
    const back = await decode(await encode({ ...there, title: "" }, known), known);
    expect(back).toEqual({ ...there, title: "", source: null });
  });

  // The same as tests/lab/test_recorded.py asks of the recording, for which Python fits them again.
  test.each(fitted)("fits a picture of side $side to $to", ({ side, bits, to, fitted }) => {
    const cells = cellsOf({ picture: "it" }, to, [{ name: "it", side, bits }]);
    expect(cells).toEqual(unpackInk(fromBase64(fitted), to * to));
  });

  test("names a picture or a seed instead of its bits", () => {
    const [a] = lab().patterns;
    const patterns = [
      {
        name: "dot",
        source: { picture: "dot" },
        cells: cellsOf({ picture: "dot" }, SIDE, known.pictures),
      },
      { ...a, source: { seed: 1 } },
    ];
    const text = written({ ...lab(), patterns }, known);
    expect(text.patterns).toEqual([
      ["dot", { picture: "dot" }],
      ["a", { seed: 1 }],
    ]);
    expect(read(text, known).patterns).toEqual(patterns);
  });

  test("of an older lab, without what is held and the sweeps, still opens", () => {
    const old = JSON.parse(
      JSON.stringify(written({ ...lab(), state: random(SIDE, 3), moves: 4 }, known)),
    );
    delete old.settings.hold;
    delete old.sweeps;
    const { rule, neuron, tie, order, T } = old.settings;
    old.settings = { rule, neuron, tie, order, T };
    expect(read(old, known)).toMatchObject({ moves: 4, sweeps: 0, settings: known.settings });
    expect(read(old, known).pins).toEqual(plain(SIDE, 0));
  });
});

test.each([1, 2])(
  "each field of every model is held, from one end to the other (%i)",
  async (end) => {
    for (const model of known.models) {
      const ends = model.uses
        .filter((name) => known.sliders[name])
        .map((name) => [name, end === 1 ? known.sliders[name].low || 2 : known.sliders[name].high]);
      const settings = { ...lab().settings, ...Object.fromEntries(ends), model: model.name };
      const made = begun();
      const there = told(reduce(made, { type: "show", lab: { ...lab(), settings } }, known));
      const back = await decode(await encode(there, known), known);
      expect(back.settings).toMatchObject({ ...Object.fromEntries(ends), model: model.name });
    }
  },
);

test("colours beyond those that there are become the last", () => {
  const settings = { ...lab().settings, model: "potts", q: 8 };
  const text = JSON.parse(JSON.stringify(written({ ...lab(), settings }, known)));
  text.patterns = [["a", { bits: btoa("\x7f\x08\xff".padEnd(SIDE ** 2, "\x00")) }]];
  expect([...read(text, known).patterns[0].cells.slice(0, 4)]).toEqual([8, 8, 0, 0]);
});

test("a number that a slider cannot give is the nearest one, or as the lab begins", () => {
  const text = JSON.parse(JSON.stringify(written(lab(), known)));
  Object.assign(text.settings, {
    q: 2.7,
    stay: -3,
    T: 0.123,
    beta: "<b>",
    strength: -1,
    drive: 1e9,
  });
  const { q, stay, T, beta, strength, drive } = read(text, known).settings;
  expect([q, stay, T, beta, strength, drive]).toEqual([3, 3, 0.123, 16, 2, 2]);
});

describe("what is no link is an error", () => {
  const wrong: Record<string, (text: Record<string, unknown>) => unknown> = {
    "another version": (text) => ({ ...text, version: 2 }),
    "no side": (text) => ({ ...text, side: undefined }),
    "a huge side": (text) => ({ ...text, side: 1e9 }),
    "too many patterns": (text) => ({ ...text, patterns: Array(201).fill(["x", { seed: 1 }]) }),
    "a picture that is not here": (text) => ({ ...text, patterns: [["x", { picture: "no" }]] }),
    "no pattern": (text) => ({ ...text, patterns: [null] }),
    "a cue of another pattern": (text) => ({ ...text, cue: { of: 7, ink: "" } }),
    "a cue of the wrong size": (text) => ({ ...text, cue: { of: -1, ink: "AAAA" } }),
    "a rule that is not here": (text) => ({ ...text, settings: { rule: "<b>" } }),
    "a model that is not here": (text) => ({
      ...text,
      settings: { ...(text.settings as object), model: "toString" },
    }),
    "pins of the wrong size": (text) => ({ ...text, pins: "AAAA" }),
    "a picture in grey that is one in ink": (text) => ({
      ...text,
      settings: { ...(text.settings as object), model: "attention" },
    }),
    "a seed that is no number": (text) => ({ ...text, seed: "1" }),
    "no settings": (text) => ({ ...text, settings: null }),
    "an array": () => [],
    nothing: () => null,
  };
  test.each(Object.entries(wrong))("%s", async (_, spoil) => {
    const text = JSON.parse(JSON.stringify(written(lab(), known)));
    await expect(packed(JSON.stringify(spoil(text))).then((t) => decode(t, known))).rejects.toThrow(
      Error,
    );
  });

  const whole = (found: Told) => {
    expect(found.cue).toHaveLength(found.side ** 2);
    expect(found.patterns.length).toBeLessThanOrEqual(known.most);
    for (const { name, cells } of found.patterns) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(cells).toHaveLength(found.side ** 2);
    }
    expect(known.rules.map(({ name }) => name)).toContain(found.settings.rule);
    for (const [name, { low, high }] of Object.entries(known.sliders)) {
      const value = found.settings[name as keyof Settings];
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
    }
    const { kind, q } = formOf(known, found.settings);
    const [least, most] = { ink: [-1, 1], grey: [-127, 127], colour: [0, q] }[kind];
    for (const cells of [found.cue, found.state, ...found.patterns.map((p) => p.cells)]) {
      cells?.forEach((c) => (c < least || c > most) && expect([least, most]).toContain(c));
    }
    expect(found.side).toBeLessThanOrEqual(largestSide(known, found.settings));
  };

  const inModel = (model: string): Told => {
    const set = (name: keyof Settings, value: string | number): Event => ({
      type: "setting",
      name,
      value,
    });
    const events = [set("model", model), ...(model === "potts" ? [set("q", 8)] : [])];
    return told(events.reduce((state, event) => reduce(state, event, known), begun()));
  };

  // Characters of a good address exchanged at random: an error, or a lab that is whole.
  test("five thousand spoilt ones", async () => {
    const good = await encode(lab(), known);
    const next = generator(2026);
    const letters = "ABCxyz019-_<>%&'\" ";
    let opened = 0;
    for (let k = 0; k < 5000; k++) {
      const text = [...good];
      for (let j = 0; j <= k % 4; j++) {
        text[Math.floor(next() * text.length)] = letters[Math.floor(next() * letters.length)];
      }
      const found = await decode(text.join(""), known).catch((error) => error);
      if (found instanceof Error) continue;
      opened++;
      whole(found);
    }
    expect(opened).toBeLessThan(5000);
  }, 120_000);

  // What deflate would let through: a part of a good lab is put elsewhere, or is hostile.
  test.each(["pairs", "sequence", "potts", "attention"])(
    "1,250 whose parts are no parts of a lab of %s",
    (model) => {
      const next = generator(2027);
      const any = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)];
      const hostile: (() => unknown)[] = [
        ...[null, true, -1, 0.5, Infinity, 2 ** 53, "", [], {}].map((value) => () => value),
        () => "<img src=x onerror=alert(1)>",
        () => "A".repeat(100_000),
        () => Array(300).fill(["x", { seed: 1 }]),
        () => JSON.parse('{"__proto__": {"seed": 1}, "toString": 1, "length": 1e9}'),
      ];
      const made = inModel(model);
      const state = random(SIDE, 8, formOf(known, made.settings));
      const text = JSON.stringify(written({ ...made, state, moves: 12 }, known));
      let opened = 0;
      for (let k = 0; k < 1250; k++) {
        const told = JSON.parse(text);
        const places: [Record<string, unknown>, string][] = [];
        const walk = (part: Record<string, unknown>) => {
          for (const [name, inner] of Object.entries(part)) {
            places.push([part, name]);
            if (typeof inner === "object" && inner !== null) walk(inner as Record<string, unknown>);
          }
        };
        walk(told);
        const [part, name] = any(places);
        const [other, elsewhere] = any(places);
        part[name] = next() < 0.3 ? other[elsewhere] : any(hostile)();
        try {
          whole(read(told, known));
          opened++;
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect((error as Error).name).not.toBe("AssertionError");
        }
      }
      expect(opened).toBeGreaterThan(100);
      expect(opened).toBeLessThan(1200);
    },
    120_000,
  );

  test("one that unfolds to more than a page can hold", async () => {
    const bomb = await packed(`{"version": 1${" ".repeat(9e6)}}`);
    expect(bomb.length).toBeLessThan(20_000);
    await expect(decode(bomb, known)).rejects.toThrow("it is too large");
  });
});

describe("a step of a tour", () => {
  const steps = [
    { words: "a", try: "b" },
    { words: "c", try: "d" },
  ];
  const touring = { ...known, tours: { recall: { title: "Recall", steps } } };

  test("is named by an address, the first one without a number", () => {
    for (const step of [0, 1]) {
      expect(placeOf(hashOf({ name: "recall", step }), touring)).toEqual({ name: "recall", step });
    }
    expect(hashOf({ name: "recall", step: 0 })).toBe("#tour=recall");
  });

  test.each([
    "#tour=",
    "#tour=no",
    "#tour=recall.0",
    "#tour=recall.3",
    "#tour=toString",
    "#tour=recall.x",
  ])("%s names none", (hash) => expect(placeOf(hash, touring)).toBeNull());
});
