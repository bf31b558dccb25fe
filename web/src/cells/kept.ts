// What a reader writes and solves is kept in this browser until Reset, and what stands beside; and
// the code that an address carries.

import { unpacked } from "../shared/address";
import { KEPT } from "./answers";
import { type Guest, type Origin, ORIGINS } from "./beside";
import type { Cell } from "./cell";
import type { Page } from "./page";

interface Kept {
  built: string;
  code: string;
  from: Origin | null;
  aside: Guest[];
  right: string | null;
  solved: boolean;
}

const keyOf = (cell: Cell) => `${KEPT}${location.pathname}:${cell.number}`;

export function keep(cell: Cell): void {
  const { builtCode: built, code, from, right, solved } = cell;
  const aside = cell.beside.guests;
  const kept: Kept = { built, code, from, aside, right, solved };
  try {
    if (cell.edited || aside.length || solved) {
      localStorage.setItem(keyOf(cell), JSON.stringify(kept));
    } else localStorage.removeItem(keyOf(cell));
  } catch {
    // private windows and other sites' frames may have no storage: then nothing is kept
  }
}

export function recall(cell: Cell): void {
  try {
    const kept: Partial<Kept> = JSON.parse(localStorage.getItem(keyOf(cell)) ?? "null");
    if (typeof kept?.code !== "string") return;
    const { built, code, from = null, aside = [], right = null, solved = false } = kept;
    for (const one of aside) if (one.from in ORIGINS) cell.beside.offer(String(one.code), one.from);
    if (built !== cell.builtCode) {
      if (code !== built) cell.beside.offer(code, from ?? "earlier");
      return;
    }
    Object.assign(cell, { right, solved });
    if (code === built) return keep(cell);
    cell.change(code, from);
    if (right === cell.basis) return;
    const whose = from === "link" ? "Code from a link that you put here" : "Your code from";
    cell.verdict.say("stopped", `${whose} last time. Reset brings back the page's.`);
  } catch {
    // nothing that can be read was kept
  }
}

// The number of the cell that the address is of.
export const linked = (): number => Number(new URLSearchParams(location.hash.slice(1)).get("cell"));

// Show the code that the address carries beside its cell.
export async function restore({ cells }: Page): Promise<void> {
  const word = new URLSearchParams(location.hash.slice(1)).get("code");
  const cell = cells[linked() - 1];
  if (!cell || !word) return;
  try {
    cell.beside.offer(await unpacked(word), "link");
  } catch {
    const words = "The address holds code that cannot be read: it may have been cut short.";
    cell.verdict.say("wrong", words);
  }
  let fold: HTMLDetailsElement | null | undefined = cell.details;
  for (; fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  const at = cell.beside.place.lastElementChild ?? cell.box;
  at.scrollIntoView({ block: "center" });
}
