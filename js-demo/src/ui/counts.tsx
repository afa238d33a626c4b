// How many findings there are, by severity.
import type { Severity } from "../engine/podgate";
import { refusal, verdict } from "../state/verdict";
import type { Verdict } from "../state/verdict";

/** The worst two, and whether something could not be told, as they stand beside the name of a view. */
export function Counts() {
  if (refusal.value !== undefined) return <Failed why="no verdict" />;
  if (verdict.value === undefined) return null;
  const { counts, missing } = verdict.value;
  return (
    <>
      {counts.slice(0, 2).map(({ severity, count }) => <Count key={severity} severity={severity} count={count} />)}
      {missing.length > 0 && <Failed why={missing.join(", ")} />}
    </>
  );
}

function Failed({ why }: { why: string }) {
  return <span class="count failed" title={why}><span aria-hidden="true">!</span><span class="unseen"> {why}</span></span>;
}

function Count({ severity, count }: { severity: Severity; count: number }) {
  return (
    <span class={`count ${severity}`} title={`${count} ${severity}`}>
      {count}<span class="unseen"> {severity}</span>
    </span>
  );
}

/** All severities with their names, and what could not be judged, as a heading has them. */
export function AllCounts({ of: { counts, missing } }: { of: Verdict }) {
  if (counts.length + missing.length === 0) return null;
  return (
    <p class="counts">
      {counts.map(({ severity, count }) => <span key={severity} class={`badge ${severity}`}>{count} {severity}</span>)}
      {missing.map((gap) => <span key={gap} class="badge gap">{gap}</span>)}
    </p>
  );
}
