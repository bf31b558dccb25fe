// The whole state of the lab as text for an address: JSON, deflated, base64url.

import { fromBase64, packed, toBase64, unpacked } from "../shared/address";
import { type Cells, INK, packBits, random, resample, shrink, UNKNOWN, unpackInk } from "./cells";
import type { Choice, Known, Pattern, Picture, Source, Told } from "./types";

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
  ink: string;
  unknown?: string;
}

// A picture is told by its name or seed where it has one, else by its bits.
const packPattern = ({ name, source, cells }: Pattern): [string, Source] =>
  source ? [name, source] : [name, { bits: toBase64(packBits(cells, INK)) }];

// Where the link holds few differences from a stored pattern, deflate leaves little of them.
function packCells(cells: Cells, patterns: readonly Pattern[]): Packed {
  const ink = packBits(cells, INK);
  let [of, least] = [-1, ink.length * 4];
  patterns.forEach((pattern, k) => {
    let differ = 0;
    for (let i = 0; i < cells.length; i++) if (cells[i] !== pattern.cells[i]) differ++;
    if (differ < least) [of, least] = [k, differ];
  });
  if (of >= 0) packBits(patterns[of].cells, INK).forEach((octet, i) => (ink[i] ^= octet));
  const found: Packed = { of, ink: toBase64(ink) };
  if (cells.includes(UNKNOWN)) found.unknown = toBase64(packBits(cells, UNKNOWN));
  return found;
}

function unpackCells(told: unknown, patterns: readonly Pattern[], n: number): Cells {
  const { of, ink, unknown } = record(told);
  const bits = octets(ink, n);
  if (whole(of, -1, patterns.length - 1) >= 0) {
    packBits(patterns[of as number].cells, INK).forEach((octet, i) => (bits[i] ^= octet));
  }
  const cells = unpackInk(bits, n);
  if (unknown !== undefined) {
    const blanks = unpackInk(octets(unknown, n), n);
    blanks.forEach((c, i) => c === INK && (cells[i] = UNKNOWN));
  }
  return cells;
}

function octets(text: unknown, n: number): Uint8Array {
  const bytes = fromBase64(String(text));
  if (bytes.length !== Math.ceil(n / 8)) throw new Error("a picture has the wrong size");
  return bytes;
}

export function written(lab: Told): Record<string, unknown> {
  return {
    version: 1,
    side: lab.side,
    patterns: lab.patterns.map(packPattern),
    cue: packCells(lab.cue, lab.patterns),
    ...(lab.state && {
      state: packCells(lab.state, lab.patterns),
      moves: lab.moves,
      sweeps: lab.sweeps,
    }),
    settings: lab.settings,
    seed: lab.seed,
  };
}

export const encode = (lab: Told): Promise<string> => packed(JSON.stringify(written(lab)));

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
  const patterns = told.patterns.map((pattern) => readPattern(pattern, side, known.pictures));
  const settings = record(told.settings);
  const { T } = settings;
  const [coldest, hottest] = known.temperatures;
  return {
    side,
    patterns,
    cue: unpackCells(told.cue, patterns, n),
    title: "",
    source: null,
    state: told.state ? unpackCells(told.state, patterns, n) : null,
    moves: told.state ? whole(told.moves, 0, Number.MAX_SAFE_INTEGER) : 0,
    // older links say none
    sweeps: told.state && isWithin(told.sweeps, 0, 1e15) ? told.sweeps : 0,
    seed,
    settings: {
      rule: one(settings.rule, known.rules),
      neuron: one(settings.neuron, known.neurons),
      tie: one(settings.tie, known.ties),
      order: one(settings.order, known.orders),
      hold: one(settings.hold ?? known.settings.hold, known.holds), // which older links do not say
      T: isWithin(T, coldest, hottest) ? T : known.settings.T,
    },
  };
}

function readPattern(told: unknown, side: number, pictures: Picture[]): Pattern {
  if (!Array.isArray(told)) throw damaged();
  const { picture, seed, bits } = record(told[1]);
  let source: Source;
  if (bits !== undefined) source = { bits: String(bits) };
  else if (seed !== undefined) source = { seed: whole(seed, 0, 2 ** 31) };
  else source = { picture: String(picture) };
  return {
    name: String(told[0]).slice(0, 24),
    source: source.bits === undefined ? source : null,
    cells: cellsOf(source, side, pictures),
  };
}

// The cells of a ready-made picture, of a random pattern, or of bits.
export function cellsOf(source: Source, side: number, pictures: Picture[]): Cells {
  if (source.bits !== undefined) return unpackInk(octets(source.bits, side * side), side * side);
  if (source.seed !== undefined) return random(side, source.seed);
  const picture = pictures.find(({ name }) => name === source.picture);
  if (!picture) throw new Error(`it names a picture that is not here: ${source.picture}`);
  const drawn = unpackInk(fromBase64(picture.bits), picture.side ** 2);
  return (side < picture.side ? shrink : resample)(drawn, picture.side, side);
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
