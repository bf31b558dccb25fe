// Live cells: the code of the page, run in the reader's browser on the real package.
import { packed, unpacked } from "./address.js";
import { Python, PythonError, Stopped } from "./python.js";

const SLIDER =
  /^(\w+)(\s*=\s*)(-?[\d.]+)(\s*#\s*@slider\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s*)$/;
const DRAWS = /\b(plots|matplotlib|plt)\b/;
const CHANCE = /\b(rng|seed|default_rng|random)\b/;
const STEP = 1000; // what a sample adds to each seed, as in samples.py
const WAIT = "One cell at a time: stop this one, or wait";

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// --- Python, and the bar at the foot of the page that says what it does -------------------------

const statusText = make("span", { className: "live-status-text" });
statusText.setAttribute("role", "status");
const progress = make("progress", { max: 1, value: 0, ariaLabel: "Loading Python" });
const stopButton = make("button", { type: "button", textContent: "Stop", onclick: stop });
const statusBar = make(
  "div",
  { className: "live-status", hidden: true },
  progress,
  statusText,
  stopButton,
);

const python = new Python({
  onEnd() {
    ran.clear();
    coming = "";
  },
  onStage({ text, fraction }) {
    coming = fraction < 1 ? text : "";
    statusBar.hidden = !doing; // Python may also come before it is asked for
    progress.hidden = !coming;
    progress.value = fraction;
    statusText.textContent = coming || doing || text;
  },
});

// What a reader hears who cannot see a cell's output come.
const spoken = make("p", { className: "live-spoken" });
spoken.setAttribute("role", "status");

let busy = null; // the run in progress
let coming = ""; // how far Python is on its way
let doing = ""; // what is said of the run while Python is there
const ran = new Map(); // cell -> the code that this Python has run last, in this sample
let sample = 0; // which draw the page shows: its own, or a fresh one
let samples = 0; // how many fresh ones there were

// From now on the seeds are another sample's: all that has run must run again.
function draw(number) {
  sample = number;
  samples = Math.max(samples, number);
  ran.clear();
  for (const button of document.querySelectorAll(".live-same")) {
    if (button === document.activeElement && !number)
      button.parentElement.querySelector(".live-again").focus();
    button.hidden = number === 0;
  }
}

function stop() {
  python.terminate();
}

function showBusy(text) {
  doing = text;
  statusBar.hidden = !text;
  if (text) statusText.textContent = coming || text;
}

// --- A cell ---------------------------------------------------------------------------------------

class Cell {
  constructor(box, number) {
    this.box = box;
    this.number = number;
    this.name = `Cell ${number}`;
    this.input = box.querySelector(".cell_input");
    this.pre = this.input.querySelector("pre");
    this.check = box.querySelector(".live-check")?.content.textContent ?? null;
    this.exercise = this.check !== null;
    this.builtCode = this.pre.textContent.replace(/\n$/, "");
    this.code = this.builtCode;
    this.builtView = this.pre.innerHTML;
    this.output = box.querySelector(".cell_output") ?? make("div", { className: "cell_output" });
    this.builtOutput = [...this.output.childNodes].map((node) => node.cloneNode(true));
    this.editor = null;
    this.from = null; // "link" while the code is another's
    this.aside = []; // {code, from} that stands beside the cell
    this.solved = false;
    this.right = null; // what was judged right
    this.shown = 0; // the sample of the output
    this.seeds = 0; // how many the last run took
    this.#fold();
    this.#tools();
    this.#sliders();
    if (!this.output.isConnected) box.append(this.output);
    this.verdict = make("p", { className: "live-verdict", hidden: true });
    this.verdict.setAttribute("role", "status");
    this.guests = make("div", { className: "live-guests" });
    box.append(this.verdict, this.guests);
    this.badge = make("span", { className: "live-solved", textContent: "solved", hidden: true });
    box.closest(".exercise")?.querySelector(".exercise-title").append(this.badge);
  }

  // The cells that this one needs.
  get before() {
    return cells.slice(0, cells.indexOf(this)).filter((cell) => !cell.exercise);
  }

  // What a verdict is about: the answer, and what was edited above it.
  get basis() {
    const above = this.before.filter((cell) => cell.edited);
    const edits = above.map((cell) => [cell.number, cell.code]);
    return JSON.stringify([this.code, this.check, edits]);
  }

  get edited() {
    return this.code !== this.builtCode;
  }

  // The code of every cell can be folded: the theme folds only those tagged so.
  #fold() {
    this.details = this.input.closest("details");
    if (this.details) return;
    this.details = make("details", { className: "live-code", open: true });
    this.input.replaceWith(this.details);
    this.details.append(make("summary", { textContent: "Code" }), this.input);
    this.details
      .querySelector("summary")
      .setAttribute("aria-label", `Code of ${this.name.toLowerCase()}`);
  }

  #tools() {
    const button = (text, title, action) => {
      const made = make("button", { type: "button", textContent: text, title, onclick: action });
      made.setAttribute("aria-label", `${text}, ${this.name.toLowerCase()}`);
      return made;
    };
    this.runButton = button(this.exercise ? "Check" : "Run", "Run (Shift + Enter)", () =>
      this.start(),
    );
    this.runButton.className = "live-run";
    this.againButton = button("Run again", "Run on a fresh sample", () => this.again(samples + 1));
    this.againButton.className = "live-again";
    this.sameButton = button("Same sample", "Run on the page's own sample", () => this.again(0));
    Object.assign(this.sameButton, { className: "live-same", hidden: true });
    this.sampleNote = make("span", { className: "live-sample" });
    this.editButton = button("Edit", "Edit the code", () => this.edit());
    this.resetButton = button("Reset", "Back to the page's own code and output", () =>
      this.reset(),
    );
    this.copyButton = button("Copy", "Copy the code", () => this.copy());
    this.linkButton = button("Link", "An address that carries this code", () => this.link());
    this.tools = make(
      "div",
      { className: "live-tools" },
      this.runButton,
      ...(this.exercise ? [] : [this.againButton]),
      this.editButton,
      this.resetButton,
      this.copyButton,
      this.linkButton,
      ...(this.exercise ? [] : [this.sameButton]), // last, so that no button moves when it comes
      this.sampleNote,
    );
    this.tools.setAttribute("role", "group");
    this.tools.setAttribute("aria-label", this.name);
    this.resetButton.hidden = true;
    this.details.after(this.tools);
  }

  // A line `p = 0.2  # @slider 0 0.5 0.01` has a slider.
  #sliders() {
    this.sliders = [];
    for (const line of this.builtCode.split("\n")) {
      const found = line.match(SLIDER);
      if (!found) continue;
      const [, name, , value, , min, max, step] = found;
      const shown = make("output", { textContent: value });
      const range = make("input", { type: "range", min, max, step, defaultValue: value });
      range.oninput = () => {
        shown.textContent = range.value;
        this.change(this.#withValue(name, range.value));
        this.soon();
      };
      this.sliders.push({ name, range, shown });
      this.tools.before(
        make(
          "label",
          { className: "live-slider" },
          make("code", { textContent: name }),
          range,
          shown,
        ),
      );
    }
  }

  #withValue(name, value) {
    return this.code
      .split("\n")
      .map((line) =>
        line.match(SLIDER)?.[1] === name ? line.replace(SLIDER, `$1$2${value}$4`) : line,
      )
      .join("\n");
  }

  // Run after the newest movement of a slider, and once more if it moved meanwhile.
  async soon() {
    this.moved = true;
    if (this.following) return;
    this.following = true;
    try {
      while (this.moved) {
        this.moved = false;
        const well = await this.start({ quietly: true, fine: 1 }); // a draft, in half the time
        const drawn = this.output.querySelector("img");
        if (well && drawn && !this.moved) await this.start({ quietly: true });
      }
    } finally {
      this.following = false;
    }
  }

  // Run on another sample, with what comes before; the page's cells are on that sample then.
  async again(number) {
    if (busy) return this.start();
    draw(number);
    await this.start();
    const drawn = [...this.before, this].some((cell) => cell.seeds);
    if (number && ran.has(this) && !drawn)
      this.judge("stopped", "Nothing is drawn at random up to here: every sample is the same.");
  }

  // Take this as the cell's code, and show it; `from` tells where it comes from if not from here.
  change(code, from = null) {
    this.code = code;
    this.from = from;
    this.resetButton.hidden = !this.edited;
    this.box.classList.toggle("live-edited", this.edited);
    this.mark(null);
    for (const { name, range, shown } of this.sliders) {
      const line = code.split("\n").find((l) => l.match(SLIDER)?.[1] === name);
      if (line) range.value = shown.textContent = line.match(SLIDER)[3];
    }
    keep(this);
    if (!this.editor) this.#show();
    else if (this.editor.code !== code) this.editor.code = code;
    markOutdated();
  }

  // Show code beside the cell, never over what is in it.
  offer(code, from) {
    if (code === this.code || this.aside.some((one) => one.code === code)) return false;
    this.aside.push({ code, from });
    this.#showAside();
    keep(this);
    return true;
  }

  #showAside() {
    this.guests.replaceChildren(...this.aside.map((one) => this.#guest(one)));
  }

  #guest(one) {
    const act = (words, action) => {
      const made = make("button", { type: "button", textContent: words, onclick: action });
      made.setAttribute("aria-label", `${words}, ${this.name.toLowerCase()}`);
      return made;
    };
    const code = make("pre", { textContent: one.code, tabIndex: 0 });
    code.setAttribute("aria-label", "This code");
    const group = make(
      "div",
      { className: "live-guest" },
      make("p", { textContent: ORIGINS[one.from] }),
      code,
      make(
        "div",
        { className: "live-tools" },
        act("Put it in the cell", () => this.#take(one)),
        act(one.from === "link" ? "Close" : "Throw it away", () => this.#drop(one)),
      ),
    );
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `Beside ${this.name.toLowerCase()}`);
    return group;
  }

  // Put what stands beside into the cell, and what a reader had there beside.
  #take(one) {
    const { code, from, edited } = this;
    this.aside = this.aside.filter((other) => other !== one);
    if (edited) this.aside.push({ code, from: from ?? "own" });
    this.change(one.code, one.from === "link" ? "link" : null);
    this.#showAside();
    if (this.verdict.matches(".live-stopped")) this.verdict.hidden = true; // it was of other code
    this.details.open = true;
    this.runButton.focus();
  }

  #drop(one) {
    this.aside = this.aside.filter((other) => other !== one);
    this.#showAside();
    keep(this);
    if (one.from === "link") this.#unlink();
    this.runButton.focus();
  }

  // Say of an answer whether what was said of it still holds.
  rejudge() {
    this.badge.hidden = !this.solved;
    const { basis } = this;
    if (this.running || basis === this.considered) return;
    this.considered = basis;
    if (this.right === basis) this.judge("right", "Right.");
    else if (this.judged && this.judged !== basis && !this.verdict.hidden)
      this.judge("stopped", "Changed since it was checked: check it again.");
  }

  // Show the code: the page's own colours line by line where a line has not changed.
  #show() {
    const views = new Map();
    const lines = this.builtCode.split("\n");
    this.builtView.split("\n").forEach((view, k) => k < lines.length && views.set(lines[k], view));
    this.pre.innerHTML = this.code
      .split("\n")
      .map((line) => views.get(line) ?? make("span", { textContent: line }).innerHTML)
      .join("\n");
    if (this.pre.scrollWidth > this.pre.clientWidth) this.pre.tabIndex = 0; // to scroll by keyboard
  }

  async edit() {
    this.details.open = true;
    if (this.editor) return this.#leave();
    this.editButton.disabled = true;
    python.warm(packagesFor(""));
    try {
      const { edit } = await import("./editor.js");
      const host = make("div", { className: "live-editor" });
      this.input.append(host);
      this.input.classList.add("live-editing");
      this.editor = edit(host, this.code, {
        label: `Code of ${this.name.toLowerCase()}; Escape leaves the editor`,
        onRun: () => this.start(),
        onChange: (code) => code !== this.code && this.change(code),
        onLeave: () => this.#leave(),
      });
      this.host = host;
      this.editor.focus();
      this.mark(this.marked);
      rename(this.editButton, "Done");
    } catch {
      this.judge("wrong", "The editor could not be fetched. Is this computer offline?");
    } finally {
      this.editButton.disabled = false;
    }
  }

  #leave() {
    this.editor.destroy();
    this.host.remove();
    this.editor = null;
    this.input.classList.remove("live-editing");
    rename(this.editButton, "Edit");
    this.#show();
    this.mark(this.marked);
    this.editButton.focus();
  }

  reset() {
    if (this.running) return;
    this.solved = false;
    this.right = this.judged = null;
    this.change(this.builtCode);
    this.#shows(0);
    forget(this.output);
    this.output.replaceChildren(...this.builtOutput.map((node) => node.cloneNode(true)));
    this.verdict.hidden = true;
    this.stale();
    markOutdated();
    this.#unlink();
    this.runButton.focus();
  }

  // Say of which sample the output is, and what its seeds are.
  #shows(number) {
    this.shown = number;
    const more = (number * STEP).toLocaleString("en");
    const words = `Sample ${number}: each seed + ${more}. The text describes the page's own sample.`;
    this.sampleNote.textContent = number ? words : "";
  }

  // Take this cell's code out of the address.
  #unlink() {
    if (linked() === this.number)
      history.replaceState(null, "", location.pathname + location.search);
  }

  copy() {
    return copy(this.code, this.copyButton);
  }

  async link() {
    const hash = `#cell=${this.number}&code=${await packed(this.code)}`;
    history.replaceState(null, "", hash);
    const address = new URL(location.href);
    address.searchParams.delete("embed");
    await copy(address.href, this.linkButton, parent === window ? "In the address bar" : undefined);
  }

  // Mark the line that an error points to.
  mark(line) {
    this.marked = line;
    this.band?.remove();
    this.band = null;
    this.editor?.mark(line);
    if (!line || this.editor) return;
    const style = getComputedStyle(this.pre);
    const height = parseFloat(style.lineHeight);
    this.band = make("span", { className: "live-error-band" });
    this.band.style.top = `${this.pre.offsetTop + parseFloat(style.paddingTop) + (line - 1) * height}px`;
    this.band.style.height = `${height}px`;
    this.pre.after(this.band);
  }

  // Run this cell after those before it; cells that have run as they stand are not run again.
  async start({ quietly = false, fine } = {}) {
    if (busy && !quietly) return showBusy(WAIT);
    while (busy) await busy.catch(() => {});
    busy = this.#start(fine);
    try {
      return await busy;
    } finally {
      busy = null;
      showBusy("");
      markOutdated();
    }
  }

  // What has run after this cell must run again.
  stale() {
    cells.slice(cells.indexOf(this)).forEach((cell) => ran.delete(cell));
  }

  set running(on) {
    this.box.classList.toggle("live-running", on);
    for (const button of [this.runButton, this.resetButton]) button.ariaDisabled = String(on);
  }

  get running() {
    return this.box.classList.contains("live-running");
  }

  async #start(fine) {
    const { before } = this;
    const stale = before.findIndex((cell) => ran.get(cell) !== cell.code);
    const first = stale < 0 ? [] : before.slice(stale);
    const changed = before.findIndex((cell) => cell.edited); // from there on the page is another
    this.running = true;
    this.considered = this.basis;
    this.verdict.hidden = true;
    try {
      for (const [k, cell] of first.entries()) {
        showBusy(`Running what comes before: ${k + 1} of ${first.length}`);
        const unchanged = changed < 0 || before.indexOf(cell) < changed;
        const asBuilt = unchanged && cell.shown === 0 && sample === 0;
        if (!(await cell.execute(asBuilt ? { fine: 0 } : {}))) {
          this.judge("wrong", `${cell.name} above ended with an error, so this one was not run.`);
          return false;
        }
      }
      showBusy(`Running ${this.name.toLowerCase()}`);
      const well = await this.execute({ fine, part: this.exercise ? "exercise" : "cell" });
      if (well && this.exercise) await this.#judge();
      const how = well ? "is done" : "ended with an error";
      spoken.textContent = `${this.name} ${how}${sample ? `, sample ${sample}` : ""}`;
      return well;
    } catch (error) {
      if (!(error instanceof Stopped)) this.fail(error);
      else {
        this.moved = false;
        this.judge(
          "stopped",
          "Stopped. The next run starts Python anew, and what comes before runs again.",
        );
      }
      return false;
    } finally {
      this.running = false;
    }
  }

  async #judge() {
    this.judged = this.basis;
    try {
      await python.run(this.check, { name: "The check", part: "check", sample });
      this.right = this.judged;
      this.solved = true;
      keep(this);
      this.judge("right", "Right.");
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      const [, kind, words] = error.message.match(/^(\w+)(?::\s*(.*))?$/s) ?? [];
      this.judge(
        "wrong",
        kind === "AssertionError" ? words || "Not yet." : `Not yet. ${error.message}`,
      );
      if (this.right === this.judged) this.right = null;
    }
  }

  judge(kind, words) {
    if (this.verdict.textContent === words && !this.verdict.hidden) return;
    this.verdict.className = `live-verdict live-${kind}`;
    this.verdict.textContent = words;
    this.verdict.hidden = false;
  }

  // Run the code alone and show what comes; say whether it ended well.
  async execute({ fine, part } = {}) {
    const { code } = this;
    const view = new Output(this.output);
    this.tried = code;
    this.mark(null);
    if (fine !== 0) this.#shows(sample);
    try {
      this.seeds = await python.run(code, {
        name: this.name,
        fine,
        part,
        sample,
        packages: packagesFor(code),
        onEvent: (event) => fine !== 0 && view.add(event),
      });
      this.stale();
      ran.set(this, code);
      if (fine !== 0) view.end();
      return true;
    } catch (error) {
      this.stale();
      if (!(error instanceof PythonError)) throw error;
      this.fail(error, view);
      return false;
    }
  }

  fail(error, view = new Output(this.output)) {
    view.end();
    view.error(error.traceback || `${error.message}\n`);
    this.mark(error.line);
  }
}

