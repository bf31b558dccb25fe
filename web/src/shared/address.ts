// Text packed into an address and back: UTF-8, deflated, base64url.

const LARGEST = 8e6; // bytes that a link may unfold to

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}

export const fromBase64 = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

type Through = CompressionStream | DecompressionStream;

async function pipe(bytes: Uint8Array, through: Through): Promise<Uint8Array> {
  const reader = new Blob([bytes as BlobPart]).stream().pipeThrough(through).getReader();
  const parts: BlobPart[] = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > LARGEST) throw new Error("it is too large");
    parts.push(value);
  }
}

export async function packed(text: string): Promise<string> {
  const bytes = await pipe(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// Anything may stand in an address: what is no such text ends here, with an Error.
export async function unpacked(word: string): Promise<string> {
  const bytes = fromBase64(word.replaceAll("-", "+").replaceAll("_", "/"));
  const text = await pipe(bytes, new DecompressionStream("deflate-raw"));
  return new TextDecoder("utf-8", { fatal: true }).decode(text);
}
