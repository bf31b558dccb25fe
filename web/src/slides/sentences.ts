// Which sentences of a paragraph a slide shows.

const ABBREVIATION = /(?:^|[\s([])(?:[A-Za-z]|Figs?|Eqs?|e\.g|i\.e|vs|cf|al|approx|resp|no)\.\s*$/;
const SHORT = 60; // characters of a first sentence that says little without the second
const MOST = 3;

export type Span = [from: number, to: number];

export function sentences(text: string): Span[] {
  const found: Span[] = [];
  let from = 0;
  const parts = new Intl.Segmenter("en", { granularity: "sentence" });
  for (const { index, segment } of parts.segment(text.replaceAll("\n", " "))) {
    const to = index + segment.length;
    if (to < text.length && ABBREVIATION.test(text.slice(from, to))) continue;
    found.push([from, to]);
    from = to;
  }
  return found;
}

// The first sentence, those with words in bold, and the one that a formula below completes.
export function chosen(text: string, bold: number[], leadsOn: boolean): Span[] {
  const all = sentences(text);
  const wanted = all.filter(([from, to], k) => {
    const first = k === 0 || (k === 1 && all[0]![1] < SHORT);
    const last = leadsOn && k === all.length - 1;
    return first || last || bold.some((at) => from <= at && at < to);
  });
  return wanted.length <= MOST || !leadsOn
    ? wanted.slice(0, MOST)
    : [...wanted.slice(0, MOST - 1), wanted.at(-1)!];
}
