// The whole state of the lab as text for an address: JSON, deflated, base64url.

import { fromBase64, packed, toBase64, unpacked } from "../shared/address";
import {
  type Cells,
  convert,
  type Form,
  INK,
  INKED,
  packBits,
  packPattern,
  plain,
  random,
  resample,
  shrink,
  UNKNOWN,
  unpackInk,
  unpackPattern,
} from "./cells";
import { fitted, formOf } from "./select";
import type { Choice, Known, Pattern, Picture, Settings, Source, Told } from "./types";

export const PREFIX = "#lab=";
export const CHAPTER = "#chapter="; // and its name: the state that is prepared for it
export const TOUR = "#tour="; // its name, a point and the number of a step, if not the first

export interface Place {
  name: string;
  step: number; // counted from 0
}

// The step of a tour that an address names, or null.
export function placeOf(hash: string, { tours = {} }: Known): Place | null {
  const [, name, number = "1"] = hash.match(/^#tour=(\w+)(?:\.(\d{1,3}))?$/) ?? [];
  if (!name || !Object.hasOwn(tours, name)) return null;
  const step = Number(number) - 1;
  return step in tours[name].steps ? { name, step } : null;
}

export const hashOf = ({ name, step }: Place): string => TOUR + name + (step ? `.${step + 1}` : "");

interface Packed {
  of: number;
  ink: string; // or levels, or colours, as the model has them
  unknown?: string;
}

// A picture is told by its name or seed where it has one, else by its bits.
const packNamed = ({ name, source, cells }: Pattern, { kind }: Form): [string, Source] =>
  source ? [name, source] : [name, { bits: toBase64(packPattern(cells, kind)) }];

// Where the link holds few differences from a stored pattern, deflate leaves little of them.
function packCells(cells: Cells, patterns: readonly Pattern[], { kind }: Form): Packed {
  const ink = packPattern(cells, kind);
  let [of, least] = [-1, cells.length / 2];
  patterns.forEach((pattern, k) => {
    let differ = 0;
    for (let i = 0; i < cells.length; i++) if (cells[i] !== pattern.cells[i]) differ++;
    if (differ < least) [of, least] = [k, differ];
  });
  if (of >= 0) packPattern(patterns[of].cells, kind).forEach((octet, i) => (ink[i] ^= octet));
  const found: Packed = { of, ink: toBase64(ink) };
  if (kind === "ink" && cells.includes(UNKNOWN)) found.unknown = toBase64(packBits(cells, UNKNOWN));
  return found;
}

function unpackCells(told: unknown, patterns: readonly Pattern[], n: number, form: Form): Cells {
  const { of, ink, unknown } = record(told);
  const bits = octets(ink, n, form);
  if (whole(of, -1, patterns.length - 1) >= 0) {
    packPattern(patterns[of as number].cells, form.kind).forEach((octet, i) => (bits[i] ^= octet));
  }
  const cells = unpackPattern(bits, n, form);
  if (unknown !== undefined) {
    const blanks = unpackInk(octets(unknown, n), n);
    blanks.forEach((c, i) => c === INK && (cells[i] = UNKNOWN));
  }
  return cells;
}

function octets(text: unknown, n: number, { kind }: Form = INKED): Uint8Array {
  const bytes = fromBase64(String(text));
  if (bytes.length !== (kind === "ink" ? Math.ceil(n / 8) : n))
    throw new Error("a picture has the wrong size");
  return bytes;
}

export function written(lab: Told, known: Known): Record<string, unknown> {
  const form = formOf(known, lab.settings);
  return {
    version: 1,
    side: lab.side,
    patterns: lab.patterns.map((pattern) => packNamed(pattern, form)),
    cue: packCells(lab.cue, lab.patterns, form),
    ...(lab.pins.includes(1) && { pins: toBase64(packBits(lab.pins, 1)) }),
    ...(lab.state && {
      state: packCells(lab.state, lab.patterns, form),
      moves: lab.moves,
      sweeps: lab.sweeps,
    }),
    settings: lab.settings,
    seed: lab.seed,
  };
}

export const encode = (lab: Told, known: Known): Promise<string> =>
  packed(JSON.stringify(written(lab, known)));

export const decode = async (text: string, known: Known): Promise<Told> =>
  read(JSON.parse(await unpacked(text)), known);

// Anything may stand in an address: whatever does not fit ends here, with an Error.
export function read(anything: unknown, known: Known): Told {
  const told = record(anything);
  if (told.version !== 1) throw new Error("it is of another version of the lab");
  const side = whole(told.side, ...known.sides);
  const seed = whole(told.seed, 0, 2 ** 31);
  if (!Array.isArray(told.patterns) || told.patterns.length > known.most) throw damaged();
  const n = side * side;
  const settings = readSettings(record(told.settings), side, known);
  const form = formOf(known, settings);
  const patterns = told.patterns.map((pattern) => readPattern(pattern, side, known.pictures, form));
  return {
    side,
    patterns,
    cue: unpackCells(told.cue, patterns, n, form),
    pins: told.pins === undefined ? plain(side, 0) : unpackPins(octets(told.pins, n), n),
    title: "",
    source: null,
    state: told.state ? unpackCells(told.state, patterns, n, form) : null,
    moves: told.state ? whole(told.moves, 0, Number.MAX_SAFE_INTEGER) : 0,
    // older links say none
    sweeps: told.state && isWithin(told.sweeps, 0, 1e15) ? told.sweeps : 0,
    seed,
    settings,
  };
}

const unpackPins = (bits: Uint8Array, n: number): Cells =>
  unpackInk(bits, n).map((c) => (c === INK ? 1 : 0));

// What an older link does not say is as the lab begins.
function readSettings(told: Record<string, unknown>, side: number, known: Known): Settings {
  const found: Record<string, string | number> = {};
  for (const [name, first] of Object.entries(known.settings)) {
    const value = told[name];
    const options = name === "rule" ? known.rules : known.menus[name];
    if (options) found[name] = one(value ?? (name === "rule" ? value : first), options);
    else {
      const { low, high, step } = known.sliders[name];
      const taken = isWithin(value, low, high) ? value : Number(first);
      found[name] = step < 1 ? taken : Math.round(taken);
    }
  }
  return fitted(known, found as unknown as Settings, side);
}

function readPattern(told: unknown, side: number, pictures: Picture[], form: Form): Pattern {
  if (!Array.isArray(told)) throw damaged();
  const { picture, seed, bits } = record(told[1]);
  let source: Source;
  if (bits !== undefined) source = { bits: String(bits) };
  else if (seed !== undefined) source = { seed: whole(seed, 0, 2 ** 31) };
  else source = { picture: String(picture) };
  return {
    name: String(told[0]).slice(0, 24),
    source: source.bits === undefined ? source : null,
    cells: cellsOf(source, side, pictures, form),
  };
}

// The cells of a ready-made picture, of a random pattern, or of bits.
export function cellsOf(source: Source, side: number, pictures: Picture[], form = INKED): Cells {
  const n = side * side;
  if (source.bits !== undefined) return unpackPattern(octets(source.bits, n, form), n, form);
  if (source.seed !== undefined) return random(side, source.seed, form);
  const picture = pictures.find(({ name }) => name === source.picture);
  if (!picture) throw new Error(`it names a picture that is not here: ${source.picture}`);
  const drawn = unpackInk(fromBase64(picture.bits), picture.side ** 2);
  const fit = side < picture.side ? shrink : resample;
  return convert(fit(drawn, picture.side, side), INKED, form);
}

const damaged = () => new Error("it is damaged");

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw damaged();
  return value as Record<string, unknown>;
}

const isWithin = (value: unknown, low: number, high: number): value is number =>
  typeof value === "number" && value >= low && value <= high;

function whole(value: unknown, low: number, high: number): number {
  if (isWithin(value, low, high) && Number.isInteger(value)) return value;
  throw damaged();
}

function one(value: unknown, options: Pick<Choice, "name">[]): string {
  if (options.some(({ name }) => name === value)) return value as string;
  throw new Error(`it asks for ${String(value)}, which is not here`);
}
