// The lab: draw, store and spoil pictures, and watch the package's own network recall them.
// Python runs in a worker, from the first press that needs it; lab.py steps the run.

import * as art from "./lab-pictures.js";
import { cellsOf, CHAPTER, decode, encode, MOST, PREFIX, read, written } from "./lab-link.js";
import { ICONS, PAGE } from "./lab-page.js";
import { DASHES, heat, lines, number } from "./lab-plots.js";
import { Python, PythonError } from "./python.js";

const { INK, PAPER, UNKNOWN } = art;
const KEPT = 400; // frames of the history; then every second one is dropped
const FOLLOWED = 6; // patterns whose overlap has a colour of its own
const BUDGET = [0.0015, 0.006]; // seconds for a frame's moves: where all is slow, and elsewhere
const DENSE = 2500; // neurons up to which a rule may hold a matrix of all couplings
const ALIKE = 0.5; // the overlap from which two stored patterns are called much alike
const FASTEST_TOGETHER = 10; // frames a second where all neurons move at once
const WORD = { [INK]: "ink", [PAPER]: "paper", [UNKNOWN]: "unknown" };
const KEY = "hopfield:lab"; // where the browser keeps the lab for the next visit
const UNDOS = 50;
const FIRST = {
  side: 50,
  pictures: ["BU", "X", "digit 3"],
  flipped: 0.25,
  seed: 4, // of the flips
  run: 2026,
  settings: { rule: "hebb", neuron: "Sign", tie: "keep", order: "Shuffled", hold: "nothing", T: 0.5 },
};

const isOurs = (hash) => [PREFIX, CHAPTER].some((kind) => hash.startsWith(kind));
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

