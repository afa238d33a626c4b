// What the engine says of the current state: asked whenever the state changes.
import { computed, effect, signal } from "@preact/signals";
import { call, Refused } from "../engine/client";
import type { NotEvaluated, Report, Severity } from "../engine/podgate";
import type { Choice, Manifest, Refusal } from "../engine/protocol";
import { tellFormats } from "./formats";
import { latest } from "./latest";
import { choice, manifests, unread } from "./state";
import type { Unread } from "./state";
import { visible } from "./visible";

/** How long the editor must be still before a verdict is asked for. */
const PAUSE_MS = 120;

/** The mark by which the time to the first verdict is measured. */
const FIRST = "first-verdict";

/** What the engine says, and what the settings keep from judging. */
export interface Judged {
  report: Report;
  /** Whether no policy is left that judges. */
  isIdle: boolean;
  /** The built-in policies of the profiles that the settings switch off. */
  off: string[];
}

/** The last answer; it stays while a newer one is on its way, or cannot be had. */
const judged = signal<Judged | undefined>(undefined);
/** The report of the last answer. */
export const report = computed(() => judged.value?.report);
/** Why there is no report for the current state. */
export const refusal = signal<Refusal | undefined>(undefined);
/** Whether the state has changed since the last answer. */
export const pending = signal(true);

/** The day of the verdict, by which exemptions expire. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** Turns a failed call into what the page shows. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof Refused ? visible(error.refusal) : { code: "internal", message: String(error) };

/** What was said of choices: no choice is changed, another takes its place. */
const judging = new WeakMap<Choice, string[]>();

/** The ids of what judges with a choice; asked once for each. */
export async function judgingIds(choice: Choice, lane?: string): Promise<string[]> {
  const ids = judging.get(choice) ?? (await call("policies", { choice }, lane)).map(({ id }) => id);
  judging.set(choice, ids);
  return ids;
}

/** What profiles hold while no settings say otherwise; asked once for each. */
const whole = new Map<string, string[]>();

async function wholeOf(profiles: string[]): Promise<string[]> {
  const key = profiles.join();
  const ids = whole.get(key) ?? (await judgingIds({ profiles, settings: "", policies: [] }));
  whole.set(key, ids);
  return ids;
}

/** Asks for a report, and by what it was made. */
export async function ask(choice: Choice, manifests: Manifest[], lane: string): Promise<Judged> {
  const report = visible(await call("judge", { choice, manifests, date: today() }, lane));
  if (choice.settings.trim() === "") return { report, isIdle: false, off: [] };
  const ids = new Set(await judgingIds(choice, `${lane} policies`));
  const off = (await wholeOf(report.policies.profiles)).filter((id) => !ids.has(id));
  return { report, isIdle: ids.size === 0, off };
}

async function judge(isLatest: () => boolean): Promise<void> {
  try {
    const said = await ask(choice.peek(), manifests.peek(), "judge");
    if (!isLatest()) return;
    judged.value = said;
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
  const begin = latest();
  effect(() => {
    void [choice.value, manifests.value];
    pending.value = true;
    // From now on an answer to what was asked before is of another state.
    const isLatest = begin();
    const timer = setTimeout(() => {
      // Where it cannot be told now, the next change asks anew.
      tellFormats().catch(() => undefined);
      void judge(isLatest);
    }, first ? 0 : PAUSE_MS);
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

/** What a report comes to, where files of the set could not be taken in. */
export function verdictOf({ report: { summary, findings, subjects, notEvaluated }, isIdle, off }: Judged, missed: Unread[]): Verdict {
  const counts = SEVERITIES.map((severity) => ({ severity, count: summary.findings[severity] })).filter(({ count }) => count > 0);
  const gaps = notEvaluated.filter(({ cause }) => cause !== "empty");
  const missing = [
    ...(missed.length > 0 ? [`${plural(missed.length, "file")} not read`] : []),
    ...(gaps.length > 0 ? [`${gaps.length} not evaluated`] : []),
    ...(summary.failedPolicies > 0 ? [`${plural(summary.failedPolicies, "policy", "policies")} failed`] : []),
  ];
  const rest = { counts, gaps, missing };
  // Green is only what the whole of the profiles passes.
  const clean = off.length > 0 ? "none" : "clean";
  if (findings.length > 0) {
    const [tone, title] = summary.denied
      ? (["denied", "Refused"] as const)
      : findings.some(({ action }) => action === "warn") ? (["warned", "Passes with warnings"] as const) : ([clean, "Passes"] as const);
    if (missing.length === 0) return { tone, title, ...rest };
    return { tone: summary.denied ? tone : "none", title: `${title}, as far as it could be judged`, ...rest };
  }
  if (missing.length > 0) return { tone: "none", title: "Not all could be judged", ...rest };
  if (isIdle) return { tone: "none", title: "No policy judges", ...rest };
  if (subjects.length === 0) return { tone: "none", title: "Nothing to judge", ...rest };
  // What an exemption removed was found all the same.
  if (summary.exempted > 0) return { tone: "none", title: `Clean, ${summary.exempted} exempted`, ...rest };
  const title = off.length > 0 ? `Clean, with ${plural(off.length, "policy", "policies")} switched off` : "Clean";
  return { tone: clean, title, ...rest };
}

/** The verdict on the current state; `undefined` before there is a report. */
export const verdict = computed(() => (judged.value === undefined ? undefined : verdictOf(judged.value, unread.value)));

/** The policies that the settings switch off. */
export const off = computed(() => judged.value?.off ?? []);

/** The verdict in a few words, for screen readers. */
export const summary = computed(() => {
  if (refusal.value !== undefined) return "No verdict";
  if (verdict.value === undefined) return "Loading";
  const { title, counts, missing } = verdict.value;
  return [title, ...counts.map(({ severity, count }) => `${count} ${severity}`), ...missing].join(", ");
});

/** A number with what it counts. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
