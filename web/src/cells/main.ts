// Live cells: where a page of the book has code, its cells run.

import { Cell } from "./cell";
import { spoken } from "./dom";
import { recall, restore } from "./kept";
import { Page } from "./page";

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
document.documentElement.dataset.live = "ready";
const reached = ".live-run, .live-again, .live-slider input";
for (const part of document.querySelectorAll(reached)) {
  for (const sign of ["pointerenter", "focus"]) {
    part.addEventListener(sign, () => page.python.warm(page.packagesFor("")));
  }
}
page.python.prefetch(page.packagesFor(""));