// What a cell gives; the old output stands until the new one comes, so that nothing flickers.
class Output {
  #text = null;
  #figures = 0;

  constructor(place) {
    this.place = place;
    this.frames = [...place.querySelectorAll("figure")];
    this.images = [...place.querySelectorAll("img")];
  }

  add({ figure, fine, text }) {
    if (figure) this.#draw(figure, fine);
    else this.#write(text);
  }

  #write(text) {
    if (!this.#text) {
      this.#removeText();
      this.#text = make("pre", { className: "live-text", tabIndex: 0 });
      this.#text.setAttribute("aria-label", "Output");
      this.place.prepend(this.#text);
    }
    this.#text.append(text);
  }

  // Remove the text that stands there; figures stay for those to come.
  #removeText() {
    for (const old of this.place.querySelectorAll(".output, pre")) {
      if (old !== this.#text && !old.closest("figure") && !old.querySelector("img")) old.remove();
    }
  }

  #draw(bytes, fine) {
    const url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    const old = this.images[this.#figures++];
    const fit = ({ target }) => (target.width = Math.round(target.naturalWidth / fine));
    if (old) {
      forget(old);
      old.src = url;
      old.removeAttribute("height");
      old.onload = fit;
    } else {
      this.place.append(make("img", { src: url, alt: "A figure drawn by this cell", onload: fit }));
    }
  }

