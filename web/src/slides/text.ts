// Takes sentences out of a paragraph of the page, with their formulas, emphasis and links.

import { chosen, type Span } from "./sentences";

const LEFT_OUT = ".bibtex-citation, .headerlink";

interface Piece {
  node: Node;
  at: number;
  length: number;
}

// The text nodes and formulas of a paragraph; a formula counts as one letter.
function pieces(paragraph: Element): { text: string; parts: Piece[] } {
  const parts: Piece[] = [];
  let text = "";
  const walk = (node: Node) => {
    if (node instanceof Text) {
      parts.push({ node, at: text.length, length: node.data.length });
      text += node.data;
    } else if (node instanceof Element && !node.matches(LEFT_OUT)) {
      if (!node.matches(".formula")) return node.childNodes.forEach(walk);
      parts.push({ node, at: text.length, length: 1 });
      text += "X";
    }
  };
  walk(paragraph);
  return { text, parts };
}

function within(parts: Piece[], [from, to]: Span): DocumentFragment {
  const range = document.createRange();
  const first = parts.find(({ at, length }) => from < at + length)!;
  const last = parts.findLast(({ at }) => at < to)!;
  if (first.node instanceof Text) range.setStart(first.node, from - first.at);
  else range.setStartBefore(first.node);
  if (last.node instanceof Text) range.setEnd(last.node, to - last.at);
  else range.setEndAfter(last.node);
  return range.cloneContents();
}

export function bare<N extends Element | DocumentFragment>(copy: N): N {
  copy.querySelectorAll(LEFT_OUT).forEach((one) => {
    const before = one.previousSibling;
    if (before instanceof Text) before.data = before.data.trimEnd();
    one.remove();
  });
  copy.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
  if (copy instanceof Element) copy.removeAttribute("id");
  return copy;
}

// A paragraph with those of its sentences that a slide shows, or null where there is none.
export function brief(paragraph: Element, leadsOn: boolean): HTMLParagraphElement | null {
  const { text, parts } = pieces(paragraph);
  const bold = parts
    .filter(({ node }) => node.parentElement?.closest("strong"))
    .map(({ at }) => at);
  const made = document.createElement("p");
  for (const span of chosen(text, bold, leadsOn)) made.append(bare(within(parts, span)));
  return made.textContent?.trim() ? made : null;
}
