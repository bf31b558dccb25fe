// One Python a page: a worker that holds Pyodide, NumPy and the package. It begins with the first
// start, run or call; before, `prefetch` and `warm` spare most readers the wait.

const FINE = 2; // dots a pixel of figures, as in the built book
const CORE = ["pyodide.asm.wasm", "pyodide.mjs", "pyodide.asm.mjs", "python_stdlib.zip"];

export interface Stage {
  text: string;
  fraction: number;
}

// What a cell gives while it runs.
export interface CellEvent {
  stream?: string;
  text?: string;
  figure?: Uint8Array;
  fine?: number;
}

export interface Trouble {
  message: string;
  traceback: string;
  line: number | null;
  broken?: boolean; // not an error of Python's: who knows what still works
}

export interface Answer {
  id: number;
  value?: unknown;
  error?: Trouble;
  event?: CellEvent;
  stage?: Stage;
}

export interface RunOptions {
  name: string;
  packages?: string[];
  fine?: number;
  part?: "cell" | "exercise" | "check" | "ahead";
  sample?: number;
  onEvent?: (event: CellEvent) => void;
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  onEvent?: (event: CellEvent) => void;
}

interface Connection {
  saveData?: boolean;
  type?: string;
  effectiveType?: string;
}

// Readers who pay for what they fetch, and other sites' frames, get Python when they ask for it. A
// phone whose browser does not say what it is connected to may pay.
const { connection = {} } = navigator as Navigator & { connection?: Connection };
export const thrifty: boolean =
  connection.saveData ||
  (!("connection" in navigator) && matchMedia("(pointer: coarse)").matches) ||
  connection.type === "cellular" ||
  (connection.effectiveType ?? "4g") !== "4g" ||
  document.documentElement.classList.contains("as-embed");

export class PythonError extends Error {
  readonly traceback: string;
  readonly line: number | null;

  constructor({ message, traceback, line }: Trouble) {
    super(message);
    this.traceback = traceback;
    this.line = line;
  }
}

export class Stopped extends Error {}

export class Python {
  #worker: Worker | null = null;
  #started: Promise<void> | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  readonly #onStage: (stage: Stage) => void;
  readonly #onEnd: () => void;

  constructor({ onStage, onEnd }: { onStage?: (stage: Stage) => void; onEnd?: () => void } = {}) {
    this.#onStage = onStage ?? (() => undefined);
    this.#onEnd = onEnd ?? (() => undefined);
  }

  get running(): boolean {
    return this.#worker !== null;
  }

  // Load Python and these packages besides NumPy; once, whoever asks.
  start({ packages = [] as string[] } = {}): Promise<void> {
    this.#started ??= this.#begin(packages).catch((error) => {
      if (!(error instanceof Stopped)) this.terminate();
      throw error;
    });
    return this.#started;
  }

  // Start while a reader reaches for it; why it fails, if it does, is said when something is run.
  warm(packages: string[] = []): void {
    if (!thrifty) this.start({ packages }).catch(() => undefined);
  }

  // Once nothing else happens, fetch what is needed into the browser's cache.
  prefetch(packages: string[] = []): void {
    if (thrifty) return;
    const idle = window.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 2000));
    const begin = () => idle(() => void this.#prefetch(packages).catch(() => undefined));
    if (document.readyState === "complete") begin();
    else addEventListener("load", begin);
  }

  async #prefetch(packages: string[]) {
    const get = async (file: URL) => {
      const answer = await fetch(file, { priority: "low" });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer;
    };
    const here = (file: string) => new URL(file, import.meta.url);
    const { pyodide, wheel } = await (await get(here("config.json"))).json();
    const there = (file: string) => new URL(file, here(pyodide));
    const lock = await (await get(there("pyodide-lock.json"))).json();
    const wanted = new Set<string>(["numpy", ...packages]);
    for (const name of wanted) {
      lock.packages[name].depends.forEach((other: string) => wanted.add(other));
    }
    const wheels = [...wanted].map((name): string => lock.packages[name].file_name);
    for (const file of [...[...CORE, ...wheels].map(there), here(wheel)]) {
      if (this.running) return; // which fetches them itself
      await (await get(file)).arrayBuffer();
    }
  }

  async #begin(packages: string[]) {
    this.#onStage({ text: "Fetching Python", fraction: 0.05 });
    this.#worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#receive(data);
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
    this.#onStage({ text: "Python is ready", fraction: 1 });
  }

  // Run a cell's code, its figures `fine` times as fine as the screen (0: none), its seeds those of
  // a sample; onEvent gets {stream, text} and {figure} as they come. Gives how many seeds were taken.
  async run(code: string, options: RunOptions): Promise<number> {
    const { name, packages = [], fine = FINE, part = "cell", sample = 0, onEvent } = options;
    await this.start({ packages });
    return this.#ask("run", { code, name, packages, fine, part, sample }, onEvent);
  }

  // Call module.name(*args) and return what it gives, as plain JavaScript values.
  async call<T>(
    module: string,
    name: string,
    args: unknown[] = [],
    { packages = [] as string[] } = {},
  ): Promise<T> {
    await this.start();
    return this.#ask("call", { module, name, args, packages });
  }

  // End Python, whatever it does; the next start begins anew.
  terminate(reason: Error = new Stopped("stopped")): void {
    this.#worker?.terminate();
    this.#worker = this.#started = null;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
    this.#onEnd();
  }

  #ask<T>(action: string, values: object, onEvent?: Waiting["onEvent"]): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      const id = ++this.#last;
      this.#waiting.set(id, { resolve, reject, onEvent });
      this.#worker!.postMessage({ id, action, ...values });
    }) as Promise<T>;
  }

  #receive({ id, stage, event, error, value }: Answer) {
    if (stage) return this.#onStage(stage);
    const asked = this.#waiting.get(id);
    if (event) return asked?.onEvent?.(event);
    this.#waiting.delete(id);
    if (!error) return asked?.resolve(value);
    asked?.reject(error.traceback ? new PythonError(error) : new Error(error.message));
    if (error.broken) this.terminate();
  }
}
