// What the lab shows before anything happens. data-lab names what lab.js works with.

const icon = (path) =>
  `<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="${path}"/></svg>`;

export const ICONS = {
  play: icon("M3 1.5v13l11-6.5z"),
  pause: icon("M3 2h4v12H3zM9 2h4v12H9z"),
  move: icon("M2 2v12l7-6zM10 2h3v12h-3z"),
  sweep: icon("M1 2v12l5-6zM7 2v12l5-6zM13 2h2v12h-2z"),
  reset: icon("M8 3a5 5 0 1 1-4.6 3H1.3A7 7 0 1 0 8 1V0L3.500 2.500 8 5z"),
  undo: icon("M6 1v3.500h4a4.500 4.500 0 0 1 0 9H4v-2h6a2.500 2.500 0 0 0 0-5H6V10L1 5.500z"),
  redo: icon("M10 1v3.500H6a4.500 4.500 0 0 0 0 9h6v-2H6a2.500 2.500 0 0 1 0-5h4V10l5-4.500z"),
  up: icon("M8 2l5 6H9.500v6h-3V8H3z"),
  down: icon("M8 14l5-6H9.500V2h-3v6H3z"),
  left: icon("M2 8l6 5V9.500h6v-3H8V3z"),
  right: icon("M14 8L8 13V9.500H2v-3h6V3z"),
};

const card = (title, open, body) =>
  `<details class="lab-card" ${open ? "open" : ""}><summary>${title}</summary>
  <div class="lab-body">${body}</div></details>`;

const slider = (name, label, low, high, step, value) =>
  `<label class="lab-slider"><span>${label} <output data-lab="${name}Text"></output></span>
  <input type="range" data-lab="${name}" min="${low}" max="${high}" step="${step}" value="${value}">
  </label>`;

const select = (name, label, options) =>
  `<label class="lab-field"><span>${label}</span><select data-lab="${name}">${options
    .map(([value, text]) => `<option value="${value}">${text}</option>`)
    .join("")}</select></label>`;

const check = (name, text) =>
  `<label class="lab-check"><input type="checkbox" data-lab="${name}"> ${text}</label>`;

const radio = (value, text, swatch, checked = "") =>
  `<label class="lab-radio"><input type="radio" name="lab-ink" value="${value}" ${checked}>
  <i class="lab-swatch ${swatch}"></i>${text}</label>`;

const button = (name, text, attributes = "") =>
  `<button type="button" data-lab="${name}" ${attributes}>${text}</button>`;

const arrow = (way, rows, columns) =>
  `<button type="button" class="lab-icon" data-shift="${rows},${columns}"
  aria-label="Shift ${way} by one pixel">${ICONS[way]}</button>`;

const half = (which) =>
  `<button type="button" data-half="${which}" aria-label="Blank the ${which} half">${which}
  </button>`;

const DRAW = `
  <fieldset class="lab-row lab-inks"><legend class="lab-hidden">Pen</legend>
    ${radio(1, "Ink", "lab-ink", "checked")}${radio(-1, "Paper", "lab-paper")}
    ${radio(0, "Unknown", "lab-unknown")}
  </fieldset>
  ${slider("brush", "Brush", 1, 9, 1, 2)}
  <div class="lab-row">${button("clear", "All paper")}${button("random", "Random pattern")}</div>
  <div class="lab-row lab-joined">
    ${select("picture", "Ready-made picture", [])}
    ${button("putPicture", "Use", 'aria-label="Use the picture on the canvas"')}
  </div>
  <div class="lab-row lab-joined">
    <label class="lab-field"><span>Letters you type</span>
      <input data-lab="letter" type="text" maxlength="6" value="A" autocomplete="off"></label>
    ${button("putLetter", "Use", 'aria-label="Use the letters on the canvas"')}
  </div>
  <label class="lab-field"><span>Image from your disk</span>
    <input data-lab="image" type="file" accept="image/*"></label>
  <div data-lab="imageTools" hidden>
    ${slider("level", "Darker than", 1, 255, 1, 128)}
    ${check("invert", "Take the light side as ink")}
  </div>
  ${slider("side", "Grid", 5, 200, 1, 50)}`;

const STORE = `
  <ul class="lab-stored" data-lab="stored" aria-label="Stored patterns"></ul>
  <p class="lab-note" data-lab="none" hidden>Nothing is stored. Draw something, then store it.</p>
  <div class="lab-row lab-joined">
    <label class="lab-field"><span>Name (if you like)</span>
      <input data-lab="name" type="text" maxlength="20" autocomplete="off"></label>
    ${button("store", "Store what the canvas shows", 'class="lab-strong"')}
  </div>
  <div class="lab-row lab-joined">
    <label class="lab-field lab-count"><span>Number</span>
      <input data-lab="many" type="number" min="1" max="50" value="5"></label>
    ${button("storeRandom", "Store random patterns")}
  </div>
  <div class="lab-row">${button("forgetAll", "Forget all")}</div>
  <div class="lab-row lab-warning" data-lab="sure" role="group" aria-label="Forget all?" hidden>
    <span data-lab="sureText"></span>${button("forgetThem", "Forget them")}${button("keepThem", "Keep them")}
  </div>
  <p class="lab-note" data-lab="load"></p>
  <p class="lab-warning" data-lab="overload" hidden></p>
  <p class="lab-warning" data-lab="alike" hidden></p>`;

