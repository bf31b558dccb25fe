// Pyodide in the page's worker as what the lab asks.

import { Python, type Stage } from "../python/python";
import type { Backend } from "./backend";

const NEEDS: Record<string, string[]> = { film: ["pillow"] };

export function pyodide(onStage: (stage: Stage) => void): Backend {
  const python = new Python({ onStage });
  return {
    get running() {
      return python.running;
    },
    start: () => python.start(),
    call: (name, ...args) =>
      python.call("hopfield.lab.page", "answer", [name, args], { packages: NEEDS[name] ?? [] }),
  };
}
