// What the engine says of the current state: asked whenever the state changes.
import { computed, effect, signal } from "@preact/signals";
import { call, Refused } from "../engine/client";
import type { Finding, Report } from "../engine/podgate";
import type { Refusal } from "../engine/protocol";
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

async function judge(): Promise<void> {
  try {
    report.value = await call("judge", { choice: choice.peek(), manifests: manifests.peek(), date: today() }, "judge");
    refusal.value = undefined;
    if (performance.getEntriesByName(FIRST).length === 0) performance.mark(FIRST);
  } catch (error) {
    const failed = refusalOf(error);
    if (failed.code === "superseded") return;
    refusal.value = failed;
  }
  pending.value = false;
}

/** Begins to judge, and judges anew after every change. */
export function watch(): void {
  let first = true;
  effect(() => {
    void [choice.value, manifests.value];
    pending.value = true;
    const timer = setTimeout(() => void judge(), first ? 0 : PAUSE_MS);
    first = false;
    return () => clearTimeout(timer);
  });
}

/** Findings of one manifest. */
export const findingsOf = (source: string): Finding[] =>
  report.value?.findings.filter((finding) => finding.source === source) ?? [];

/** The verdict in a few words, also for screen readers. */
export const summary = computed(() => {
  if (refusal.value !== undefined) return "No verdict";
  const now = report.value;
  if (now === undefined) return "Loading";
  const { subjects, findings, failedPolicies } = now.summary;
  const notEvaluated = now.notEvaluated.filter(({ cause }) => cause !== "empty").length;
  const counts = SEVERITIES.filter((severity) => findings[severity] > 0).map((s) => `${findings[s]} ${s}`);
  const gaps = [
    ...(notEvaluated > 0 ? [`${notEvaluated} not evaluated`] : []),
    ...(failedPolicies > 0 ? [`${failedPolicies} policies failed`] : []),
  ];
  if (subjects === 0 && gaps.length === 0) return "Nothing to judge";
  return [...counts, ...gaps].join(", ") || "Clean";
});

export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
