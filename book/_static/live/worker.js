// The worker that holds Python: Pyodide, NumPy, the package's own wheel, and runner.py.

const here = (file) => new URL(file, import.meta.url);
const loaded = new Set();
const OURS = ["samples", "runner"]; // the modules that run the cells
let pyodide;
let runner;

// loadPackage tells of what it could not fetch in the console alone.
async function load(names) {
  await pyodide.loadPackage(names, { messageCallback: () => {}, errorCallback: () => {} });
  const have = Object.keys(pyodide.loadedPackages).map((name) => name.toLowerCase());
  for (const name of [names].flat()) {
    if (name.includes("/") || have.includes(name)) loaded.add(name);
    else throw new Error(`${name} could not be fetched. Is this computer offline?`);
  }
}

const stage = (text, fraction) => postMessage({ stage: { text, fraction } });

async function text(file) {
  const answer = await fetch(here(file));
  if (!answer.ok) throw new Error(`${file} could not be fetched (${answer.status})`);
  return answer.text();
}

async function start({ packages }) {
  const config = JSON.parse(await text("config.json"));
  const indexURL = here(config.pyodide).href;
  const wheel = here(config.wheel).href;
  let core;
  try {
    core = await import(indexURL + "pyodide.mjs");
  } catch {
    throw new Error(
      `Python could not be fetched from ${new URL(indexURL).host}. Is this computer offline? ` +
        "A book built with OFFLINE=1 holds its own Python.",
    );
  }
  stage("Starting Python", 0.15);
  const names = ["numpy", ...packages];
  const [python, ...sources] = await Promise.all([
    core.loadPyodide({ indexURL, packages: names }),
    ...OURS.map((name) => text(`${name}.py`)),
  ]);
  pyodide = python;
  await load(names); // what has come is not loaded again
  stage("Loading hopfield", 0.9);
  await load(wheel);
  if (!pyodide.loadedPackages.hopfield) throw new Error("hopfield could not be fetched");
  OURS.forEach((name, k) => addModule(name, sources[k]));
  runner = pyodide.pyimport("runner");
}

async function need(packages) {
  const missing = packages.filter((name) => !loaded.has(name));
  if (!missing.length) return;
  stage(`Loading ${missing.join(" and ")}`, 0.7);
  await load(missing);
  stage("Python is ready", 1);
}

function addModule(name, source) {
  const folder = "/home/pyodide/";
  pyodide.FS.writeFile(`${folder}${name}.py`, source);
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
}

async function run({ id, code, name, packages, fine, part, sample }) {
  await need(packages);
  const emit = (kind, value) => {
    if (kind !== "figure") return postMessage({ id, event: { stream: kind, text: value } });
    const bytes = value.toJs();
    value.destroy();
    postMessage({ id, event: { figure: bytes, fine } }, [bytes.buffer]);
  };
  return plainOrThrow(runner.run(code, name, fine, part, sample, emit));
}

async function module({ file }) {
  const name = file.replace(/\.py$/, "");
  addModule(name, await text(file));
  plainOrThrow(runner.call("importlib", "import_module", pyodide.toPy([name]), false));
}

async function call({ module, name, args, packages }) {
  await need(packages);
  const given = pyodide.toPy(args);
  try {
    return plainOrThrow(runner.call(module, name, given));
  } finally {
    given.destroy?.();
  }
}

// runner's functions return {"value"} or {"error": {message, traceback, line}}.
function plainOrThrow(answer) {
  const { value, error } = answer.toJs({
    dict_converter: Object.fromEntries,
    create_pyproxies: false,
  });
  answer.destroy();
  if (error) throw Object.assign(new Error(error.message), error);
  return value;
}

function buffers(value, found = []) {
  if (ArrayBuffer.isView(value)) found.push(value.buffer);
  else if (value && typeof value === "object")
    Object.values(value).forEach((v) => buffers(v, found));
  return found;
}

const actions = { start, run, module, call };
let queue = Promise.resolve(); // one thing after the other

onmessage = ({ data }) => {
  queue = queue.then(async () => {
    const { id, action } = data;
    try {
      const value = await actions[action](data);
      postMessage({ id, value }, [...new Set(buffers(value))]);
    } catch (error) {
      const { message, traceback = "", line = null } = error;
      const broken = !traceback && !(error.constructor === Error);
      postMessage({ id, error: { message, traceback, line, broken } });
    }
  });
};
