// Lays the slides of a chapter out, each in a box of the same size, so that nothing is cut off.

import { make } from "../cells/dom";
import { cut, type Section, wordsOf } from "./cut";

const STEPS = ["deck-small", "deck-smaller", "deck-folded"]; // what is tried, in order, on a full slide

const bodyOf = (slide: Element) => slide.querySelector<HTMLElement>(".deck-body")!;

export function overfull(slide: Element): boolean {
  const body = bodyOf(slide);
  const scrolls = [body, ...body.querySelectorAll(".cell, .cell_output, .cell_input, pre, table")];
  return scrolls
    .filter((one) => !one.closest("details:not([open])"))
    .some(
      (one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1,
    );
}

function slide({ within, heading }: Section, content: HTMLElement[]): HTMLElement {
  const head = make("header", { className: "deck-head" }, make("h2", { textContent: heading }));
  if (within) head.prepend(make("p", { textContent: within }));
  const body = make("div", { className: "deck-body" }, ...content);
  const made = make("section", {}, make("div", { className: "deck-slide" }, head, body));
  const carrier = content.at(-1)!;
  if (carrier.matches(".cell, figure")) frame(made, carrier);
  return made;
}

// Put what belongs to a figure or a cell beside it: caption, sliders and buttons.
function frame(made: HTMLElement, carrier: HTMLElement): void {
  const image = carrier.querySelector<HTMLImageElement>("img");
  const caption = carrier.querySelector("figcaption")?.cloneNode(true) as HTMLElement | undefined;
  caption?.querySelector(".headerlink")?.remove();
  const output = carrier.querySelector(".cell_output");
  const rest = output ? [...carrier.children].filter((one) => one !== output) : [];
  const side = make("div", { className: "deck-side" }, ...(caption ? [caption] : []), ...rest);
  const cell = output ? carrier : make("div", { className: "cell" });
  if (cell !== carrier) carrier.replaceWith(cell);
  cell.append(output ?? carrier, side);
  const kind = image ? "deck-figure" : "deck-code";
  made.classList.add(kind);
  if (!image) return side.after(output!);
  cell.querySelector("details")?.removeAttribute("open");
}

function title(article: Element, content: HTMLElement[]): HTMLElement {
  const number = article.querySelector("h1 .section-number")?.textContent?.replace(/\D+$/, "");
  const book = number ? `Hopfield networks, chapter ${number}` : "Hopfield networks";
  return make(
    "section",
    { className: "deck-title" },
    make(
      "div",
      { className: "deck-slide" },
      make("p", { textContent: book }),
      make("h1", { textContent: wordsOf(article.querySelector("h1")) }),
      make("div", { className: "deck-body" }, ...content),
    ),
  );
}

// What does not fit goes on to a slide of its own; a cell's own text is set smaller instead.
function fit(made: HTMLElement, section: Section): void {
  const body = bodyOf(made);
  const carrier = body.querySelector<HTMLElement>(":scope > .cell");
  if (!carrier) made.classList.add("deck-large");
  if (carrier || overfull(made)) made.classList.remove("deck-large");
  if (!overfull(made)) return;
  if (carrier && carrier.previousElementSibling) {
    const lead = [...body.children].filter((one) => one !== carrier) as HTMLElement[];
    const before = slide(section, lead);
    made.before(before);
    fit(before, section);
  } else if (!carrier && (body.children.length > 1 || halves(body))) {
    const after = slide(section, [body.lastElementChild as HTMLElement]);
    made.after(after);
    while (overfull(made) && body.children.length > 1) {
      bodyOf(after).prepend(body.lastElementChild!);
    }
    return [made, after].forEach((one) => fit(one, section));
  }
  for (const step of STEPS) {
    if (!overfull(made)) return;
    if (step === "deck-folded") {
      carrier?.querySelector("details")?.removeAttribute("open");
      made.classList.remove(...STEPS);
    }
    made.classList.add(step);
  }
}

// Part a long list in two, each with half of its items.
function halves(body: Element): boolean {
  const list = body.firstElementChild;
  if (!list?.matches("ul, ol") || list.children.length < 2) return false;
  const rest = list.cloneNode(false) as HTMLElement;
  const half = Math.ceil(list.children.length / 2);
  if (rest instanceof HTMLOListElement) rest.start = half + 1;
  rest.append(...[...list.children].slice(half));
  list.after(rest);
  return true;
}

// Fill the place for slides, which must be on the page, with those of a chapter.
export function build(place: HTMLElement, article: Element): void {
  const [first, ...sections] = cut(article);
  const plain = first!.slides[0]?.some((one) => one.matches(".cell, figure")) === false;
  const opening = plain ? first!.slides.shift()! : [];
  place.append(title(article, opening));
  for (const section of [first!, ...sections]) {
    const made = section.slides.map((content) => slide(section, content));
    place.append(...made);
    made.forEach((one) => fit(one, section));
  }
}
