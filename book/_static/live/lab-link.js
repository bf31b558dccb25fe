// The whole state of the lab as text for an address: JSON, deflated, base64url.

import { fromBase64, packed, toBase64, unpacked } from "./address.js";
import { packBits, random, resample, shrink, unpackInk, INK, UNKNOWN } from "./lab-pictures.js";

export const PREFIX = "#lab=";
export const CHAPTER = "#chapter="; // and its name: the state that is prepared for it
export const SIDES = [5, 200];
export const MOST = 200; // patterns

export const CHOICES = {
  neuron: ["Sign", "HeatBath"],
  tie: ["keep", "up", "down", "random"],
  order: ["Shuffled", "Random", "Sequential", "Sync"],
  hold: ["nothing", "known"],
};

// A picture is told by its name or seed where it has one, else by its bits.
const packPattern = ({ name, source, cells }) =>
  source ? [name, source] : [name, { bits: toBase64(packBits(cells, INK)) }];

// Where the link holds few differences from a stored pattern, deflate leaves little of them.
function packCells(cells, patterns) {
  const ink = packBits(cells, INK);
  let [of, least] = [-1, ink.length * 4];
  patterns.forEach((pattern, k) => {
    let differ = 0;
    for (let i = 0; i < cells.length; i++) differ += cells[i] !== pattern.cells[i];
    if (differ < least) [of, least] = [k, differ];
  });
  if (of >= 0) {
    const base = packBits(patterns[of].cells, INK);
    base.forEach((octet, i) => (ink[i] ^= octet));
  }
  const found = { of, ink: toBase64(ink) };
  if (cells.includes(UNKNOWN)) found.unknown = toBase64(packBits(cells, UNKNOWN));
  return found;
}

function unpackCells({ of, ink, unknown }, patterns, n) {
  const bits = octets(ink, n);
  if (of >= 0) packBits(patterns[of].cells, INK).forEach((octet, i) => (bits[i] ^= octet));
  const cells = unpackInk(bits, n);
  if (unknown !== undefined) {
    const blanks = unpackInk(octets(unknown, n), n);
    blanks.forEach((c, i) => c === INK && (cells[i] = UNKNOWN));
  }
  return cells;
}

function octets(text, n) {
  const bytes = fromBase64(String(text));
  if (bytes.length !== Math.ceil(n / 8)) throw new Error("a picture has the wrong size");
  return bytes;
}

export function written(lab) {
  return {
    version: 1,
    side: lab.side,
    patterns: lab.patterns.map(packPattern),
    cue: packCells(lab.cue, lab.patterns),
    ...(lab.state && { state: packCells(lab.state, lab.patterns), moves: lab.moves, sweeps: lab.sweeps }),
    settings: lab.settings,
    seed: lab.seed,
  };
}

export const encode = (lab) => packed(JSON.stringify(written(lab)));

export const decode = async (text, known) => read(JSON.parse(await unpacked(text)), known);

// Anything may stand in an address: whatever does not fit ends here, with an Error.
export function read(told, { pictures, rules }) {
  const { version, side, patterns, cue, state, moves, sweeps, settings, seed } = told;
  if (version !== 1) throw new Error("it is of another version of the lab");
  whole(side, ...SIDES);
  whole(seed, 0, 2 ** 31);
  if (!Array.isArray(patterns) || patterns.length > MOST) throw new Error("it is damaged");
  const n = side * side;
  const found = patterns.map(([name, source]) => ({
    name: String(name).slice(0, 24),
    source: source.bits === undefined ? source : null,
    cells: cellsOf(source, side, pictures),
  }));
  return {
    side,
    patterns: found,
    cue: unpackCells(cue, found, n),
    state: state ? unpackCells(state, found, n) : null,
    moves: state ? whole(moves, 0, Number.MAX_SAFE_INTEGER) : 0,
    sweeps: state && sweeps >= 0 && sweeps < 1e15 ? Number(sweeps) : 0, // older links say none
    seed,
    settings: {
      rule: one(settings.rule, rules),
      neuron: one(settings.neuron, CHOICES.neuron),
      tie: one(settings.tie, CHOICES.tie),
      order: one(settings.order, CHOICES.order),
      hold: one(settings.hold ?? "nothing", CHOICES.hold), // which older links do not say
      T: typeof settings.T === "number" && settings.T >= 0 && settings.T <= 2 ? settings.T : 0.5,
    },
  };
}

// The cells of a ready-made picture, of a random pattern, or of bits.
export function cellsOf(source, side, pictures) {
  if (source.bits !== undefined) return unpackInk(octets(source.bits, side * side), side * side);
  if (source.seed !== undefined) return random(side, whole(source.seed, 0, 2 ** 31));
  const picture = pictures.find(({ name }) => name === source.picture);
  if (!picture) throw new Error(`it names a picture that is not here: ${source.picture}`);
  const drawn = unpackInk(fromBase64(picture.bits), picture.side ** 2);
  return (side < picture.side ? shrink : resample)(drawn, picture.side, side);
}

function whole(value, low, high) {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new Error("it is damaged");
}

function one(value, options) {
  if (options.includes(value)) return value;
  throw new Error(`it asks for ${value}, which is not here`);
}
