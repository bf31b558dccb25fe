import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Ahead } from "../src/cells/ahead";
import type { Cell } from "../src/cells/cell";
import type { CellEvent } from "../src/python/python";

vi.mock("../src/cells/output", () => ({ isDraft: () => false })); // it builds elements

const CODE = "k = 2  # @slider 0 4 1\nprint(k)";
const at = (k: number) => CODE.replace("k = 2", `k = ${k}`);

// A page whose Python prints the code that it runs.
function paged({ above = "x = 1", ran = "x = 1", busy = null as Promise<unknown> | null } = {}) {
  const asked: string[] = [];
  const run = (code: string, { onEvent }: { onEvent: (event: CellEvent) => void }) => {
    asked.push(code);
    onEvent({ kind: "text", value: code } as unknown as CellEvent);
    return Promise.resolve(0);
  };
  const before = [{ code: above }];
  const page = {
    busy,
    sample: 0,
    ran: new Map([[before[0], ran]]),
    python: { running: true, run },
    packagesFor: () => [],
    stop: () => undefined,
  };
  const cell = { code: CODE, name: "Cell 2", page, before };
  return { cell, asked, page, ahead: new Ahead(cell as unknown as Cell) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { hidden: false });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a slider that nobody has moved yet answers at once, once its cell has run", async () => {
  const { ahead, asked, cell } = paged();
  ahead.later();
  expect(asked).toEqual([]); // a run that follows at once must not wait
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([at(1), at(3), at(0), at(4)]);
  cell.code = at(3);
  expect(ahead.get()).toEqual([{ kind: "text", value: at(3) }]);
});

test.each([
  ["another cell runs", { busy: Promise.resolve() }],
  ["a cell above has not run as it stands", { ran: "x = 0" }],
])("nothing is run ahead while %s", async (_, how) => {
  const { ahead, asked } = paged(how);
  ahead.later();
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([]);
});

test("what was run ahead of an edit above is forgotten", async () => {
  const { ahead, cell } = paged();
  ahead.later();
  await vi.advanceTimersByTimeAsync(1000);
  cell.code = at(1);
  cell.before[0].code = "x = 5";
  expect(ahead.get()).toBeUndefined();
});
