// One Python a page: a worker that holds Pyodide, NumPy and the package. It begins with the first
// start, run or call; before, `prefetch` and `warm` spare most readers the wait.

const FINE = 2; // dots a pixel of figures, as in the built book
const CORE = ["pyodide.asm.wasm", "pyodide.mjs", "pyodide.asm.mjs", "python_stdlib.zip"];

// Readers who pay for what they fetch, and other sites' frames, get Python when they ask for it.
const connection = navigator.connection ?? {};
const thrifty =
  connection.saveData ||
  connection.type === "cellular" ||
  (connection.effectiveType ?? "4g") !== "4g" ||
  document.documentElement.classList.contains("embed");

export class PythonError extends Error {
  constructor({ message, traceback, line }) {
    super(message);
    Object.assign(this, { traceback, line });
  }
}

export class Stopped extends Error {}

export class Python {
  #worker = null;
  #started = null;
  #waiting = new Map(); // id -> {resolve, reject, onEvent}
  #last = 0;

  constructor({ onStage = () => {}, onEnd = () => {} } = {}) {
    this.onStage = onStage;
    this.onEnd = onEnd;
  }

  get running() {
    return this.#worker !== null;
  }

  // Load Python and these packages besides NumPy; once, whoever asks.
  start({ packages = [] } = {}) {
    this.#started ??= this.#begin(packages).catch((error) => {
      if (!(error instanceof Stopped)) this.terminate();
      throw error;
    });
    return this.#started;
  }

  // Start while a reader reaches for it; why it fails, if it does, is said when something is run.
  warm(packages = []) {
    if (!thrifty) this.start({ packages }).catch(() => {});
  }

  // Once nothing else happens, fetch what is needed into the browser's cache.
  prefetch(packages = []) {
    if (thrifty) return;
    const idle = window.requestIdleCallback ?? ((then) => setTimeout(then, 2000));
    const begin = () => idle(() => this.#prefetch(packages).catch(() => {}));
    if (document.readyState === "complete") begin();
    else addEventListener("load", begin);
  }

  async #prefetch(packages) {
    const get = async (file) => {
      const answer = await fetch(file, { priority: "low" });
      if (!answer.ok) throw new Error(answer.status);
      return answer;
    };
    const here = (file) => new URL(file, import.meta.url);
    const { pyodide, wheel } = await (await get(here("config.json"))).json();
    const there = (file) => new URL(file, here(pyodide));
    const lock = await (await get(there("pyodide-lock.json"))).json();
    const wanted = new Set(["numpy", ...packages]);
    for (const name of wanted) lock.packages[name].depends.forEach((other) => wanted.add(other));
    const wheels = [...wanted].map((name) => lock.packages[name].file_name);
    for (const file of [...[...CORE, ...wheels].map(there), here(wheel)]) {
      if (this.running) return; // which fetches them itself
      await (await get(file)).arrayBuffer();
    }
  }

  async #begin(packages) {
    this.onStage({ text: "Fetching Python", fraction: 0.05 });
    this.#worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.terminate(
        new Error(
          event.message ||
            "Python could not be started: the files of this page cannot be reached. Try again when they can",
        ),
      );
    };
    await this.#ask("start", { packages });
    this.onStage({ text: "Python is ready", fraction: 1 });
  }

  // Run a cell's code, its figures `fine` times as fine as the screen (0: none), its seeds those of
  // a sample; onEvent gets {stream, text} and {figure} as they come. Gives how many seeds were taken.
  async run(code, { name, packages = [], fine = FINE, part = "cell", sample = 0, onEvent } = {}) {
    await this.start({ packages });
    return this.#ask("run", { code, name, packages, fine, part, sample }, onEvent);
  }

  // Fetch one of our own Python files and import it in the worker.
  async module(file) {
    await this.start();
    return this.#ask("module", { file });
  }

  // Call module.name(*args) and return what it gives, as plain JavaScript values.
  async call(module, name, args = [], { packages = [] } = {}) {
    await this.start();
    return this.#ask("call", { module, name, args, packages });
  }

  // End Python, whatever it does; the next start begins anew.
  terminate(reason = new Stopped("stopped")) {
    this.#worker?.terminate();
    this.#worker = this.#started = null;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
    this.onEnd();
  }

  #ask(action, values, onEvent) {
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      this.#waiting.set(id, { resolve, reject, onEvent });
      this.#worker.postMessage({ id, action, ...values });
    });
  }

  #receive({ id, stage, event, error, value }) {
    if (stage) return this.onStage(stage);
    const asked = this.#waiting.get(id);
    if (event) return asked?.onEvent?.(event);
    this.#waiting.delete(id);
    if (!error) return asked?.resolve(value);
    asked?.reject(error.traceback ? new PythonError(error) : new Error(error.message));
    if (error.broken) this.terminate(); // not an error of Python's: who knows what still works
  }
}
