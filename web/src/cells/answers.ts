// The answers of all chapters, gathered from what this browser keeps of them.

export const KEPT = "hopfield-book:"; // begins the name of all that is kept of a cell

export type Answers = Record<string, Record<string, string>>;

// Gather page -> number of the cell -> code from what is kept of the book at the address `root`.
export function answersOf(kept: Iterable<[string, string]>, root: string): Answers {
  const found: Answers = {};
  for (const [key, text] of kept) {
    const place = /^(.*?)(?:\.html)?:(\d+)$/.exec(key.slice((KEPT + root).length));
    if (!key.startsWith(KEPT + root) || !place) continue;
    try {
      const { code } = JSON.parse(text) as { code?: unknown };
      const page = place[1].replace(/(^|\/)$/, "$1index");
      if (typeof code === "string") (found[page] ??= {})[place[2]] = code;
    } catch {
      // not ours
    }
  }
  return found;
}