const CORRUPT = `
  ${slider("share", "Share", 1, 50, 1, 20)}
  <div class="lab-row">${button("flip", "Flip")}${button("blank", "Blank")}</div>
  <div class="lab-row" role="group" aria-label="Blank a half">
    <span class="lab-label">Blank a half</span>
    ${half("upper")}${half("lower")}${half("left")}${half("right")}</div>
  <div class="lab-row" role="group" aria-label="Shift"><span class="lab-label">Shift</span>
    ${arrow("left", 0, -1)}${arrow("right", 0, 1)}
    ${arrow("up", -1, 0)}${arrow("down", 1, 0)}</div>`;

const NETWORK = `
  ${select("rule", "Learning rule", [])}
  <p class="lab-note" data-lab="ruleText"></p>
  ${select("neuron", "Neuron", [
    ["Sign", "threshold (Sign)"],
    ["HeatBath", "at a temperature (HeatBath)"],
  ])}
  ${slider("T", "Temperature T", 0, 2, 0.01, 0.5)}
  ${select("tie", "Where the field is exactly 0", [
    ["keep", "keep the state"],
    ["up", "go up, to +1"],
    ["down", "go down, to −1"],
    ["random", "either, at random"],
  ])}
  ${select("order", "Who moves when", [
    ["Shuffled", "one at a time, shuffled"],
    ["Random", "one at a time, at random"],
    ["Sequential", "one at a time, row by row"],
    ["Sync", "all at once"],
  ])}
  ${select("hold", "Hold", [
    ["nothing", "nothing"],
    ["known", "what the cue knows"],
  ])}
  <label class="lab-field"><span>Random seed</span>
    <input data-lab="seed" type="number" min="0" max="2147483647" step="1" value="2026"></label>`;

const SHARE = `
  <div class="lab-row">${button("link", "Share by address")}${button("png", "PNG")}
    ${button("gif", "GIF")}${button("npz", ".npz")}${button("script", "Python script")}</div>
  <div data-lab="address" hidden>
    <label class="lab-field"><span data-lab="addressText">Address</span>
      <input data-lab="addressField" type="text" readonly></label>
  </div>`;

const RUN = `
  <div class="lab-run" role="group" aria-label="Run">
    ${button("play", `${ICONS.play}<span>Play</span>`, 'class="lab-play"')}
    ${button("oneMove", `${ICONS.move}<span>1 move</span>`)}
    ${button("oneSweep", `${ICONS.sweep}<span>1 sweep</span>`)}
    ${button("reset", `${ICONS.reset}<span>Reset</span>`, 'title="Back to the cue"')}
  </div>
  <p class="lab-words" data-lab="words"></p>
  <div class="lab-loading" data-lab="loading" hidden>
    <label><span data-lab="loadingText">Loading Python</span>
      <progress data-lab="progress" max="1" value="0"></progress></label>
  </div>
  ${slider("time", "Time", 0, 0, 1, 0)}
  <div class="lab-row">${slider("speed", "Speed", -2, 1.5, 0.25, 0)}
  ${check("overlay", "Show who is about to flip")}</div>
  <div class="lab-row" role="group" aria-label="Changes">
    ${button("undo", `${ICONS.undo}<span>Undo</span>`)}${button("redo", `${ICONS.redo}<span>Redo</span>`)}
    ${button("over", "Start over", 'title="The lab as it began; Undo brings this back"')}</div>
  <p class="lab-say" role="status" data-lab="say"></p>
  <p class="lab-hidden" role="status" data-lab="aloud"></p>`;

export const PAGE = `
<div class="lab-columns">
  <section class="lab-stage" aria-label="Canvas">
    <div class="lab-frame">
      <canvas class="lab-canvas" data-lab="canvas" tabindex="0" role="application"
        aria-label="The neurons. Arrow keys move, space paints."
        aria-describedby="lab-keys"></canvas>
      <div class="lab-lines" data-lab="lines" hidden></div>
      <div class="lab-cursor" data-lab="cursor" hidden></div>
    </div>
    <p class="lab-hidden" id="lab-keys">Arrow keys move the cursor, with Shift they paint too; space
      or enter paints; I, P and U choose ink, paper and unknown; [ and ] the size of the brush.</p>
    ${RUN}
  </section>
  <section class="lab-tools" aria-label="Tools">
    ${card("Draw", true, DRAW)}${card("Store", true, STORE)}${card("Corrupt", true, CORRUPT)}
    ${card("Network", false, NETWORK)}${card("Share and save", false, SHARE)}
  </section>
  <section class="lab-traces" aria-label="Traces">
    <figure><figcaption>Energy</figcaption>
      <canvas class="lab-plot" data-lab="energy" role="img" aria-label="Energy"></canvas></figure>
    <figure><figcaption>Overlap with what is stored</figcaption>
      <canvas class="lab-plot" data-lab="overlaps" role="img" aria-label="Overlaps"></canvas>
      <ul class="lab-legend" data-lab="legend"></ul></figure>
    <details class="lab-card" data-lab="weightsCard"><summary>Weights</summary>
      <div class="lab-body">
      <canvas class="lab-heat" data-lab="weights" role="img" aria-label="Weights" hidden></canvas>
      <p class="lab-scale" data-lab="scale" hidden><span data-lab="least"></span><i></i><span
        data-lab="most"></span></p>
      <p class="lab-note" data-lab="weightsText"></p></div></details>
  </section>
</div>`;