export async function start(root) {
  root.innerHTML = PAGE;
  const at = Object.fromEntries(
    [...root.querySelectorAll("[data-lab]")].map((e) => [e.dataset.lab, e]),
  );
  const known = await fetch(new URL("pictures.json", import.meta.url))
    .then((answer) => answer.json())
    .catch(() => ({ firstSide: 5, pictures: [], rules: [{ name: "hebb", implicit: true }] }));
  const names = () => ({ pictures: known.pictures, rules: known.rules.map(({ name }) => name) });

  let side = FIRST.side;
  let patterns = []; // {name, source, cells}
  let cue = art.plain(side);
  let cells = cue; // where the run stands
  let title = ""; // what is on the canvas, if it has a name
  let source = null; // {picture} or {seed}, if it is one of those, untouched
  let { settings, run: seed } = FIRST;
  let history = []; // {bits, moves, sweeps, energy, overlaps, words}
  let stride = 1;
  let frames = 0;
  let passing = false; // the last frame is shown, but the next one takes its place
  let followed = [];
  let unstable = null; // who is about to flip
  let view = null; // null: where it stands; {frame} or {pattern} that is looked at instead
  let playing = false;
  let before = { moves: 0, sweeps: 0 }; // what a link's state, or one taken back, had behind it
  let runs = 0; // a loop ends where another has begun, or the cue is another
  let photo = null; // grey levels of the image last read
  let theme = {};
  let news = null; // words that are yet to be shown

  // ---- Python ---------------------------------------------------------------------------------

  const python = new Python({ onStage: showStage });
  const todo = new Set(["learn", "begin"]); // what Python has not been told
  const painted = new Map(); // site -> value, set by hand in a run
  let ready = null;
  let learned = false; // whether Python holds a memory
  let queue = Promise.resolve();

  function showStage({ text, fraction }) {
    at.loadingText.textContent = text;
    at.progress.value = fraction;
    at.loading.hidden = fraction >= 1;
  }

  // One thing after the other, each with Python brought up to what the page shows.
  function ask(name, ...args) {
    const asked = queue.then(async () => {
      if (!ready) {
        at.loading.hidden = false;
        say("Loading Python");
        ready = python.start().then(() => python.module("lab.py"));
        ready.catch(() => (ready = null));
      }
      await ready;
      await tell();
      return name && python.call("lab", name, args, needs(name));
    });
    queue = asked.catch(() => {});
    return asked;
  }

  // Python is gone: the next that needs it begins at what the canvas shows.
  function startAnew() {
    ready = null;
    learned = false;
    todo.add("learn").add("begin");
  }

  const needs = (name) => ({ packages: name === "film" ? ["pillow"] : [] });

  async function tell() {
    if (patterns.length && todo.delete("learn")) {
      const names = patterns.map(({ name }) => name);
      const rows = patterns.map((pattern) => art.packBits(pattern.cells, INK));
      const bits = new Uint8Array(rows.length * rows[0].length);
      rows.forEach((row, k) => bits.set(row, k * row.length));
      const frame = await python
        .call("lab", "learn", [side, settings.rule, names, bits])
        .catch((error) => {
          todo.add("learn"); // and the same sentence again, until something else is chosen
          throw error;
        });
      learned = true;
      if (frame.bits) accept(frame);
      else todo.add("begin");
      showWeights();
    }
    if (todo.delete("begin")) {
      todo.delete("change");
      painted.clear();
      forget();
      accept(await python.call("lab", "begin", [art.packState(cells), settings, seed]));
    } else if (todo.delete("change")) {
      accept(await python.call("lab", "change", [settings]));
    }
    if (painted.size) {
      const sites = Int32Array.from(painted.keys());
      const values = Int8Array.from(painted.values());
      painted.clear();
      const bytes = [sites, values].map((a) => new Uint8Array(a.buffer));
      accept(await python.call("lab", "paint", [...bytes, at.overlay.checked]));
    }
  }

  const until = (frame) => ({
    moves: before.moves + (frame?.moves ?? 0),
    sweeps: before.sweeps + (frame?.sweeps ?? 0),
  });
  const moves = () => until(history.at(-1)).moves;

  // Take what Python sent, unless it is of a run that the reader has left meanwhile.
  function accept(frame) {
    if (todo.has("begin")) return null;
    cells = art.unpackState(frame.bits, side * side);
    for (const [site, value] of painted) cells[site] = value;
    unstable = frame.unstable ? art.unpackInk(frame.unstable, side * side) : null;
    news = frame.words + (unstable ? flipping() : "");
    const last = history.at(-1);
    const again = last?.moves === frame.moves && art.same(last.bits, frame.bits);
    history.splice(history.length - (again || passing), again || passing ? 1 : 0, frame);
    if (!again) passing = frames++ % stride > 0;
    if (history.length > KEPT) {
      history = history.filter((_, k) => k % 2 === 0 || k === history.length - 1);
      stride *= 2;
    }
    invalidate();
    return frame;
  }

  function flipping() {
    const count = unstable.reduce((sum, c) => sum + (c === INK), 0);
    return ` ${count} ${count === 1 ? "neuron is" : "neurons are"} about to flip.`;
  }

  function forget() {
    history = [];
    [stride, frames, passing, unstable, view] = [1, 0, false, null, null];
    followed = [];
  }

  // What goes wrong is told in a sentence, and the lab stays usable.
  const guarded =
    (action) =>
    async (...args) => {
      try {
        return await action(...args);
      } catch (error) {
        setPlaying(false);
        at.loading.hidden = true;
        if (error instanceof PythonError) console.warn(error.traceback);
        else console.error(error);
        if (!python.running) startAnew();
        tellReader(`That did not work: ${error.message}`);
      }
    };

  // A line under the canvas, read out too; what matters most takes the larger line as well.
  const say = (words) => (at.say.textContent = words);

  function tellReader(words) {
    showWords(words);
    at.aloud.textContent = words;
    say("");
  }

  function showWords(words) {
    at.words.textContent = words;
    news = null;
  }

  // ---- running --------------------------------------------------------------------------------

  let cap = 200; // moves a frame that this computer manages
  let budget = BUDGET[1];

  const together = () => settings.order === "Sync";
  const sweepsASecond = () => 10 ** Number(at.speed.value);
  const movesASecond = () =>
    together()
      ? Math.min(Math.max(sweepsASecond(), 0.5), FASTEST_TOGETHER)
      : Math.max(sweepsASecond() * side * side, 1);

  async function step(n) {
    const asked = performance.now();
    const frame = await ask("step", n, at.overlay.checked);
    const late = performance.now() - asked > 16;
    budget = Math.min(Math.max(budget * (late ? 0.9 : 1.1), BUDGET[0]), BUDGET[1]);
    // A single frame may be slow for other reasons: go a third of the way to what it says.
    if (n >= cap / 4) cap = Math.max(1, cap + (budget / (frame.took / n + 1e-6) - cap) / 3);
    return accept(frame);
  }

  async function play() {
    if (!patterns.length)
      return tellReader("Store a pattern first: then there is something to recall.");
    if (playing) return;
    setPlaying(true);
    const mine = ++runs;
    await ask(); // so that the clock starts when Python is there
    if (view?.pattern !== undefined) view = null;
    let [owed, last] = [1, performance.now()];
    while (playing && mine === runs) {
      const now = performance.now();
      if (view) replay();
      else owed = Math.min(owed + ((now - last) / 1000) * movesASecond(), cap);
      last = now;
      const n = view ? 0 : Math.floor(Math.min(owed, together() ? 1 : cap));
      owed -= n;
      const [frame] = await Promise.all([n && step(n), nextFrame()]);
      if (frame?.why) {
        setPlaying(false);
        tellReader(frame.words);
      }
    }
    await measure();
  }

  // In each frame neither all is measured nor rest is proved: do it where the reader stops.
  async function measure() {
    if (!playing && patterns.length && !history.at(-1)?.why) {
      accept(await ask("look", at.overlay.checked));
    }
  }

  function replay() {
    view = view.frame + 1 < history.length - 1 ? { frame: view.frame + 1 } : null;
    invalidate();
  }

  function setPlaying(on) {
    playing = on;
    invalidate();
    at.play.innerHTML = on ? `${ICONS.pause}<span>Pause</span>` : `${ICONS.play}<span>Play</span>`;
  }

  async function stepBy(n) {
    setPlaying(false);
    if (!patterns.length) return play();
    view = null;
    const mine = ++runs;
    await ask();
    // A sweep of a large network takes a while one at a time: in parts, so that it is seen.
    for (let left = n; left > 0 && mine === runs;) {
      const part = together() ? 1 : Math.min(left, Math.ceil(cap));
      const frame = await step(part);
      left -= part;
      if (!frame || frame.why) break;
      await nextFrame();
    }
    if (mine !== runs) return;
    await measure();
    tellReader(news ?? at.words.textContent);
  }

  function reset() {
    setCue(cue, title, source);
    say("Back to the cue.");
  }

  // ---- what is on the canvas ------------------------------------------------------------------

  function shown() {
    if (view?.pattern !== undefined) return patterns[view.pattern].cells;
    if (view) return art.unpackState(history[view.frame].bits, side * side);
    return cells;
  }

  function setCue(next, name = "", from = null, what = "") {
    if (moves() || !art.same(next, cue)) remember(what);
    putCue(next, name, from);
  }

  function putCue(next, name = "", from = null) {
    cue = next.slice();
    cells = cue.slice();
    [title, source, before] = [name, from, { moves: 0, sweeps: 0 }];
    if (!playing) runs++; // a sweep that is under way ends
    painted.clear();
    forget();
    todo.add("begin");
    showWords(patterns.length ? "Press Play." : "Store what you drew, then press Play.");
    refresh();
    invalidate();
  }

  // Change what is shown: the cue before a run, the run's neurons in it.
  function edit(change, what = "") {
    const was = shown();
    const after = change(was.slice());
    if (art.same(was, after)) return;
    if (view || !moves()) return setCue(after, "", null, what);
    remember(what);
    [title, source] = ["", null];
    after.forEach((c, i) => c !== was[i] && painted.set(i, c));
    cells = after;
    unstable = null;
    refresh();
    invalidate();
  }

  // Where Python runs already and nothing moves, energy and words follow what is drawn.
  let refreshing = 0;
  function refresh() {
    if (!ready || playing || !patterns.length) return;
    clearTimeout(refreshing);
    refreshing = setTimeout(
      guarded(async () => {
        if (!playing && patterns.length) accept(await ask("look", at.overlay.checked));
      }),
      150,
    );
  }

  // ---- patterns -------------------------------------------------------------------------------

  function store() {
    const next = shown().map((c) => (c === UNKNOWN ? PAPER : c));
    const name = at.name.value.trim() || title || unused("pattern");
    if (add(name, view ? null : source, next)) {
      at.name.value = "";
      const blanks = shown().includes(UNKNOWN) ? " What was unknown is stored as paper." : "";
      say(`Stored as “${name}”.${blanks}`);
    }
  }

  function add(name, from, next) {
    const twin = patterns.find((p) => art.same(p.cells, next));
    if (twin) say(`That is stored already, as “${twin.name}”.`);
    else if (patterns.length >= MOST) say(`The lab holds ${MOST} patterns at most.`);
    else {
      remember();
      patterns.push({ name, source: from, cells: next });
      patternsChanged();
      return true;
    }
    return false;
  }

  function unused(word) {
    let k = patterns.length + 1;
    while (patterns.some(({ name }) => name === `${word} ${k}`)) k++;
    return `${word} ${k}`;
  }

  function storeRandom() {
    const count = Math.min(Math.max(Math.round(Number(at.many.value)) || 1, 1), 50);
    at.many.value = count;
    let added = 0;
    remember();
    for (; added < count && patterns.length < MOST; added++) {
      const from = { seed: art.newSeed() };
      patterns.push({ name: unused("random"), source: from, cells: cellsOf(from, side, []) });
    }
    patternsChanged();
    const full = added < count ? ` The lab holds ${MOST} patterns at most.` : "";
    say(`${added} random ${added === 1 ? "pattern is" : "patterns are"} stored.${full}`);
  }

  function forgetPattern(k) {
    remember();
    const [{ name }] = patterns.splice(k, 1);
    if (view?.pattern !== undefined) view = null;
    patternsChanged();
    say(`“${name}” is forgotten.`);
    (
      at.stored.querySelectorAll("li")[Math.min(k, patterns.length - 1)]?.querySelector("button") ??
      at.store
    ).focus();
  }

  function patternsChanged() {
    if (!patterns.length) setPlaying(false);
    todo.add("learn");
    followed = [];
    history.forEach((frame) => delete frame.overlaps); // they were with other patterns
    listPatterns();
    showLoad();
    refresh();
    invalidate();
  }

  function listPatterns() {
    at.none.hidden = patterns.length > 0;
    at.stored.replaceChildren(
      ...patterns.map(({ name, cells: picture }, k) => {
        const item = document.createElement("li");
        const put = made("button", "lab-thumb");
        const small = made("canvas");
        put.append(small, made("span", "", name));
        put.setAttribute("aria-label", `Use “${name}” as the cue`);
        put.onclick = () => {
          setCue(picture, name, patterns[k].source);
          say(`“${name}” is the cue.`);
        };
        const show = made("button", "lab-small", "Show");
        show.setAttribute("aria-label", `Show “${name}”`);
        show.setAttribute("aria-pressed", String(view?.pattern === k));
        show.onclick = () => {
          setPlaying(false);
          view = view?.pattern === k ? null : { pattern: k };
          invalidate();
        };
        const drop = made("button", "lab-small", "Forget");
        drop.setAttribute("aria-label", `Forget “${name}”`);
        drop.onclick = () => forgetPattern(k);
        item.append(put, show, drop);
        small.width = small.height = side;
        pixels(small.getContext("2d"), picture);
        return item;
      }),
    );
  }

  function made(kind, name = "", text = "") {
    const element = document.createElement(kind);
    if (kind === "button") element.type = "button";
    if (name) element.className = name;
    element.textContent = text;
    return element;
  }

  function showLoad() {
    const [p, n] = [patterns.length, side * side];
    const rule = known.rules.find(({ name }) => name === settings.rule);
    const capacity = rule?.capacity?.[side - known.firstSide] ?? null;
    const about = capacity && (capacity < 10 ? number(capacity) : Math.round(capacity));
    const most = rule?.breaks ? Math.round(rule.breaks * n) : null; // with a few wrong pixels
    const bounds = most
      ? ` Of random patterns the rule “${settings.rule}” keeps about ${about} = N/(2 ln N) without ` +
        `a wrong pixel, and about ${most} = ${number(Number(rule.breaks.toPrecision(3)))} N with a ` +
        "few; beyond that it breaks down."
      : ` The rule “${settings.rule}” keeps about ${about} random patterns.`;
    at.load.textContent =
      `Load α = P/N = ${p} / ${n} = ${number(Number((p / n).toPrecision(3)))}.` +
      (capacity ? bounds : "");
    at.ruleText.textContent = rule?.capacityText ?? "";
    at.overload.hidden = !(capacity && p > capacity);
    at.overload.textContent =
      most && p <= most
        ? `${p} patterns are more than the ${about} that come back exactly: expect a few wrong ` +
          `pixels. Up to about ${most} random patterns it stays a memory.`
        : `Too much is stored: ${p} patterns, and this rule keeps about ${most ?? about}. ` +
          "Expect wrong pixels, then states that nobody stored.";
    const [first, second, m] = mostAlike();
    at.alike.hidden = Math.abs(m) < ALIKE;
    at.alike.textContent =
      `“${first}” and “${second}” are ${m > 0 ? "much alike" : "nearly opposite"}: ` +
      `overlap ${m.toFixed(2).replace("-", "−")}. A simple rule blends such patterns.`;
  }

  function mostAlike() {
    let best = ["", "", 0];
    const few = patterns.slice(0, 60);
    few.forEach((a, j) =>
      few.slice(0, j).forEach((b) => {
        const m = art.overlap(a.cells, b.cells);
        if (Math.abs(m) > Math.abs(best[2])) best = [b.name, a.name, m];
      }),
    );
    return best;
  }

  function setSide(next) {
    if (next === side) return;
    remember();
    const old = side;
    side = next;
    const fit = (x) => art.resample(x, old, side);
    patterns = patterns.map((p) => ({
      ...p,
      cells: p.source ? cellsOf(p.source, side, known.pictures) : fit(p.cells),
    }));
    photo = null;
    at.imageTools.hidden = true;
    todo.add("learn");
    putCue(source ? cellsOf(source, side, known.pictures) : fit(cue), title, source);
    listRules();
    patternsChanged();
    showSide();
    say(`The grid has ${side} by ${side} neurons.`);
  }

  function showSide() {
    at.side.value = side;
    at.canvas.width = at.canvas.height = side;
    at.lines.hidden = side > 60;
    at.lines.style.setProperty("--side", side);
    at.brush.max = Math.max(3, Math.ceil(side / 6));
    place(Math.min(cursor.row, side - 1), Math.min(cursor.column, side - 1));
    labels();
  }

  function listRules() {
    const fits = known.rules.filter(({ implicit }) => implicit || side * side <= DENSE);
    at.rule.replaceChildren(...fits.map(({ name }) => new Option(name, name)));
    if (!fits.some(({ name }) => name === settings.rule)) settings = { ...settings, rule: fits[0].name };
    at.rule.value = settings.rule;
  }

  // ---- drawing what is shown ------------------------------------------------------------------

  let waiting = false;
  let slow = 0; // when all that needs no frame of its own was drawn last

  function invalidate() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame((now) => {
      waiting = false;
      pixels(at.canvas.getContext("2d"), shown(), view ? null : unstable);
      if (playing && now - slow < 90) return;
      slow = now;
      if (news !== null) showWords(news);
      showTime();
      plots();
    });
  }

  function pixels(pen, picture, marked = null) {
    const image = pen.createImageData(pen.canvas.width, pen.canvas.height);
    const words = new Uint32Array(image.data.buffer);
    const colour = theme.cells;
    for (let i = 0; i < picture.length; i++) words[i] = colour[picture[i] + 1];
    if (marked) {
      for (let i = 0; i < marked.length; i++) {
        if (marked[i] === INK) words[i] = theme.marked[picture[i] + 1];
      }
    }
    pen.putImageData(image, 0, 0);
  }

  function showTime() {
    const last = Math.max(history.length - 1, 0);
    at.time.max = last;
    at.time.disabled = last === 0;
    const k = view?.frame ?? last;
    at.time.value = k;
    const frame = history[k];
    const made_ = until(frame);
    at.timeText.textContent = `${made_.sweeps.toFixed(2)} sweeps, ${made_.moves} ${made_.moves === 1 ? "move" : "moves"}`;
    at.time.setAttribute("aria-valuetext", at.timeText.textContent);
    for (const [j, button] of at.stored.querySelectorAll("[aria-pressed]").entries()) {
      button.setAttribute("aria-pressed", String(view?.pattern === j));
    }
  }

  function plots() {
    const measured = history.filter(({ overlaps }) => overlaps);
    const x = measured.map((frame) => until(frame).sweeps);
    const now = view?.frame === undefined ? null : until(history[view.frame]).sweeps;
    const empty = patterns.length ? "Press Play" : "Store a pattern first";
    const energy = measured.map((frame) => frame.energy ?? null);
    const none = measured.length && energy.every((e) => e === null);
    const common = { x, now, theme, empty: none ? "this rule has no energy" : empty };
    lines(at.energy, {
      ...common,
      series: [{ y: energy, colour: theme.lines[0] }],
      yLabel: "energy E",
    });
    const [first, last] = [energy[0], energy.at(-1)];
    at.energy.setAttribute(
      "aria-label",
      first === undefined || none
        ? "Energy: nothing yet"
        : `Energy, from ${number(first)} to ${number(last)} in ${number(x.at(-1))} sweeps`,
    );
    plotOverlaps(measured, common);
  }

  function plotOverlaps(measured, common) {
    const now = measured.at(-1)?.overlaps ?? [];
    const size = (k) => Math.max(Math.abs(measured[0].overlaps[k]), Math.abs(now[k]));
    if (followed.length !== Math.min(FOLLOWED, now.length)) {
      const ranked = now.map((_, k) => k).sort((a, b) => size(b) - size(a));
      followed = ranked.slice(0, FOLLOWED).sort((a, b) => a - b);
      showLegend(now.length);
    }
    const others = now
      .map((_, k) => k)
      .filter((k) => !followed.includes(k))
      .slice(0, 40);
    const series = (k, colour, dash, width) => ({
      y: measured.map(({ overlaps }) => overlaps[k]),
      colour,
      dash,
      width,
    });
    lines(at.overlaps, {
      ...common,
      range: [-1.05, 1.05],
      yLabel: "overlap m",
      series: [
        ...others.map((k) => series(k, theme.grid, [], 1)),
        ...followed.map((k, j) => series(k, theme.lines[j], DASHES[j], 2)),
      ],
    });
    at.overlaps.setAttribute(
      "aria-label",
      now.length
        ? followed.map((k) => `Overlap with ${patterns[k]?.name}: ${now[k].toFixed(2)}`).join(", ")
        : "Overlaps: nothing yet",
    );
  }

  function showLegend(count) {
    const entry = (text, colour, dash) => {
      const item = made("li");
      item.innerHTML =
        `<svg viewBox="0 0 28 8" aria-hidden="true"><path d="M0 4h28" fill="none" ` +
        `stroke-width="2.5" stroke="${colour}" stroke-dasharray="${dash.join(" ")}"/></svg>`;
      item.append(text);
      return item;
    };
    const items = followed.map((k, j) => entry(patterns[k]?.name ?? "", theme.lines[j], DASHES[j]));
    if (count > followed.length)
      items.push(entry(`${count - followed.length} others`, theme.grid, []));
    at.legend.replaceChildren(...items);
  }

  async function showWeights() {
    if (!at.weightsCard.open || !patterns.length || !learned) {
      at.weightsText.textContent = patterns.length
        ? "Press Play to see them."
        : "Nothing is stored.";
      at.weights.hidden = at.scale.hidden = true;
      return;
    }
    const found = await python.call("lab", "weights").catch(({ message }) => ({ words: message }));
    at.weights.hidden = at.scale.hidden = !found.k;
    if (!found.k) return (at.weightsText.textContent = found.words);
    const { k, block, values } = found;
    const floats = new Float32Array(values.slice().buffer);
    const largest = heat(at.weights, floats, k, theme.heat);
    at.least.textContent = number(-largest);
    at.most.textContent = number(largest);
    at.weightsText.textContent =
      block === 1
        ? `The weights between all ${k} neurons: row i, column j is W_ij.`
        : `Means of the weights between ${k} blocks of ${block} successive neurons` +
          (block === side ? ", a row of the picture each." : ".");
    at.weights.setAttribute("aria-label", at.weightsText.textContent);
  }

  function readTheme() {
    const style = getComputedStyle(root);
    const get = (name) => style.getPropertyValue(`--lab-${name}`).trim();
    const rgb = (name) => [1, 3, 5].map((i) => parseInt(get(name).slice(i, i + 2), 16));
    const word = (name) => {
      const [r, g, b] = rgb(name);
      return (255 << 24) | (b << 16) | (g << 8) | r; // little-endian, as every browser's is
    };
    theme = {
      text: get("text"),
      axis: get("axis"),
      grid: get("grid"),
      lines: [0, 1, 2, 3, 4, 5].map((k) => get(`line-${k}`)),
      unknown: get("unknown"),
      cells: ["paper", "unknown", "ink"].map(word),
      marked: ["paper-marked", "unknown-marked", "ink-marked"].map(word),
      heat: ["heat-low", "heat-middle", "heat-high"].map(rgb),
    };
    followed = [];
  }

  // ---- the pen --------------------------------------------------------------------------------

  const cursor = { row: 0, column: 0 };
  let stroke = null; // {row, column, value} of the point drawn last, and what the stroke is called
  let strokes = 0;

  const pen = () => Number(root.querySelector("[name=lab-ink]:checked").value);
  const brush = () => Math.min(Number(at.brush.value), side);

  function dab(picture, row, column, value) {
    const size = brush();
    const first = -Math.floor((size - 1) / 2);
    for (let r = row + first; r < row + first + size; r++) {
      for (let c = column + first; c < column + first + size; c++) {
        if (r >= 0 && c >= 0 && r < side && c < side) picture[r * side + c] = value;
      }
    }
  }

  function place(row, column) {
    Object.assign(cursor, { row, column });
    const size = brush();
    const first = -Math.floor((size - 1) / 2);
    const share = (k) => `${(100 * k) / side}%`;
    Object.assign(at.cursor.style, {
      left: share(column + first),
      top: share(row + first),
      width: share(size),
      height: share(size),
    });
  }

  function cellAt(event) {
    const box = at.canvas.getBoundingClientRect();
    const cell = (at_, from, size) =>
      Math.min(Math.max(Math.floor(((at_ - from) / size) * side), 0), side - 1);
    return [cell(event.clientY, box.top, box.height), cell(event.clientX, box.left, box.width)];
  }

  function drawTo(event) {
    const events = event.getCoalescedEvents?.() ?? [];
    edit((picture) => {
      for (const e of events.length ? events : [event]) {
        const [row, column] = cellAt(e);
        const [down, right] = [row - stroke.row, column - stroke.column];
        const steps = Math.max(Math.abs(down), Math.abs(right), 1);
        for (let k = 1; k <= steps; k++) {
          const [r, c] = [down, right].map((d) => Math.round((d * k) / steps));
          dab(picture, stroke.row + r, stroke.column + c, stroke.value);
        }
        Object.assign(stroke, { row, column });
      }
      return picture;
    }, stroke.what);
  }

  function bindPen() {
    at.canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      at.canvas.setPointerCapture(event.pointerId);
      const [row, column] = cellAt(event);
      stroke = { row, column, value: pen(), what: `stroke ${++strokes}` };
      place(row, column);
      drawTo(event);
    });
    at.canvas.addEventListener("pointermove", (event) => {
      place(...cellAt(event));
      at.cursor.hidden = false;
      if (stroke) drawTo(event);
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      at.canvas.addEventListener(kind, () => (stroke = null));
    }
    const leave = () => (at.cursor.hidden = document.activeElement !== at.canvas);
    at.canvas.addEventListener("pointerleave", leave);
    at.canvas.addEventListener("blur", () => (at.cursor.hidden = true));
    at.canvas.addEventListener("focus", () => {
      at.cursor.hidden = false;
      sayCell();
    });
    at.canvas.addEventListener("keydown", onKey);
  }

  function sayCell(done = "") {
    const { row, column } = cursor;
    const word = WORD[shown()[row * side + column]];
    say(`${done}row ${row + 1}, column ${column + 1}: ${word}`);
  }

  const ARROWS = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    Home: [0, -Infinity],
    End: [0, Infinity],
    PageUp: [-10, 0],
    PageDown: [10, 0],
  };
  const PENS = { i: 1, p: -1, u: 0 };

  function onKey(event) {
    const { key } = event;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z") {
      takeBack(event.shiftKey);
      return event.preventDefault();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const paint = () =>
      edit((picture) => {
        dab(picture, cursor.row, cursor.column, pen());
        return picture;
      }, "keys");
    const clip = (k) => Math.min(Math.max(k, 0), side - 1);
    if (ARROWS[key]) {
      if (event.shiftKey) paint();
      place(clip(cursor.row + ARROWS[key][0]), clip(cursor.column + ARROWS[key][1]));
      if (event.shiftKey) paint();
      sayCell();
    } else if (key === " " || key === "Enter") {
      paint();
      sayCell("painted, ");
    } else if (PENS[key.toLowerCase()] !== undefined) {
      const value = PENS[key.toLowerCase()];
      root.querySelector(`[name=lab-ink][value="${value}"]`).checked = true;
      say(`the pen is ${WORD[value]}`);
    } else if (key === "[" || key === "]") {
      at.brush.value = brush() + (key === "]" ? 1 : -1);
      place(cursor.row, cursor.column);
      labels();
      say(`brush ${brush()}`);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- what is kept, and taken back -----------------------------------------------------------

  const past = [];
  const future = [];
  let last = { what: "", at: 0 }; // what was changed last, and when

  // All that the reader made, and where the run stands.
  function told() {
    const made_ = { side, patterns: [...patterns], cue, title, source, settings, seed };
    return { ...made_, state: moves() ? cells : null, ...until(history.at(-1)) };
  }

  function show(lab) {
    setPlaying(false);
    ({ side, settings, seed } = lab);
    patterns = [...lab.patterns];
    photo = null;
    at.imageTools.hidden = true;
    putCue(lab.cue, lab.title, lab.source);
    if (lab.state) {
      cells = lab.state;
      before = { moves: lab.moves, sweeps: lab.sweeps };
    }
    showAll();
  }

  // Call it before a change by hand. What goes on, as a stroke does, is one change.
  function remember(what = "") {
    const now = performance.now();
    const goesOn = what && what === last.what && now - last.at < 1500;
    last = { what, at: now };
    if (goesOn) return;
    past.push(told());
    past.splice(0, past.length - UNDOS);
    future.length = 0;
    changed();
  }

  function takeBack(again = false) {
    const [from, to] = again ? [future, past] : [past, future];
    if (!from.length) return say(again ? "Nothing was taken back." : "There is nothing to undo.");
    to.push(told());
    show(from.pop());
    last = { what: "", at: 0 };
    changed();
    say(again ? "Done again." : "The last change is undone.");
  }

  // The browser keeps the lab for the next visit: the reader's own, and beside it what became of
  // each chapter's state and of the last link, so that none is written over another.
  let home = ""; // "" is the reader's own
  let from = ""; // the address's part that named it
  let keeping = 0;
  function changed() {
    at.undo.disabled = !past.length;
    at.redo.disabled = !future.length;
    clearTimeout(keeping);
    keeping = setTimeout(keep, 400);
  }

  function keep() {
    if (!past.length && !future.length && !moves()) return; // nothing was done
    try {
      localStorage.setItem(KEY + home, JSON.stringify({ hash: from, lab: written(told()) }));
    } catch {
      // private windows and other sites' frames may have no storage, a large lab no room
    }
  }

  function kept(place) {
    try {
      const { hash, lab } = JSON.parse(localStorage.getItem(KEY + place));
      return { hash, lab: read(lab, names()) };
    } catch {
      return null; // nothing that can be read was kept
    }
  }

  function askToForget() {
    if (!patterns.length) return say("Nothing is stored.");
    at.sureText.textContent = `Forget all ${patterns.length} patterns?`;
    at.sure.hidden = false;
    at.keepThem.focus();
  }

  function answer(forgetThem) {
    at.sure.hidden = true;
    at.forgetAll.focus();
    if (!forgetThem) return;
    remember();
    patterns = [];
    view = null;
    patternsChanged();
    say("All patterns are forgotten. Undo brings them back.");
  }

  // Show what the address names, as it was left; without one the reader's own lab.
  async function open() {
    from = isOurs(location.hash) ? location.hash : "";
    const own = kept("");
    if (!from || own?.hash === from) home = "";
    else home = from.startsWith(CHAPTER) ? from : PREFIX;
    const left = home ? kept(home) : own;
    past.length = future.length = 0;
    if (left && (!home || left.hash === from)) {
      show(left.lab);
      tellReader("Your patterns, canvas and settings are as you left them. Start over begins anew.");
    } else {
      beginFresh();
      report(await restore(from));
    }
    changed();
  }

  async function startOver() {
    remember();
    if (!home || (await restore(from)) !== true) beginFresh();
    say("The lab is as it began. Undo brings back what was here.");
  }

  // ---- sharing and saving ---------------------------------------------------------------------

  async function share() {
    const text = await encode(told());
    const address = new URL(location.href);
    address.hash = from = PREFIX + text;
    window.history.replaceState(null, "", address);
    at.address.hidden = false;
    at.addressField.value = address.href;
    at.addressField.select();
    const copied = await navigator.clipboard?.writeText(address.href).then(
      () => true,
      () => false,
    );
    const length = address.href.length;
    at.addressText.textContent =
      (copied ? "Copied: the address of all this" : "The address of all this") +
      (length > 8000 ? ` (${length} characters: some programs cut such long ones)` : "");
    say(at.addressText.textContent);
  }

  // Show what an address names: true if it did, false if it names nothing, else the error.
  async function restore(hash) {
    try {
      if (hash.startsWith(CHAPTER)) {
        const { lab, words } = known.chapters[hash.slice(CHAPTER.length)];
        show(read(lab, names()));
        tellReader(words);
      } else if (hash.startsWith(PREFIX)) {
        show(await decode(hash.slice(PREFIX.length), names()));
        tellReader("This is what the link held. Press Play to go on.");
      } else return false;
      return true;
    } catch (error) {
      return error;
    }
  }

  function download(content, name, type) {
    const link = made("a");
    link.href = URL.createObjectURL(
      content instanceof Blob ? content : new Blob([content], { type }),
    );
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say(`${name} is saved.`);
  }

  async function savePng() {
    const picture = shown();
    const scale = Math.max(1, Math.round(600 / side));
    const canvas = made("canvas");
    canvas.width = canvas.height = side * scale;
    const brush_ = canvas.getContext("2d");
    picture.forEach((c, i) => {
      brush_.fillStyle = { [INK]: "#000", [PAPER]: "#fff", [UNKNOWN]: theme.unknown }[c];
      brush_.fillRect((i % side) * scale, Math.floor(i / side) * scale, scale, scale);
    });
    download(await new Promise((resolve) => canvas.toBlob(resolve)), "lab.png");
  }

  // The recorded frames, evenly thinned to `most`, as one array of bits.
  function recorded(most) {
    const every = Math.ceil(history.length / most);
    const kept = history.filter((_, k) => k % every === 0 || k === history.length - 1);
    const bits = new Uint8Array(kept.length * kept[0].bits.length);
    kept.forEach((frame, k) => bits.set(frame.bits, k * frame.bits.length));
    return { bits, moves: kept.map((frame) => frame.moves) };
  }

  async function save(kind) {
    if (!patterns.length) return tellReader("Store a pattern first.");
    await ask();
    const { bits, moves: made_ } = recorded(kind === "gif" ? 120 : KEPT);
    if (kind === "gif") download(await ask("film", bits, made_.length), "lab.gif", "image/gif");
    if (kind === "npz") download(await ask("result", bits, made_), "lab.npz", "application/zip");
    if (kind === "py") download(await ask("script"), "lab_run.py", "text/x-python");
  }

  // ---- controls -------------------------------------------------------------------------------

  function labels() {
    at.brushText.textContent = `${brush()} × ${brush()}`;
    const sides = Number(at.side.value);
    at.sideText.textContent = `${sides} × ${sides} = ${sides ** 2} neurons`;
    at.shareText.textContent = `${at.share.value} %`;
    at.flip.textContent = `Flip ${at.share.value} %`;
    at.blank.textContent = `Blank ${at.share.value} %`;
    at.TText.textContent = Number(at.T.value).toFixed(2);
    at.levelText.textContent = at.level.value;
    const speed = Number((together() ? movesASecond() : sweepsASecond()).toPrecision(2));
    const unit = together() ? "move" : "sweep";
    at.speedText.textContent = `${number(speed)} ${unit}${speed === 1 ? "" : "s"} a second`;
    at.speed.setAttribute("aria-valuetext", at.speedText.textContent);
    const hot = settings.neuron === "HeatBath";
    at.T.closest("label").hidden = !hot;
    at.tie.closest("label").hidden = hot;
  }

  function change(name, value) {
    if (settings[name] === value) return;
    remember(name);
    settings = { ...settings, [name]: value };
    todo.add(name === "rule" ? "learn" : "change");
    if (name === "rule") followed = [];
    labels();
    showLoad();
    refresh();
  }

  function showPhoto() {
    const picture = art.threshold(photo.grey, Number(at.level.value), at.invert.checked);
    setCue(picture, photo.name, null, "image");
  }

  async function readPhoto() {
    const [file] = at.image.files;
    if (!file) return;
    try {
      const grey = await art.greyOfFile(file, side);
      photo = { grey, name: file.name.replace(/\.[^.]*$/, "").slice(0, 20) };
    } catch {
      return tellReader(`This browser cannot read ${file.name} as an image.`);
    }
    at.level.value = art.otsu(photo.grey);
    at.imageTools.hidden = false;
    labels();
    showPhoto();
  }

  function bind() {
    const on = (name, kind, action) => at[name].addEventListener(kind, guarded(action));
    const click = (name, action) => on(name, "click", action);
    click("play", () => (playing ? setPlaying(false) : play()));
    click("oneMove", () => stepBy(1));
    click("oneSweep", () => stepBy(together() ? 1 : side * side));
    click("reset", reset);
    on("time", "input", () => {
      setPlaying(false);
      const k = Number(at.time.value);
      view = k < history.length - 1 ? { frame: k } : null;
      showWords(history[k].words);
      invalidate();
    });
    on("speed", "input", labels);
    on("overlay", "change", async () => {
      if (playing || !patterns.length) return;
      accept(await ask("look", at.overlay.checked));
    });

    click("clear", () => setCue(art.plain(side)));
    click("random", () => {
      const from = { seed: art.newSeed() };
      setCue(cellsOf(from, side, []), "", from);
    });
    click("putPicture", () => {
      const from = { picture: at.picture.value };
      setCue(cellsOf(from, side, known.pictures), at.picture.value, from);
    });
    const putLetter = () => {
      const text = at.letter.value.trim();
      if (text) setCue(art.letter(text, side), text);
    };
    click("putLetter", putLetter);
    on("letter", "keydown", (event) => event.key === "Enter" && putLetter());
    on("image", "change", readPhoto);
    on("level", "input", () => {
      labels();
      showPhoto();
    });
    on("invert", "change", showPhoto);
    on("brush", "input", () => {
      labels();
      place(cursor.row, cursor.column);
    });
    on("side", "input", labels);
    on("side", "change", () => setSide(Number(at.side.value)));

    click("store", store);
    on("name", "keydown", (event) => event.key === "Enter" && store());
    click("storeRandom", storeRandom);
    click("forgetAll", askToForget);
    click("forgetThem", () => answer(true));
    click("keepThem", () => answer(false));
    at.sure.onkeydown = ({ key }) => key === "Escape" && answer(false);
    click("undo", () => takeBack());
    click("redo", () => takeBack(true));
    click("over", startOver);
    for (const kind of ["pagehide", "visibilitychange"]) addEventListener(kind, keep, true);

    const share_ = () => Number(at.share.value) / 100;
    on("share", "input", labels);
    click("flip", () => edit((c) => art.flip(c, share_(), art.newSeed())));
    click("blank", () => edit((c) => art.blank(c, share_(), art.newSeed())));
    for (const button of root.querySelectorAll("[data-half]")) {
      button.onclick = () => edit((c) => art.blankHalf(c, side, button.dataset.half));
    }
    for (const button of root.querySelectorAll("[data-shift]")) {
      const [down, right] = button.dataset.shift.split(",").map(Number);
      button.onclick = () => edit((c) => art.shift(c, side, down, right));
    }

    for (const name of ["rule", "neuron", "tie", "order", "hold"]) {
      on(name, "change", () => change(name, at[name].value));
    }
    let settling = 0; // a slider that is pulled must not begin a run at each pixel
    on("T", "input", () => {
      labels();
      clearTimeout(settling);
      settling = setTimeout(() => change("T", Number(at.T.value)), 80);
    });
    on("seed", "change", () => {
      const value = Math.round(Number(at.seed.value));
      remember();
      seed = at.seed.value = value >= 0 && value < 2 ** 31 ? value : 0;
      putCue(cue, title, source);
    });
    on("weightsCard", "toggle", showWeights);
    at.weightsCard.querySelector("summary").onclick = guarded(async () => {
      if (!at.weightsCard.open && patterns.length) await ask().then(showWeights);
    });

    click("link", share);
    click("png", savePng);
    click("gif", () => save("gif"));
    click("npz", () => save("npz"));
    click("script", () => save("py"));

    new MutationObserver(recolour).observe(document.documentElement, {
      attributeFilter: ["data-theme"],
    });
    new ResizeObserver(invalidate).observe(root);
    addEventListener("hashchange", () => {
      if (!isOurs(location.hash)) return; // a heading of the page
      keep();
      open();
    });
  }

  function recolour() {
    readTheme();
    listPatterns();
    showWeights();
    invalidate();
  }

  function report(outcome) {
    if (!(outcome instanceof Error)) return;
    tellReader(
      "The link could not be read: it seems to be cut or damaged. Here is the lab as it begins.",
    );
  }

  function showAll() {
    listRules();
    for (const name of ["neuron", "tie", "order", "hold", "T"]) at[name].value = settings[name];
    at.seed.value = seed;
    showSide();
    patternsChanged();
  }

  // ---- beginning ------------------------------------------------------------------------------

  function beginFresh() {
    setPlaying(false);
    [side, seed, settings] = [FIRST.side, FIRST.run, FIRST.settings];
    const have = FIRST.pictures.filter((name) => known.pictures.some((p) => p.name === name));
    patterns = have.map((picture) => {
      const from = { picture };
      return { name: picture, source: from, cells: cellsOf(from, side, known.pictures) };
    });
    if (!patterns.length) {
      patterns = ["A", "X"].map((name) => ({ name, source: null, cells: art.letter(name, side) }));
    }
    putCue(art.flip(patterns[0].cells, FIRST.flipped, FIRST.seed));
    showAll();
    showWords(
      `The canvas shows “${patterns[0].name}” with a quarter of its pixels flipped. ` +
        "Press Play and watch the network find it again.",
    );
  }

  readTheme();
  at.picture.replaceChildren(...known.pictures.map(({ name }) => new Option(name, name)));
  at.putPicture.disabled = !known.pictures.length;
  if (root.clientWidth < 680) {
    for (const cardElement of root.querySelectorAll(".lab-card")) cardElement.open = false;
  }
  at.weightsCard.open = root.clientWidth >= 1020;
  bind();
  bindPen();
  await open();
}

const root = document.getElementById("lab");
if (root) start(root);
