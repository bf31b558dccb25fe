// What of a section stands on one slide together.

export type Kind = "text" | "list" | "formula" | "table" | "figure" | "code";

const LEAD = { figure: 230, table: 230, code: 500 }; // characters of text that fit above one
// Each of these fills a slide, under the text that leads to it.
const alone = (kind: Kind): kind is keyof typeof LEAD => kind in LEAD;

export interface Block {
  kind: Kind;
  length: number; // characters
}

// Group blocks, in order: a figure, a cell or a table ends its slide, and has no more than a few
// lines above it.
export function group<B extends Block>(blocks: B[]): B[][] {
  const slides: B[][] = [];
  let open: B[] = [];
  for (const block of blocks) {
    const { kind } = block;
    if (!alone(kind)) {
      open.push(block);
      continue;
    }
    const brief = open.reduce((sum, { length }) => sum + length, 0) <= LEAD[kind];
    if (open.some((one) => one.kind !== "text") || !brief) {
      slides.push(open);
      open = [];
    }
    slides.push([...open, block]);
    open = [];
  }
  return open.length ? [...slides, open] : slides;
}
