// How the page asks its worker, with workers and a clock that the test holds in its hand.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { source } from "./source.js";

const load = source();

const MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const made = [];

/** Waits until workers have been asked so many questions in all. */
async function asked(count) {
  while (made.flatMap(({ questions }) => questions).length < count) await new Promise((resolve) => setImmediate(resolve));
}

let network = true;

class FakeWorker extends EventTarget {
  questions = [];
  ended = false;
  constructor() {
    super();
    made.push(this);
  }
  postMessage(message) {
    if ("engine" in message) queueMicrotask(() => this.say("ready"));
    else this.questions.push(message);
  }
  say(data) {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
  answer(answer) {
    this.say({ id: this.questions.at(-1).id, answer });
  }
  terminate() {
    this.ended = true;
  }
}

Object.assign(globalThis, {
  Worker: FakeWorker,
  document: { baseURI: "http://localhost/" },
  location: new URL("http://localhost/"),
  fetch: async () => {
    if (!network) throw new Error("no network");
    return new Response(MODULE, { headers: { "content-type": "text/plain" } });
  },
});

/** The module anew, so that tests do not share a worker. */
async function fresh() {
  const { call, warmUp } = await load(`engine/client.ts?${++visits}`);
  return { call, warmUp };
}
let visits = 0;

beforeEach(() => {
  made.length = 0;
  network = true;
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const judge = (text = "", policies = []) => ({ choice: { profiles: [], settings: "", policies }, manifests: [{ source: "a", text }], date: "2026-01-01" });
const said = (promise) => promise.then((answer) => ({ answer }), ({ refusal }) => refusal);

test("without a network nothing is started, and the next question tries anew", async () => {
  const { call, warmUp } = await fresh();
  network = false;
  warmUp();
  assert.deepEqual(await said(call("judge", judge())), { code: "load", message: "no network" });
  assert.deepEqual(await said(call("judge", judge())), { code: "load", message: "no network" });
  assert.equal(made.length, 0);
  network = true;
  const last = said(call("judge", judge()));
  await asked(1);
  made[0].answer("fine");
  assert.deepEqual(await last, { answer: "fine" });
  assert.equal(made.length, 1);
});

test("a deadline is of its own question alone", async () => {
  const { call } = await fresh();
  const first = said(call("judge", judge()));
  await asked(1);
  made[0].dispatchEvent(new Event("error"));
  assert.deepEqual(await first, { code: "worker", message: "the engine has failed" });
  assert.equal(made[0].ended, true);
  mock.timers.tick(3000);
  const second = said(call("judge", judge()));
  await asked(2);
  mock.timers.tick(3000);
  made[1].answer("late, and in time");
  assert.deepEqual(await second, { answer: "late, and in time" });
  mock.timers.tick(60_000);
  assert.deepEqual(made.map(({ ended }) => ended), [true, false]);
});

test("what is stopped is said by what was running, and more text has more time", async () => {
  const { call } = await fresh();
  let count = 0;
  const stop = async (seconds, ...question) => {
    const answer = said(call(...question));
    count += 1;
    await asked(count);
    mock.timers.tick(seconds * 1000 - 1);
    assert.equal(made.at(-1).ended, false);
    mock.timers.tick(1);
    const { code, message } = await answer;
    assert.equal(code, "stopped");
    assert.equal(made.at(-1).ended, true);
    return message;
  };
  const rego = [{ path: "a.rego", text: "" }];
  assert.equal(await stop(4, "test", { files: rego }), "stopped after 4 seconds: a test does not come to an end");
  assert.match(await stop(4, "judge", judge("", rego)), /^stopped after 4 seconds: one of your policies does not come to an end/);
  assert.match(await stop(12, "judge", judge("x".repeat(1e6))), /^stopped after 12 seconds: this is more than the page can judge/);
});

test("of one lane the newest question alone is asked", async () => {
  const { call } = await fresh();
  const all = ["1", "2", "3"].map((text) => said(call("judge", judge(text), "judge")));
  await asked(1);
  made[0].answer("first");
  await asked(2);
  made[0].answer("third");
  assert.deepEqual(await Promise.all(all), [{ answer: "first" }, { code: "superseded", message: "asked anew" }, { answer: "third" }]);
  assert.deepEqual(made[0].questions.map(({ ask }) => ask.manifests[0].text), ["1", "3"]);
});
