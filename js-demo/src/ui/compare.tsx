// What several profiles say of the same files, place by place.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Finding } from "../engine/podgate";
import type { Refusal } from "../engine/protocol";
import { known, profileOf, versionOf, withVersion } from "../state/profiles";
import { columns, manifests, policies, settings, unread } from "../state/state";
import { ask, plural, refusalOf, SEVERITIES, verdictOf } from "../state/verdict";
import type { Judged as Answer, Verdict } from "../state/verdict";
import { goTo } from "./check";
import { AllCounts } from "./counts";
import { VersionPicker } from "./profiles";

interface Judged extends Answer {
  verdict: Verdict;
}

type Said = Judged | Refusal | undefined;
const isJudged = (said: Said): said is Judged => said !== undefined && "verdict" in said;

/** What each column says of the state as it is; nothing where that is not known yet. */
function useReports(): Said[] {
  const [texts, set, rego, names, missed] = [manifests.value, settings.value, policies.value, columns.value, unread.value];
  const asked = useMemo(() => ({}), [texts, set, rego, missed]);
  const [heard, setHeard] = useState<{ of: object; said: Record<string, Said> }>({ of: asked, said: {} });
  const said = heard.of === asked ? heard.said : {};
  useEffect(() => {
    let isCurrent = true;
    const hear = async (profile: string) => {
      const judged = (answer: Answer): Judged => ({ ...answer, verdict: verdictOf(answer, missed) });
      const answer = await ask({ profiles: [profile], settings: set, policies: rego }, texts, `compare ${profile}`).then(judged, refusalOf);
      if (isCurrent) setHeard((old) => ({ of: asked, said: { ...(old.of === asked ? old.said : {}), [profile]: answer } }));
    };
    for (const name of names) if (said[name] === undefined) void hear(name);
    return () => {
      isCurrent = false;
    };
  }, [asked, names]);
  return names.map((name) => said[name]);
}

interface Row {
  first: Finding;
  cells: Finding[][];
}

/** One row for each place that a profile names, in the order of the text. */
function rowsOf(reports: Said[]): Row[] {
  const rows = new Map<string, Row>();
  for (const [column, said] of reports.entries()) {
    for (const finding of isJudged(said) ? said.report.findings : []) {
      const { source, subject, pointer } = finding;
      const key = JSON.stringify([source, subject, pointer]);
      const row = rows.get(key) ?? { first: finding, cells: reports.map(() => []) };
      row.cells[column]?.push(finding);
      rows.set(key, row);
    }
  }
  const line = ({ first }: Row) => first.span?.start.line ?? 0;
  return [...rows.values()].sort((a, b) => a.first.source.localeCompare(b.first.source) || line(a) - line(b));
}

/** Another profile in a column. */
function setColumn(index: number, name: string): void {
  columns.value = columns.value.map((one, at) => (at === index ? name : one));
}

function Head({ name, index, said }: { name: string; index: number; said: Said }) {
  const profile = profileOf(name);
  const names = known.map((one) => one.name);
  return (
    <th scope="col">
      <select class="name" aria-label={`Profile of column ${index + 1}`} value={profile?.name ?? name} onChange={(event) => setColumn(index, event.currentTarget.value)}>
        {(profile === undefined ? [name, ...names] : names).map((one) => <option key={one} value={one}>{one}</option>)}
      </select>
      {profile?.versioned && (
        <VersionPicker
          isShort label={`Kubernetes version of ${profile.name}`} value={versionOf(name)}
          onChange={(version) => setColumn(index, withVersion(profile, version))}
        />
      )}
      <Sum of={said} />
    </th>
  );
}

/** What a column comes to. */
function Sum({ of }: { of: Said }) {
  if (of === undefined) return <p class="counts faint">Judging…</p>;
  if (!isJudged(of)) return <p class="warn">{of.message}</p>;
  const { tone, title, counts, missing, gaps } = of.verdict;
  const reasons = new Set([...gaps, ...of.report.failedPolicies].map(({ reason }) => reason));
  return (
    <>
      {counts.length + missing.length === 0 && <p class="counts"><span class={tone === "clean" ? "badge good" : "badge info"}>{title}</span></p>}
      <AllCounts of={of.verdict} />
      {of.off.length > 0 && <p class="warn">switched off: {of.off.join(", ")}</p>}
      {[...reasons].map((reason) => <p key={reason} class="warn">{reason}</p>)}
    </>
  );
}

function Cell({ findings, said }: { findings: Finding[]; said: Said }) {
  if (!isJudged(said)) return <td />;
  if (findings.length === 0 && said.verdict.missing.length > 0) return <td><abbr class="nothing" title="not known: not all could be judged">?</abbr></td>;
  if (findings.length === 0) return <td><span class="nothing" title="nothing found">–</span></td>;
  const worst = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return (
    <td>
      <details>
        <summary>
          {worst.map((one, index) => <span key={index} class={`chip ${one.severity}`} title={one.message}>{one.policy.replace(/^PS[SP]-/, "")}</span>)}
        </summary>
        {worst.map((one, index) => <p key={index} class="faint">{one.message}</p>)}
      </details>
    </td>
  );
}

/** What the table comes to where it has no rows. */
function Empty({ reports }: { reports: Said[] }) {
  if (!reports.every(isJudged)) return null;
  const verdicts = reports.map(({ verdict }) => verdict);
  if (verdicts.some(({ missing }) => missing.length > 0)) return <>Not all could be judged, and what could has no findings.</>;
  return <>{verdicts.every(({ tone }) => tone === "clean") ? "No profile objects to anything here." : "There are no findings here."}</>;
}

/** A pointer as people read it: `containers[0].securityContext`. */
function readable(pointer: string): string {
  const parts = pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const path = parts.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join("");
  return path.replace(/^\./, "").replace(/^spec\./, "") || "the object";
}

export function CompareView() {
  const reports = useReports();
  const rows = rowsOf(reports);
  return (
    <section class="compare" aria-label="Profiles side by side">
      <header>
        <h2>The same files, judged by {plural(columns.value.length, "profile")}</h2>
        <p class="faint">Each row is a place that at least one profile objects to. A dash means that the profile accepts it; unfold what is found to read it.</p>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label="Comparison">
        <table>
          <thead>
            <tr>
              <th scope="col"><span class="name">Place</span></th>
              {columns.value.map((name, index) => <Head key={index} name={name} index={index} said={reports[index]} />)}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ first, cells }, index) => (
              <tr key={index}>
                <th scope="row">
                  <button type="button" class="place" disabled={first.span === undefined} onClick={() => first.span && goTo(first.source, first.span)}>
                    <span class="pointer">{readable(first.pointer)}</span>
                    <span class="where">
                      {manifests.value.length > 1 ? `${first.source}:` : "line "}{first.span?.start.line}
                      {first.evidence !== undefined && <span class="evidence"> · {first.evidence || "empty"}</span>}
                    </span>
                  </button>
                </th>
                {cells.map((findings, column) => <Cell key={column} findings={findings} said={reports[column]} />)}
              </tr>
            ))}
            {rows.length === 0 && <tr><td colSpan={columns.value.length + 1} class="empty"><Empty reports={reports} /></td></tr>}
          </tbody>
        </table>
      </div>
    </section>
  );
}
