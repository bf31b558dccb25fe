// The page's colours (colours.css, from the package's palette), as the canvases need them.

import { type Form, TOP } from "./cells";

export interface Theme {
  text: string;
  card: string;
  axis: string;
  grid: string;
  unknown: string;
  lines: string[];
  colours: number[]; // of Potts neurons, behind paper and ink
  cells: number[]; // paper, unknown, ink, each a word of a canvas's pixels
  marked: number[];
  heat: number[][]; // low, middle, high, each red, green, blue
  depth: number[][]; // of a landscape, from its deepest place up
  basins: number[][]; // of a small network's fixed points, and of what ends at others
}

export function readTheme(root: Element): Theme {
  const style = getComputedStyle(root);
  const get = (name: string) => style.getPropertyValue(`--lab-${name}`).trim();
  const rgb = (name: string) => [1, 3, 5].map((i) => parseInt(get(name).slice(i, i + 2), 16));
  const word = (name: string) => wordOf(rgb(name));
  return {
    text: get("text"),
    card: get("card"),
    axis: get("axis"),
    grid: get("grid"),
    unknown: get("unknown"),
    lines: [0, 1, 2, 3, 4, 5].map((k) => get(`line-${k}`)),
    colours: [3, 4, 5, 6, 7, 8].map((k) => word(`colour-${k}`)),
    cells: ["paper", "unknown", "ink"].map(word),
    marked: ["paper-marked", "unknown-marked", "ink-marked"].map(word),
    heat: ["heat-low", "heat-middle", "heat-high"].map(rgb),
    depth: [0, 1, 2, 3, 4].map((k) => rgb(`depth-${k}`)),
    basins: [...[0, 1, 2, 3, 4, 5].map((k) => rgb(`line-${k}`)), rgb("grid")],
  };
}

const channels = (word: number) => [word & 255, (word >> 8) & 255, (word >> 16) & 255];
// little-endian, as every browser's is
const wordOf = ([r, g, b]: number[]) => (255 << 24) | (b << 16) | (g << 8) | r;

// The colour of each cell, at its value + 128.
export function paintsOf({ cells, colours }: Theme, { kind, q }: Form): Uint32Array {
  const paints = new Uint32Array(256);
  const [paper, unknown, ink] = cells;
  if (kind === "grey") {
    const [from, to] = [channels(paper), channels(ink)];
    for (let v = -TOP; v <= TOP; v++) {
      const share = (v + TOP) / (2 * TOP);
      paints[v + 128] = wordOf(from.map((c, k) => Math.round(c + share * (to[k] - c))));
    }
  } else if (kind === "colour") {
    paints.set([unknown, paper, ink, ...colours.slice(0, q - 2)], 128);
  } else paints.set([paper, unknown, ink], 127);
  return paints;
}

// Of ink that is about to move: colours that show what it is have a mark of their own (views/pins).
export function marksOf({ marked }: Theme): Uint32Array {
  const marks = new Uint32Array(256);
  marks.set(marked, 127);
  return marks;
}