  // Remove what this run has not given anew; a frame with its caption stays, dimmed.
  end() {
    this.#removeText();
    for (const image of this.images.slice(this.#figures)) {
      if (image.closest("figure")) continue;
      forget(image);
      image.remove();
    }
    this.frames.forEach((frame, k) => frame.classList.toggle("live-stale", k >= this.#figures));
  }

  // The error stands below what was printed before it; its last lines, with the message, in sight.
  error(text) {
    const error = make("pre", { className: "live-error", textContent: text, tabIndex: 0 });
    error.setAttribute("aria-label", "Error");
    if (this.#text) this.#text.after(error);
    else this.place.prepend(error);
    error.scrollTop = error.scrollHeight;
  }
}

// --- The page -------------------------------------------------------------------------------------

// Let go of the live figures within an element.
function forget(element) {
  for (const image of element.matches("img") ? [element] : element.querySelectorAll("img")) {
    if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
  }
}

// Only what a page draws with is loaded, and at once, beside Python itself.
function packagesFor(code) {
  const all = python.running ? code : cells.map((cell) => cell.code).join("\n");
  return DRAWS.test(all) ? ["matplotlib"] : [];
}

// Give a button another name, for the eye and the ear.
function rename(button, words) {
  button.ariaLabel = button.ariaLabel?.replace(button.textContent, words) ?? null;
  button.textContent = words;
}

function say(button, words) {
  spoken.textContent = words;
  const before = (button.dataset.name ??= button.textContent); // a second press may come meanwhile
  rename(button, words);
  setTimeout(() => rename(button, before), 1500);
}

// Copy a text; where the browser, or another site's frame, does not allow it, say so on the button.
async function copy(text, button, otherwise = "Not allowed here") {
  const done = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  say(button, done ? "Copied" : otherwise);
}

function linked() {
  return Number(new URLSearchParams(location.hash.slice(1)).get("cell"));
}

async function restore() {
  const word = new URLSearchParams(location.hash.slice(1)).get("code");
  const cell = cells[linked() - 1];
  if (!cell || !word) return;
  try {
    cell.offer(await unpacked(word), "link");
  } catch {
    cell.judge("wrong", "The address holds code that cannot be read: it may have been cut short.");
  }
  for (let fold = cell.details; fold; fold = fold.parentElement.closest("details")) fold.open = true;
  (cell.guests.lastChild ?? cell.box).scrollIntoView({ block: "center" });
}

// Dim what is shown of cells that have not run since they, or one above, were edited, or in another
// sample than the page is on; and take back what was said of answers that are others now.
function markOutdated() {
  let changed = false;
  let chance = false;
  for (const cell of cells.filter((one) => !one.exercise)) {
    chance ||= CHANCE.test(cell.code);
    cell.againButton.hidden = !chance;
    const current = ran.get(cell) === cell.code;
    const untried = cell.edited && cell.tried !== cell.code;
    const other = cell.shown !== sample;
    cell.output.classList.toggle("live-outdated", untried || other || (changed && !current));
    changed ||= cell.edited;
  }
  againAll.hidden = !chance;
  cells.filter((one) => one.exercise).forEach((one) => one.rejudge());
}

// What a reader writes and solves is kept in this browser until Reset, and what stands beside.
const KEPT = "hopfield-book:";
const ORIGINS = {
  link: "This code came with a link. Read it before you put it in the cell and run it.",
  own: "This is what you had in the cell.",
  earlier: "This is what you wrote when this page was another edition.",
};

function keep(cell) {
  const key = `${KEPT}${location.pathname}:${cell.number}`;
  const { builtCode: built, code, from, aside, right, solved } = cell;
  try {
    if (cell.edited || aside.length || solved)
      localStorage.setItem(key, JSON.stringify({ built, code, from, aside, right, solved }));
    else localStorage.removeItem(key);
  } catch {
    // private windows and other sites' frames may have no storage: then nothing is kept
  }
}

function recall(cell) {
  try {
    const kept = JSON.parse(localStorage.getItem(`${KEPT}${location.pathname}:${cell.number}`));
    if (typeof kept?.code !== "string") return;
    const { built, code, from = null, aside = [], right = null, solved = false } = kept;
    for (const one of aside) if (one.from in ORIGINS) cell.offer(String(one.code), one.from);
    if (built !== cell.builtCode) {
      if (code !== built) cell.offer(code, from ?? "earlier");
      return;
    }
    Object.assign(cell, { right, solved });
    if (code === built) return keep(cell);
    cell.change(code, from);
    if (right === cell.basis) return;
    const whose = from === "link" ? "Code from a link that you put here" : "Your code from";
    cell.judge("stopped", `${whose} last time. Reset brings back the page's.`);
  } catch {
    // nothing that can be read was kept
  }
}

// Run all that is no exercise, on this sample.
async function runAll(number) {
  if (busy) return showBusy(WAIT);
  if (number !== sample) draw(number);
  for (const cell of cells.filter((one) => !one.exercise)) {
    await cell.start();
    if (ran.get(cell) !== cell.code) return;
  }
}

function bar(place) {
  const button = (textContent, title, onclick) =>
    make("button", { type: "button", textContent, title, onclick });
  const run = button("Run all", "Run all cells in order", () => runAll(sample));
  run.className = "live-run";
  againAll.onclick = () => runAll(samples + 1);
  const same = button("Same sample", "Run all on the page's own sample", () => runAll(0));
  Object.assign(same, { className: "live-same", hidden: true });
  const foldAll = make("button", { type: "button", textContent: "Hide all code" });
  foldAll.onclick = () => {
    const open = cells.some((cell) => cell.details.open);
    cells.forEach((cell) => (cell.details.open = !open));
    foldAll.textContent = open ? "Show all code" : "Hide all code";
  };
  const copyAll = make("button", { type: "button", textContent: "Copy all code" });
  copyAll.onclick = () =>
    copy(
      cells
        .filter((c) => !c.exercise)
        .map((c) => c.code)
        .join("\n\n"),
      copyAll,
    );
  place?.append(run, againAll, foldAll, copyAll, same);
}

// --- The start ------------------------------------------------------------------------------------

const againAll = make("button", {
  type: "button",
  className: "live-again",
  textContent: "Run again",
  title: "Run all cells on a fresh sample",
});
const boxes = [...document.querySelectorAll(".cell")].filter((box) =>
  box.querySelector(".cell_input"),
);
const cells = boxes.map((box, k) => new Cell(box, k + 1));
bar(document.querySelector(".live-buttons"));
document.body.append(statusBar, spoken);
cells.forEach(recall);
markOutdated();
addEventListener("keydown", ({ key }) => key === "Escape" && busy && stop());
restore();
addEventListener("hashchange", restore);
document.documentElement.dataset.live = "ready";
for (const part of document.querySelectorAll(".live-run, .live-again, .live-slider input")) {
  for (const sign of ["pointerenter", "focus"]) {
    part.addEventListener(sign, () => python.warm(packagesFor("")));
  }
}
python.prefetch(packagesFor(""));
