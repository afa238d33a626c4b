// An archive as POSIX 1003.1 describes it (ustar): enough for a handful of text files.
import { namer } from "./state";

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

/** Most bytes of a name, with room for what keeps it apart from another. */
const LONGEST = 80;

/** A path that is never above the folder that it is unpacked in, cut at its front so that it fits. */
function fitting(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  const letters = [...parts.join("/")];
  const length = () => new TextEncoder().encode(letters.join("")).length;
  if (letters.length > LONGEST) letters.splice(0, letters.length - LONGEST);
  while (length() > LONGEST || letters[0] === "/") letters.shift();
  return letters.join("") || "unnamed";
}

/** The folders that a path names, and the path itself. */
const steps = (path: string): string[] => path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));

/** Gives out names of files that lie beside each other wherever they are unpacked: letters of either case count as one. */
export function placer(reserved: string[]): (name: string) => string {
  const [files, folders] = [new Set<string>(), new Set<string>()];
  const nameOf = namer();
  const isFree = (path: string) => !folders.has(path) && steps(path).every((step) => !files.has(step));
  return (name) => {
    const fits = fitting(name);
    let path = reserved.includes(fits.split("/", 1)[0]?.toLowerCase() ?? "") ? `manifests/${fits}` : fits;
    // A name that is taken loses its folders, so that a number behind it helps.
    for (let isFirst = true; !isFree(path.toLowerCase()); isFirst = false) {
      path = isFirst ? path.replaceAll("/", "-") : nameOf(path);
    }
    const [file = "", ...above] = steps(path.toLowerCase()).reverse();
    files.add(file);
    for (const folder of above) folders.add(folder);
    return path;
  };
}

/** The archive that holds these files; their names are of a `placer`. */
export function archive(files: { name: string; text: string }[]): Uint8Array<ArrayBuffer> {
  const parts = files.flatMap(({ name, text }) => {
    const bytes = new TextEncoder().encode(text);
    const rest = new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK);
    return [header(name, bytes.length), bytes, rest];
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
