// Cuts a chapter's page into slides: its headings, sentences, formulas, figures and cells.

import { make } from "../cells/dom";
import { type Block, group, type Kind } from "./group";
import { bare, brief } from "./text";

interface Piece extends Block {
  element: HTMLElement;
}

export interface Section {
  within: string; // the heading above this one
  heading: string;
  slides: HTMLElement[][];
}

const KINDS: [Kind, string][] = [
  ["text", "p, .lab-link"],
  ["list", "ul, ol, dl"],
  ["formula", "div.formula"],
  ["table", "table, .pst-scrollable-table-container"],
  ["figure", "figure, .cell:has(.cell_output img)"],
  ["code", ".cell:has(.cell_output > *)"],
];

export function wordsOf(heading: Element | null | undefined): string {
  const copy = heading?.cloneNode(true) as Element | undefined;
  copy?.querySelectorAll(".section-number, .headerlink").forEach((one) => one.remove());
  return copy?.textContent?.trim() ?? "";
}

function piece(element: HTMLElement): Piece | null {
  const kind = KINDS.find(([, selector]) => element.matches(selector))?.[0];
  if (!kind) return null;
  if (kind === "figure" || kind === "code") return { kind, element, length: 0 };
  const leadsOn = !!element.nextElementSibling?.matches("div.formula");
  const copy =
    kind === "text" && !element.matches(".lab-link")
      ? brief(element, leadsOn)
      : bare(element.cloneNode(true) as HTMLElement);
  return copy && { kind, element: copy, length: copy.textContent!.length };
}

function blocksOf(section: Element): HTMLElement[][] {
  const pieces = [...section.children].map((one) => piece(one as HTMLElement)).filter((p) => !!p);
  return group(pieces).map(glued);
}

// A formula, the sentence that leads to it and the one that goes on below it stay on one slide.
function glued(slide: Piece[]): HTMLElement[] {
  return slide.reduce<HTMLElement[]>((all, { kind, element }, k) => {
    const goesOn = kind === "text" && /^\p{Ll}/u.test(element.textContent!.trim());
    const sticks = kind === "formula" || (goesOn && slide[k - 1]?.kind === "formula");
    const before = sticks && k > 0 ? all.pop()! : null;
    if (!before) return [...all, element];
    if (before.matches(".deck-unit")) before.append(element);
    return [
      ...all,
      before.matches(".deck-unit")
        ? before
        : make("div", { className: "deck-unit" }, before, element),
    ];
  }, []);
}

// The titles of a chapter's exercises, each a link to where it is done.
function titles(exercises: Element[]): HTMLElement {
  const items = exercises.map((box) => {
    const [number, title] = box.querySelector(".exercise-title")!.children;
    const link = make("a", { textContent: title!.textContent!.trim() });
    link.href = `${location.pathname}#${box.id}`;
    return make("li", {}, `${number!.textContent} `, link);
  });
  return make("ul", { className: "deck-exercises" }, ...items);
}

// The sections of a page, each with the slides that its own text makes, those below it apart.
export function cut(article: Element): Section[] {
  return [...article.querySelectorAll("section")].map((section) => {
    const heading = wordsOf(section.querySelector(":scope > :is(h1, h2, h3, h4)"));
    const above = section.parentElement?.closest("section");
    const within = above?.querySelector(":scope > h2") ?? null;
    const tasks = [...section.querySelectorAll(":scope > .exercise")];
    const slides = blocksOf(section);
    if (tasks.length) slides.push([titles(tasks)]);
    return { within: wordsOf(within), heading, slides };
  });
}
