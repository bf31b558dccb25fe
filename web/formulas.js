// Sets formulas at build: reads [[tex, display], ...] as JSON, writes their HTML as JSON.
import { readFileSync } from "node:fs";
import katex from "katex";

const set = ([tex, displayMode]) =>
  katex
    .renderToString(tex, { displayMode, throwOnError: true, strict: "error" })
    // what a screen reader hears is the MathML; TeX beside it would stand in copies and searches
    .replace(/<annotation[^]*?<\/annotation>/g, "");

const formulas = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(formulas.map(set)));
