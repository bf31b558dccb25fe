// What the lab tells its reader, who needs time to read it: a note stays until he has had that and
// something newer has come.

export interface Note {
  readonly text: string;
  readonly at: number; // when it was said
  readonly read: boolean; // there was time
  readonly over: boolean; // something newer has come
}

// How long it takes to notice and to read a text, in milliseconds.
export const reading = (text: string): number => 1500 + 60 * text.length;

export const noted = (text: string, at: number): Note | null =>
  text ? { text, at, read: false, over: false } : null;

export const passed = (note: Note | null): Note | null =>
  note?.read ? null : note && { ...note, over: true };

export function wasRead(note: Note | null, at: number): Note | null {
  if (note?.at !== at) return note;
  return note.over ? null : { ...note, read: true };
}
