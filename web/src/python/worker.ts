// The worker that holds Python: Pyodide, NumPy, the package's own wheel, and runner.py.

import type { Answer, Stage, Trouble } from "./python";

// What is used of Pyodide.
interface PyProxy {
  toJs(options?: object): unknown;
  destroy(): void;
}

interface Runner {
  run(...args: unknown[]): PyProxy;
  call(module: string, name: string, args: unknown, keep?: boolean): PyProxy;
}

interface Pyodide {
  loadedPackages: Record<string, string>;
  FS: { writeFile(path: string, text: string): void };
  loadPackage(names: string | string[], options?: object): Promise<unknown>;
  runPython(code: string): unknown;
  pyimport(name: string): Runner;
  toPy(value: unknown): unknown;
}

interface Asked {
  id: number;
  action: keyof typeof actions;
  code: string;
  name: string;
  module: string;
  args: unknown[];
  packages: string[];
  fine: number;
  part: string;
  sample: number;
}

const here = (file: string) => new URL(file, import.meta.url);
const loaded = new Set<string>();
const OURS = ["figures", "samples", "runner"]; // the modules that run the cells
let pyodide: Pyodide;
let runner: Runner;

const answer = (message: Partial<Answer>, moved: Transferable[] = []) =>
  (postMessage as (message: unknown, moved: Transferable[]) => void)(message, moved);

// loadPackage tells of what it could not fetch in the console alone.
async function load(names: string | string[]) {
  const quiet = () => undefined;
  await pyodide.loadPackage(names, { messageCallback: quiet, errorCallback: quiet });
  const have = Object.keys(pyodide.loadedPackages).map((name) => name.toLowerCase());
  for (const name of [names].flat()) {
    if (name.includes("/") || have.includes(name)) loaded.add(name);
    else throw new Error(`${name} could not be fetched. Is this computer offline?`);
  }
}

const stage = (text: string, fraction: number) =>
  answer({ stage: { text, fraction } satisfies Stage });

async function text(file: string): Promise<string> {
  const found = await fetch(here(file));
  if (!found.ok) throw new Error(`${file} could not be fetched (${found.status})`);
  return found.text();
}

async function start({ packages }: Asked) {
  const config = JSON.parse(await text("config.json"));
  const indexURL = here(config.pyodide).href;
  const wheel = here(config.wheel).href;
  let core: { loadPyodide(options: object): Promise<Pyodide> };
  try {
    core = await import(indexURL + "pyodide.mjs");
  } catch {
    throw new Error(
      `Python could not be fetched from ${new URL(indexURL).host}. Is this computer offline? ` +
        "A book built with OFFLINE=1 holds its own Python.",
    );
  }
  stage("Starting Python", 0.15);
  const names = ["numpy", ...packages, wheel];
  const [python, ...sources] = await Promise.all([
    core.loadPyodide({ indexURL, packages: names }), // all at once
    ...OURS.map((name) => text(`${name}.py`)),
  ]);
  pyodide = python;
  await load(names); // what has come is not loaded again
  stage("Loading hopfield", 0.9);
  if (!pyodide.loadedPackages.hopfield) throw new Error("hopfield could not be fetched");
  OURS.forEach((name, k) => pyodide.FS.writeFile(`/home/pyodide/${name}.py`, sources[k]));
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
  runner = pyodide.pyimport("runner");
}

async function need(packages: string[]) {
  const missing = packages.filter((name) => !loaded.has(name));
  if (!missing.length) return;
  stage(`Loading ${missing.join(" and ")}`, 0.7);
  await load(missing);
  stage("Python is ready", 1);
}

async function run({ id, code, name, packages, fine, part, sample }: Asked) {
  await need(packages);
  const emit = (kind: string, value: string | PyProxy) => {
    if (typeof value === "string") return answer({ id, event: { stream: kind, text: value } });
    const bytes = value.toJs() as Uint8Array;
    value.destroy();
    return answer({ id, event: { figure: bytes, fine } }, [bytes.buffer]);
  };
  return plainOrThrow(runner.run(code, name, fine, part, sample, emit));
}

async function call({ module, name, args, packages }: Asked) {
  await need(packages);
  const given = pyodide.toPy(args);
  try {
    return plainOrThrow(runner.call(module, name, given));
  } finally {
    (given as Partial<PyProxy>).destroy?.();
  }
}

// runner's functions return {"value"} or {"error": {message, traceback, line}}.
function plainOrThrow(proxy: PyProxy): unknown {
  const options = { dict_converter: Object.fromEntries, create_pyproxies: false };
  const { value, error } = proxy.toJs(options) as Answer;
  proxy.destroy();
  if (error) throw Object.assign(new Error(error.message), error);
  return value;
}

function buffers(value: unknown, found = new Set<Transferable>()): Set<Transferable> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (value && typeof value === "object") {
    for (const one of Object.values(value)) buffers(one, found);
  }
  return found;
}

const actions = { start, run, call };
let queue: Promise<unknown> = Promise.resolve(); // one thing after the other

onmessage = ({ data }: MessageEvent<Asked>) => {
  queue = queue.then(async () => {
    const { id, action } = data;
    try {
      const value: unknown = await actions[action](data);
      answer({ id, value }, [...buffers(value)]);
    } catch (error) {
      const { message, traceback = "", line = null } = error as Trouble;
      const broken = !traceback && (error as Error).constructor !== Error;
      answer({ id, error: { message, traceback, line, broken } });
    }
  });
};
