// Asks the worker, one question at a time, and replaces the worker when an answer takes too long.
import { compile } from "./podgate";
import type { Answer, Calls, Kind, Question, Refusal } from "./protocol";
import { scriptAddress } from "./trusted";
import workerAddress from "./worker?worker&url";

/** How long one answer may take. Far above what any sane policy needs, and short enough to wait for. */
export const DEADLINE_SECONDS = 4;

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
  resolve(answer: unknown): void;
  reject(reason: Error): void;
}

const engine = compile();
const queue: Waiting[] = [];
let asked: Waiting | undefined;
let worker: Promise<Worker> | undefined;
let deadline: ReturnType<typeof setTimeout> | undefined;
let lastId = 0;

async function start(): Promise<Worker> {
  const started = new Worker(scriptAddress(workerAddress), { type: "module", name: "podgate" });
  started.addEventListener("message", ({ data }: MessageEvent<Answer>) => settle(data));
  started.addEventListener("error", () => restart("worker", "the engine could not be started"));
  started.postMessage({ engine: await engine });
  return started;
}

function settle(answer: Answer): void {
  if (asked?.question.id !== answer.id) return;
  clearTimeout(deadline);
  const done = asked;
  asked = undefined;
  if ("refusal" in answer) done.reject(new Refused(answer.refusal));
  else done.resolve(answer.answer);
  void next();
}

function restart(code: string, message: string): void {
  clearTimeout(deadline);
  void worker?.then((old) => old.terminate());
  worker = undefined;
  const lost = asked;
  asked = undefined;
  lost?.reject(new Refused({ code, message }));
  void next();
}

async function next(): Promise<void> {
  if (asked !== undefined) return;
  asked = queue.shift();
  if (asked === undefined) return;
  const { question } = asked;
  try {
    worker ??= start();
    (await worker).postMessage(question);
  } catch (error) {
    restart("load", String(error));
    return;
  }
  deadline = setTimeout(
    () => restart("stopped", `stopped after ${DEADLINE_SECONDS} seconds: a policy or a test does not come to an end`),
    DEADLINE_SECONDS * 1000,
  );
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
