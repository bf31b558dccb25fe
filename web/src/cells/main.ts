// Live cells: where a page of the book has code, its cells run.

import { Cell } from "./cell";
import { spoken } from "./dom";
import { recall, restore } from "./kept";
import { Page } from "./page";

type SlidesModule = typeof import("../slides/main");

const page = new Page();
const boxes = [...document.querySelectorAll<HTMLElement>(".cell")].filter((box) =>
  box.querySelector(".cell_input"),
);
boxes.forEach((box, k) => page.cells.push(new Cell(page, box, k + 1)));
page.bar(document.querySelector(".live-buttons"));
document.body.append(page.status.bar, spoken);
page.cells.forEach(recall);
page.markOutdated();
addEventListener("keydown", ({ key }) => key === "Escape" && page.busy && page.stop());
void restore(page);
addEventListener("hashchange", () => void restore(page));
const form = document.documentElement.classList;
if (form.contains("as-slides")) await slides();
if (form.contains("as-solutions")) {
  for (const fold of document.querySelectorAll<HTMLDetailsElement>(".fold")) fold.open = true;
}
document.documentElement.dataset.live = "ready";
const reached = ".live-run, .live-again, .live-slider input";
for (const part of document.querySelectorAll(reached)) {
  for (const sign of ["pointerenter", "focus"]) {
    part.addEventListener(sign, () => page.python.warm(page.packagesFor("")));
  }
}
page.python.prefetch(page.packagesFor(""));

async function slides(): Promise<void> {
  try {
    const { show }: SlidesModule = await import(new URL("slides.js", import.meta.url).href);
    await show(document.querySelector("article.bd-article")!);
  } catch (problem) {
    document.documentElement.classList.remove("as-slides");
    throw problem;
  }
}
