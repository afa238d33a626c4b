// An archive as POSIX 1003.1 describes it (ustar): enough for a handful of text files.

const BLOCK = 512;

function header(name: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const write = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  write(0, name);
  write(100, octal(0o644, 7));
  write(108, octal(0, 7));
  write(116, octal(0, 7));
  write(124, octal(size, 11));
  write(136, octal(Math.floor(Date.now() / 1000), 11));
  // The sum is taken with spaces in its own place.
  write(148, "        0");
  write(257, "ustar\u000000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  write(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}

/** The name of a file in the archive: cut so that it fits, and never above the folder that it is unpacked in. */
export const placed = (name: string): string => {
  const parts = name.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  let path = parts.join("/") || "unnamed";
  while (new TextEncoder().encode(path).length > 100) path = path.slice(1);
  return path;
};

/** The archive that holds these files. */
export function archive(files: { name: string; text: string }[]): Uint8Array<ArrayBuffer> {
  const parts = files.flatMap(({ name, text }) => {
    const bytes = new TextEncoder().encode(text);
    const rest = new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK);
    return [header(placed(name), bytes.length), bytes, rest];
  });
  parts.push(new Uint8Array(2 * BLOCK));
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
