// How many findings there are, by severity.
import type { Report, Severity } from "../engine/podgate";
import { refusal, report, SEVERITIES } from "../state/verdict";

/** The worst two, as they stand beside the name of a view. */
export function Counts() {
  const now = report.value;
  if (refusal.value !== undefined) return <span class="count failed">!</span>;
  if (now === undefined) return null;
  const worst = SEVERITIES.filter((severity) => now.summary.findings[severity] > 0).slice(0, 2);
  return (
    <>
      {worst.map((severity) => <Count key={severity} severity={severity} count={now.summary.findings[severity]} />)}
    </>
  );
}

export function Count({ severity, count }: { severity: Severity; count: number }) {
  return (
    <span class={`count ${severity}`} title={`${count} ${severity}`}>
      {count}<span class="unseen"> {severity}</span>
    </span>
  );
}

/** All severities with their names, as a heading has them. */
export function AllCounts({ of }: { of: Report }) {
  const some = SEVERITIES.filter((severity) => of.summary.findings[severity] > 0);
  return (
    <p class="counts">
      {some.map((severity) => (
        <span key={severity} class={`badge ${severity}`}>{of.summary.findings[severity]} {severity}</span>
      ))}
    </p>
  );
}
