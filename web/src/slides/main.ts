// A chapter as slides: its own page, at ?slides, cut up in the browser; its cells stay live.

import Reveal from "reveal.js";
import { button, make } from "../cells/dom";
import { build } from "./build";

const WIDTH = 1280;
const HEIGHT = 720;
const NEVER = "button, summary, a"; // what takes the space bar itself

function theme(): void {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.mode = dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("mode", dataset.mode);
    localStorage.setItem("theme", dataset.theme);
  } catch {
    // no storage here: the choice is this page's
  }
}

function bar(): HTMLElement {
  const chapter = make("a", { href: location.pathname, textContent: "Chapter" });
  const paper = make("a", { href: "?slides=print", textContent: "Print" });
  const colours = button("Light or dark", "", theme);
  const made = make("nav", { className: "deck-bar" }, chapter, colours, paper);
  made.ariaLabel = "Slides";
  return made;
}

function style(): Promise<void> {
  const link = make("link", {
    rel: "stylesheet",
    href: new URL("slides.css", import.meta.url).href,
  });
  return new Promise((done, failed) => {
    Object.assign(link, { onload: () => done(), onerror: failed });
    document.head.append(link);
  });
}

export async function show(article: Element): Promise<void> {
  document.querySelector('link[href*="print.css"]')?.remove(); // a page's, and no slide's
  await style();
  const printed = new URLSearchParams(location.search).get("slides") === "print";
  if (printed) document.documentElement.dataset.theme = "light";
  const slides = make("div", { className: "slides bd-article" });
  const root = make("main", { className: "reveal deck-building" }, slides);
  document.body.prepend(root);
  await document.fonts.ready;
  build(slides, article);
  root.classList.remove("deck-building");
  for (const part of slides.querySelectorAll(".live-slider, .cell_input, pre")) {
    part.setAttribute("data-prevent-swipe", "");
  }
  const close = () => {
    deck.toggleHelp(false);
    deck.toggleOverview(false);
  };
  const deck = new Reveal(root, {
    width: WIDTH,
    height: HEIGHT,
    margin: 0,
    maxScale: 4,
    minScale: 0.05,
    center: false,
    scrollActivationWidth: 0, // a phone shows slides too
    hash: true,
    transition: "none",
    slideNumber: "c/t",
    pdfMaxPagesPerSlide: 1,
    view: printed ? "print" : null,
    keyboard: { 27: close }, // Escape stops Python: it opens nothing
    keyboardCondition: ({ key, target }) =>
      ![" ", "Enter"].includes(key) || !(target as Element).closest(NEVER),
  });
  await deck.initialize();
  if (printed) setTimeout(print, 500);
  else document.body.append(bar());
}
