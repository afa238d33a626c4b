// Prints memory over many verdicts, of both entry points: `node --expose-gc memory.mjs [verdicts]`. Fails where the
// module's memory, or what JavaScript holds, still grows after the first third.

import { readFile } from "node:fs/promises";

const VERDICTS = Number(process.argv[2] ?? 100_000);

/** Most that the heap may grow by, in bytes: what the engine compiles and caches. */
const SLACK = 2_000_000;

/** Rounds, each with gates of its own, and those after which all that is kept is there: memory comes in few steps. */
const ROUNDS = 30;
const WARM = 10;

const npm = new URL("../npm/", import.meta.url);
const fixtures = new URL("../../tests/fixtures/", import.meta.url);
const texts = await Promise.all(
  ["bad/jenkins-dind.yaml", "good/hardened.yaml"].map((name) => readFile(new URL(name, fixtures), "utf8")),
);
const MB = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`.padStart(11);

async function measure(entry, folder) {
  const { createGate } = await import(new URL(`${entry}.node.js`, npm));
  const gate = await createGate();
  // The instance is there by now: this only gives what it exports.
  const { memory } = (await import(new URL(`${folder}/podgate.js`, npm))).initSync();
  const sizes = async () => {
    // Objects that are collected free what they hold a turn later.
    globalThis.gc();
    await new Promise((done) => setImmediate(done));
    globalThis.gc();
    return { module: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
  };
  console.log(`${"verdicts".padStart(8)}${"module".padStart(11)}${"heap".padStart(11)}   ${entry}`);
  let first;
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (let time = 0; time < VERDICTS / ROUNDS; time += 1) {
      gate.check(texts[time % texts.length]);
    }
    // One gate that is freed, and one that is forgotten.
    (await createGate({ profiles: ["ci"] })).free();
    (await createGate({ profiles: ["ci"] })).check(texts[0]);
    const now = await sizes();
    first = round > WARM ? first : now;
    console.log(`${String(Math.round((VERDICTS / ROUNDS) * round)).padStart(8)}${MB(now.module)}${MB(now.heap)}`);
    if (now.module > first.module || now.heap > first.heap + SLACK) {
      process.exitCode = 1;
    }
  }
}

await measure("podgate", "compiler");
await measure("verdict", "verdict");
console.log(process.exitCode ? "memory grows" : "memory is flat");
