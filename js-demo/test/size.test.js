// What a visitor downloads.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";

const folder = new URL("../dist/", import.meta.url);
const LIMIT = 250_000;

test(`all JavaScript is at most ${LIMIT / 1000} kB in brotli`, () => {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".js"));
  const sizes = files.map((file) => [file, brotliCompressSync(readFileSync(new URL(file, folder))).length]);
  const sum = sizes.reduce((total, [, size]) => total + size, 0);
  for (const [file, size] of sizes) console.log(`${String(size).padStart(7)}  ${file}`);
  console.log(`${String(sum).padStart(7)}  in all`);
  assert.ok(files.length >= 3 && sum <= LIMIT, `${sum} bytes`);
});
