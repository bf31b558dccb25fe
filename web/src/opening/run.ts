// A recall as it travels, recorded or live: a cue, and for each frame the neurons that moved.

export interface Recorded {
  stored: string[]; // the pictures, a bit for each neuron
  cue: string; // a byte for each neuron: 0 paper, 1 unknown, 2 ink
  moved: string[]; // two bytes for each: its number, and whether it went to paper
  end: string;
}

export type State = Int8Array<ArrayBuffer>; // -1 paper, 0 unknown, 1 ink

const DOWN = 1 << 15;

const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export const stateOf = (cue: string): State => Int8Array.from(bytesOf(cue), (value) => value - 1);

// A stored picture, of so many neurons.
export function storedOf(bits: string, length: number): State {
  const bytes = bytesOf(bits);
  return Int8Array.from({ length }, (_, k) => ((bytes[k >> 3] >> (7 - (k & 7))) & 1 ? 1 : -1));
}

export const textOf = (state: State): string =>
  btoa(Array.from(state, (value) => String.fromCharCode(value + 1)).join(""));

// Let a frame's neurons move; say how many they are.
export function move(state: State, frame: string): number {
  const numbers = new DataView(bytesOf(frame).buffer);
  for (let at = 0; at < numbers.byteLength; at += 2) {
    const number = numbers.getUint16(at, true);
    state[number & (DOWN - 1)] = number & DOWN ? -1 : 1;
  }
  return numbers.byteLength / 2;
}
