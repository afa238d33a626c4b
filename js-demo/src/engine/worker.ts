// Judges, away from the page, so that typing never waits. The page ends this worker when it takes too long.
import { createGate, formatOf, PodgateError, testPolicies } from "./podgate";
import type { Gate } from "./podgate";
import type { Answer, Calls, Choice, Kind, Question, Refusal } from "./protocol";

/** Gates are kept: judging is quick, making a gate is not. Enough for the columns of a comparison. */
const KEPT = 6;

let engine: Promise<WebAssembly.Module>;
const gates = new Map<string, Gate>();

async function gateFor({ profiles, settings, policies }: Choice): Promise<Gate> {
  const key = JSON.stringify([profiles, settings, policies]);
  const kept = gates.get(key);
  const options = { profiles, policies, wasm: engine, ...(settings.trim() === "" ? {} : { settings }) };
  const gate = kept ?? (await createGate(options));
  gates.delete(key);
  gates.set(key, gate);
  for (const [old, other] of gates) {
    if (gates.size <= KEPT) break;
    gates.delete(old);
    other.free();
  }
  return gate;
}

const answers: { [K in Kind]: (ask: Calls[K]["ask"]) => Promise<Calls[K]["answer"]> } = {
  judge: async ({ choice, manifests, date }) => (await gateFor(choice)).check(manifests, { date }),
  formats: async ({ manifests }) => Promise.all(manifests.map(({ source, text }) => formatOf(text, { source, wasm: engine }))),
  render: async ({ choice, manifests, date, format }) => (await gateFor(choice)).render(format, manifests, { date }),
  policies: async ({ choice }) => (await gateFor(choice)).policies(),
  builtIn: async ({ choice }) => (await gateFor(choice)).builtIn(),
  explain: async ({ choice, name }) => (await gateFor(choice)).explain(name),
  test: async ({ files }) => testPolicies(files, { wasm: engine }),
};

function refusal(error: unknown): Refusal {
  if (!(error instanceof PodgateError)) return { code: "internal", message: String(error) };
  const { code, message, file, span } = error;
  return { code, message, ...(file === undefined ? {} : { file }), ...(span === undefined ? {} : { span }) };
}

self.addEventListener("message", async ({ data }: MessageEvent<{ engine: WebAssembly.Module } | Question>) => {
  if ("engine" in data) {
    engine = Promise.resolve(data.engine);
    self.postMessage("ready");
    return;
  }
  let reply: Answer;
  try {
    const answer = await (answers[data.kind] as (ask: unknown) => Promise<unknown>)(data.ask);
    reply = { id: data.id, answer };
  } catch (error) {
    reply = { id: data.id, refusal: refusal(error) };
  }
  self.postMessage(reply);
});
