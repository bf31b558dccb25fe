import { expect, test } from "vitest";
import { type Block, group, type Kind } from "../src/slides/group";
import { chosen, sentences } from "../src/slides/sentences";

const said = (text: string, bold: number[] = [], leadsOn = false) =>
  chosen(text, bold, leadsOn).map(([from, to]) => text.slice(from, to).trim());

test("a sentence ends neither at an abbreviation, nor at the end of a line", () => {
  const text = "See Fig. 3 of J. J. Hopfield, e.g. the raster.\nIt fills\nup. Why?";
  const parts = sentences(text).map(([from, to]) => text.slice(from, to).trim());
  expect(parts).toEqual([
    "See Fig. 3 of J. J. Hopfield, e.g. the raster.",
    "It fills\nup.",
    "Why?",
  ]);
});

test("a slide shows a paragraph's first sentence and those with words in bold", () => {
  const text =
    "This is the first sentence of a paragraph, and it is not a short one. Then more. So flips end. And on.";
  expect(said(text)).toEqual([
    "This is the first sentence of a paragraph, and it is not a short one.",
  ]);
  expect(said(text, [text.indexOf("flips")])[1]).toBe("So flips end.");
});

test("a short first sentence takes the second with it", () => {
  expect(said("There is none. This network never stops. Why?")).toEqual([
    "There is none.",
    "This network never stops.",
  ]);
});

test("what leads on to a formula is shown, and no more than three sentences are", () => {
  const text = `${"A long first sentence that says enough to stand quite alone. "}One. Two. Three. Hence it is`;
  const bold = ["One", "Two", "Three"].map((word) => text.indexOf(word));
  expect(said(text, bold, true)).toEqual([
    "A long first sentence that says enough to stand quite alone.",
    "One.",
    "Hence it is",
  ]);
});

const block = (kind: Kind, length = 100): Block => ({ kind, length });
const kinds = (...blocks: Block[]) => group(blocks).map((slide) => slide.map(({ kind }) => kind));

test("each figure, cell and table has a slide of its own, under the text that leads to it", () => {
  expect(kinds(block("text"), block("figure", 0), block("code", 0), block("text"))).toEqual([
    ["text", "figure"],
    ["code"],
    ["text"],
  ]);
});

test("a formula, or more text than fits above a figure, stands on a slide before it", () => {
  expect(kinds(block("text"), block("formula"), block("figure", 0))).toEqual([
    ["text", "formula"],
    ["figure"],
  ]);
  expect(kinds(block("text", 240), block("figure", 0))).toEqual([["text"], ["figure"]]);
  expect(kinds(block("text", 240), block("code", 0))).toEqual([["text", "code"]]);
});
