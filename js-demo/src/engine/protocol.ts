// What the page asks of its worker, and what the worker answers.
import type { Explanation, Format, InputFormat, Policy, RegoFile, Report, Span, TestReport } from "./podgate";

/** What a gate is made with. */
export interface Choice {
  profiles: string[];
  settings: string;
  policies: RegoFile[];
}

/** A file that is judged: its name and its text. */
export interface Manifest {
  source: string;
  text: string;
}

/** Every question, with the type of its answer. */
export interface Calls {
  judge: { ask: { choice: Choice; manifests: Manifest[]; date: string }; answer: Report };
  formats: { ask: { manifests: Manifest[] }; answer: InputFormat[] };
  render: { ask: { choice: Choice; manifests: Manifest[]; date: string; format: Format }; answer: string };
  policies: { ask: { choice: Choice }; answer: Policy[] };
  builtIn: { ask: { choice: Choice }; answer: Policy[] };
  explain: { ask: { choice: Choice; name: string }; answer: Explanation[] };
  test: { ask: { files: RegoFile[] }; answer: TestReport };
}

export type Kind = keyof Calls;

/** A question on its way. */
export type Question = { [K in Kind]: { id: number; kind: K; ask: Calls[K]["ask"] } }[Kind];

/** Why there is no answer: what the engine said, with the place where it is known. */
export interface Refusal {
  code: string;
  message: string;
  file?: string;
  span?: Span;
}

export type Answer = { id: number; answer: unknown } | { id: number; refusal: Refusal };
