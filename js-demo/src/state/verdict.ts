// What the engine says of the current state: asked whenever the state changes.
import { computed, effect, signal } from "@preact/signals";
import { call, Refused } from "../engine/client";
import type { NotEvaluated, Report, Severity } from "../engine/podgate";
import type { Refusal } from "../engine/protocol";
import { latest } from "./latest";
import { choice, manifests } from "./state";

/** How long the editor must be still before a verdict is asked for. */
const PAUSE_MS = 120;

/** The mark by which the time to the first verdict is measured. */
const FIRST = "first-verdict";

/** The last report; it stays while a newer one is on its way, or cannot be had. */
export const report = signal<Report | undefined>(undefined);
/** Why there is no report for the current state. */
export const refusal = signal<Refusal | undefined>(undefined);
/** Whether the state has changed since the last answer. */
export const pending = signal(true);

/** The day of the verdict, by which exemptions expire. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** Turns a failed call into what the page shows. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof Refused ? error.refusal : { code: "internal", message: String(error) };

async function judge(isLatest: () => boolean): Promise<void> {
  try {
    const said = await call("judge", { choice: choice.peek(), manifests: manifests.peek(), date: today() }, "judge");
    if (!isLatest()) return;
    report.value = said;
    refusal.value = undefined;
    if (performance.getEntriesByName(FIRST).length === 0) performance.mark(FIRST);
  } catch (error) {
    if (!isLatest()) return;
    refusal.value = refusalOf(error);
  }
  pending.value = false;
}

/** Begins to judge, and judges anew after every change. */
export function watch(): void {
  let first = true;
  const ask = latest();
  effect(() => {
    void [choice.value, manifests.value];
    pending.value = true;
    // From now on an answer to what was asked before is of another state.
    const isLatest = ask();
    const timer = setTimeout(() => void judge(isLatest), first ? 0 : PAUSE_MS);
    first = false;
    return () => clearTimeout(timer);
  });
}

export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;

/** What a report comes to. This alone decides what is called clean. */
export interface Verdict {
  tone: "denied" | "warned" | "clean" | "none";
  title: string;
  /** How many findings there are, worst first, without severities that have none. */
  counts: { severity: Severity; count: number }[];
  /** What was not judged; an empty text has nothing to judge. */
  gaps: NotEvaluated[];
  /** What there is of gaps and failed policies, in words; nothing where everything was judged. */
  missing: string[];
}

/** What a report comes to. */
export function verdictOf({ summary, findings, subjects, notEvaluated }: Report): Verdict {
  const counts = SEVERITIES.map((severity) => ({ severity, count: summary.findings[severity] })).filter(({ count }) => count > 0);
  const gaps = notEvaluated.filter(({ cause }) => cause !== "empty");
  const missing = [
    ...(gaps.length > 0 ? [`${gaps.length} not evaluated`] : []),
    ...(summary.failedPolicies > 0 ? [`${plural(summary.failedPolicies, "policy", "policies")} failed`] : []),
  ];
  const rest = { counts, gaps, missing };
  if (findings.length > 0) {
    const [tone, title] = summary.denied
      ? (["denied", "Refused"] as const)
      : findings.some(({ action }) => action === "warn") ? (["warned", "Passes with warnings"] as const) : (["clean", "Passes"] as const);
    if (missing.length === 0) return { tone, title, ...rest };
    return { tone: summary.denied ? tone : "none", title: `${title}, as far as it could be judged`, ...rest };
  }
  if (missing.length > 0) return { tone: "none", title: "Not all could be judged", ...rest };
  if (subjects.length === 0) return { tone: "none", title: "Nothing to judge", ...rest };
  // What an exemption removed was found all the same.
  if (summary.exempted > 0) return { tone: "none", title: `Clean, ${summary.exempted} exempted`, ...rest };
  return { tone: "clean", title: "Clean", ...rest };
}

/** The verdict on the current state; `undefined` before there is a report. */
export const verdict = computed(() => (report.value === undefined ? undefined : verdictOf(report.value)));

/** The verdict in a few words, for screen readers. */
export const summary = computed(() => {
  if (refusal.value !== undefined) return "No verdict";
  if (verdict.value === undefined) return "Loading";
  const { title, counts, missing } = verdict.value;
  return [title, ...counts.map(({ severity, count }) => `${count} ${severity}`), ...missing].join(", ");
});

/** A number with what it counts. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
