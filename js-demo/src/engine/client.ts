// Asks the worker, one question at a time, and replaces the worker when an answer takes too long.
import { compile } from "./podgate";
import type { Answer, Calls, Kind, Question, Refusal } from "./protocol";
import { scriptAddress } from "./trusted";
import workerAddress from "./worker?worker&url";

/** How long one answer may take that has little to judge. Far above what any sane policy needs, and short enough to wait for. */
export const DEADLINE_SECONDS = 4;

/** How much longer for each megabyte that is to be judged. */
const SECONDS_PER_MEGABYTE = 8;

/** There is no answer, and why. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

interface Waiting {
  question: Question;
  /** Of several questions of one lane that wait, only the newest is asked. */
  lane: string | undefined;
  /** Runs from when the worker has the question. */
  deadline?: ReturnType<typeof setTimeout>;
  resolve(answer: unknown): void;
  reject(reason: Error): void;
}

const queue: Waiting[] = [];
let asked: Waiting | undefined;
let engine: Promise<WebAssembly.Module> | undefined;
let worker: Promise<Worker> | undefined;
let lastId = 0;

/** A worker that is ready to be asked. */
async function start(): Promise<Worker> {
  engine ??= compile();
  let module: WebAssembly.Module;
  try {
    module = await engine;
  } catch (error) {
    // The next question tries anew: there may be a network again.
    engine = undefined;
    throw error;
  }
  const started = new Worker(scriptAddress(workerAddress), { type: "module", name: "podgate" });
  const ready = new Promise<void>((resolve, reject) => {
    const fail = () => {
      started.terminate();
      reject(new Error("the engine could not be started"));
    };
    started.addEventListener("error", fail, { once: true });
    started.addEventListener("message", () => { started.removeEventListener("error", fail); resolve(); }, { once: true });
  });
  started.postMessage({ engine: module });
  await ready;
  started.addEventListener("message", ({ data }: MessageEvent<Answer>) => settle(data));
  started.addEventListener("error", () => giveUp("worker", "the engine has failed"));
  return started;
}

function settle(answer: Answer): void {
  if (asked?.question.id !== answer.id) return;
  const done = asked;
  leave();
  if ("refusal" in answer) done.reject(new Refused(answer.refusal));
  else done.resolve(answer.answer);
  void next();
}

/** Ends with the question that is asked; its deadline goes with it. */
function leave(): void {
  clearTimeout(asked?.deadline);
  asked = undefined;
}

/** Ends the worker and the question that it works on. */
function giveUp(code: string, message: string): void {
  worker?.then((old) => old.terminate(), () => undefined);
  worker = undefined;
  const lost = asked;
  leave();
  lost?.reject(new Refused({ code, message }));
  void next();
}

async function next(): Promise<void> {
  if (asked !== undefined) return;
  const mine = queue.shift();
  if (mine === undefined) return;
  asked = mine;
  let ready: Worker;
  try {
    ready = await (worker ??= start());
  } catch (error) {
    if (asked === mine) giveUp("load", error instanceof Error ? error.message : String(error));
    return;
  }
  // It may have been given up meanwhile.
  if (asked !== mine) return;
  const seconds = patience(mine.question);
  mine.deadline = setTimeout(() => giveUp("stopped", `stopped after ${seconds} seconds: ${suspect(mine.question)}`), seconds * 1000);
  ready.postMessage(mine.question);
}

/** How many seconds an answer may take. */
function patience({ ask }: Question): number {
  const size = "manifests" in ask ? ask.manifests.reduce((sum, { text }) => sum + text.length, 0) : 0;
  return DEADLINE_SECONDS + Math.floor((size / 1e6) * SECONDS_PER_MEGABYTE);
}

/** What it may be that took so long. */
function suspect({ kind, ask }: Question): string {
  if (kind === "test") return "a test does not come to an end";
  if ("choice" in ask && ask.choice.policies.length > 0) return "one of your policies does not come to an end, or there is too much to judge";
  return "this is more than the page can judge; the command line has no such limit";
}

/** Starts the worker before there is anything to ask. */
export function warmUp(): void {
  worker ??= start();
  // What goes wrong is said with the first answer.
  worker.catch(() => undefined);
}

/** Asks the worker. A question in a lane takes the place of one that still waits there, which then fails. */
export function call<K extends Kind>(kind: K, ask: Calls[K]["ask"], lane?: string): Promise<Calls[K]["answer"]> {
  return new Promise((resolve, reject) => {
    const question = { id: ++lastId, kind, ask } as Question;
    const waiting = { question, lane, resolve: resolve as (answer: unknown) => void, reject };
    const older = lane === undefined ? -1 : queue.findIndex((other) => other.lane === lane);
    if (older >= 0) {
      queue[older]?.reject(new Refused({ code: "superseded", message: "asked anew" }));
      queue[older] = waiting;
    } else {
      queue.push(waiting);
    }
    void next();
  });
}
