// The lab in the book's page: Python runs in a worker, from the first press that needs it.

import { App } from "./app";
import { showFirst } from "./first";
import { Keep } from "./keep";
import { pyodide } from "./pyodide";
import type { Known } from "./types";
import { show } from "./views/page";

async function start(root: HTMLElement) {
  const answer = await fetch(new URL("lab.json", import.meta.url));
  const known: Known = await answer.json();
  const lab: App = new App(
    root,
    known,
    pyodide((stage) => lab.showStage(stage)),
    () => import(new URL("surface.js", import.meta.url).href),
  );
  lab.keep = new Keep(lab.store);
  show(lab);
  new MutationObserver(() => lab.recolour()).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });
  if (await lab.keep.open()) void showFirst(lab, lab.keep);
}

const root = document.getElementById("lab");
if (root) {
  start(root).catch((error) => {
    console.error(error);
    root.textContent = "The lab could not be fetched. Is this computer offline?";
  });
}
