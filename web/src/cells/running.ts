// Runs a cell after those before it, shows what it gives, and judges an exercise.

import { type CellEvent, PythonError, type RunOptions, Stopped } from "../python/python";
import type { Cell } from "./cell";
import { spoken } from "./dom";
import { keep } from "./kept";
import { DRAFT, Output } from "./output";

const STOPPED = "Stopped. The next run starts Python anew, and what comes before runs again.";

export interface Started {
  quietly?: boolean; // wait for what runs
  fine?: number;
}

// Run this cell after those before it; cells that have run as they stand are not run again.
export async function start(cell: Cell, { quietly = false, fine }: Started): Promise<boolean> {
  const { page } = cell;
  if (page.busy && !quietly) return page.wait();
  while (page.busy) await page.busy.catch(() => undefined);
  const run = runWithBefore(cell, fine);
  page.busy = run;
  try {
    return await run;
  } finally {
    page.busy = null;
    page.status.show("");
    page.markOutdated();
    if (!quietly) cell.ahead.later();
  }
}

// Show what the newest movement of a slider gives: at once if that is known, else run, and once more
// if it moved meanwhile. What is shown without a run is run when a cell below needs it.
export async function soon(cell: Cell, slider: string): Promise<void> {
  cell.moved = !showKept(cell);
  if (cell.following) return;
  cell.following = true;
  try {
    while (cell.moved) {
      cell.moved = false;
      const newest = await follow(cell, DRAFT); // in half the time
      if (newest && cell.output.querySelector("img[data-draft]")) await follow(cell);
    }
  } finally {
    cell.following = false;
  }
  void cell.ahead.run(slider);
}

// Run for a slider; say whether it went well and the slider still stands there.
async function follow(cell: Cell, fine?: number): Promise<boolean> {
  const { code } = cell;
  const well = await start(cell, { quietly: true, fine });
  if (cell.code === code) return well && !cell.moved;
  if (!cell.moved) showKept(cell);
  return false;
}

// Show what the cell's code gives, if it has been run ahead.
function showKept(cell: Cell): boolean {
  const kept = cell.ahead.get();
  if (!kept) return false;
  const view = new Output(cell.output);
  kept.forEach((event) => view.add(event));
  view.end();
  cell.showsSample(cell.page.sample);
  cell.tried = cell.code;
  cell.page.markOutdated();
  return true;
}

// Run on another sample, with what comes before; the page's cells are on that sample then.
export async function again(cell: Cell, number: number): Promise<void> {
  const { page } = cell;
  if (page.busy) {
    page.wait();
    return;
  }
  page.draw(number);
  await start(cell, {});
  const drawn = [...cell.before, cell].some((one) => one.seeds);
  if (number && page.ran.has(cell) && !drawn) {
    cell.verdict.say("stopped", "Nothing is drawn at random up to here: every sample is the same.");
  }
}

async function runWithBefore(cell: Cell, fine: number | undefined): Promise<boolean> {
  const { page, before } = cell;
  cell.running = true;
  cell.considered = cell.basis;
  cell.verdict.hide();
  try {
    if (!(await runBefore(cell, before))) return false;
    page.status.show(`Running ${cell.name.toLowerCase()}`);
    const well = await execute(cell, { fine, part: cell.exercise ? "exercise" : "cell" });
    if (well && cell.exercise) await judge(cell);
    const how = well ? "is done" : "ended with an error";
    spoken.textContent = `${cell.name} ${how}${page.sample ? `, sample ${page.sample}` : ""}`;
    return well;
  } catch (error) {
    if (error instanceof Stopped) {
      cell.moved = false;
      cell.verdict.say("stopped", STOPPED);
    } else fail(cell, error as Error);
    return false;
  } finally {
    cell.running = false;
  }
}

async function runBefore(cell: Cell, before: Cell[]): Promise<boolean> {
  const { ran, sample, status } = cell.page;
  const stale = before.findIndex((one) => ran.get(one) !== one.code);
  const first = stale < 0 ? [] : before.slice(stale);
  const changed = before.findIndex((one) => one.edited); // from there on the page is another
  for (const [k, one] of first.entries()) {
    status.show(`Running what comes before: ${k + 1} of ${first.length}`);
    const unchanged = changed < 0 || before.indexOf(one) < changed;
    const asBuilt = unchanged && one.shown === 0 && sample === 0;
    if (!(await execute(one, asBuilt ? { fine: 0 } : {}))) {
      const words = `${one.name} above ended with an error, so this one was not run.`;
      cell.verdict.say("wrong", words);
      return false;
    }
  }
  return true;
}

async function judge(cell: Cell) {
  const { python, sample } = cell.page;
  cell.judged = cell.basis;
  try {
    await python.run(cell.check!, { name: "The check", part: "check", sample });
    cell.right = cell.judged;
    cell.solved = true;
    keep(cell);
    cell.verdict.say("right", "Right.");
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const [, kind, words] = error.message.match(/^(\w+)(?::\s*(.*))?$/s) ?? [];
    const said = kind === "AssertionError" ? words || "Not yet." : `Not yet. ${error.message}`;
    cell.verdict.say("wrong", said);
    if (cell.right === cell.judged) cell.right = null;
  }
}

// Run the code alone and show what comes; say whether it ended well.
async function execute(
  cell: Cell,
  { fine, part }: Pick<RunOptions, "fine" | "part">,
): Promise<boolean> {
  const { page, code } = cell;
  const view = new Output(cell.output);
  const events: CellEvent[] = [];
  cell.tried = code;
  cell.editing.mark(null);
  if (fine !== 0) cell.showsSample(page.sample);
  try {
    cell.seeds = await page.python.run(code, {
      name: cell.name,
      fine,
      part,
      sample: page.sample,
      packages: page.packagesFor(code),
      onEvent: (event) => {
        if (fine === 0) return;
        view.add(event);
        events.push(event);
      },
    });
    page.stale(cell);
    page.ran.set(cell, code);
    if (fine === 0) return true;
    view.end();
    cell.ahead.keep(code, events);
    return true;
  } catch (error) {
    page.stale(cell);
    if (!(error instanceof PythonError)) throw error;
    fail(cell, error, view);
    return false;
  }
}

function fail(cell: Cell, error: Error, view = new Output(cell.output)) {
  const { traceback, line } = error as Partial<PythonError>;
  view.end();
  view.error(traceback || `${error.message}\n`);
  cell.editing.mark(line ?? null);
}
