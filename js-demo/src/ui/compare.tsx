// What several profiles say of the same manifests, place by place.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { call } from "../engine/client";
import type { Finding, Report } from "../engine/podgate";
import type { Refusal } from "../engine/protocol";
import { manifests, policies, settings } from "../state/state";
import { refusalOf, SEVERITIES, today } from "../state/verdict";
import { goTo } from "./check";
import { AllCounts } from "./counts";
import { VersionPicker, versionOf } from "./profiles";

/** The profiles side by side. */
const columns = signal(["pss-baseline", "pss-restricted", "ci"]);

type Said = Report | Refusal | undefined;
const isReport = (said: Said): said is Report => said !== undefined && "findings" in said;

/** Asks every column, anew after each change. */
function useReports(): Said[] {
  const [reports, setReports] = useState<Said[]>([]);
  const [texts, set, rego, names] = [manifests.value, settings.value, policies.value, columns.value];
  useEffect(() => {
    let isCurrent = true;
    const ask = (profile: string) =>
      call("judge", { choice: { profiles: [profile], settings: set, policies: rego }, manifests: texts, date: today() }).catch(refusalOf);
    void Promise.all(names.map(ask)).then((all) => isCurrent && setReports(all));
    return () => {
      isCurrent = false;
    };
  }, [texts, set, rego, names]);
  return reports;
}

interface Row {
  first: Finding;
  cells: Finding[][];
}

/** One row for each place that a profile names, in the order of the text. */
function rowsOf(reports: Said[]): Row[] {
  const rows = new Map<string, Row>();
  for (const [column, said] of reports.entries()) {
    for (const finding of isReport(said) ? said.findings : []) {
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

function Head({ name, index, said }: { name: string; index: number; said: Said }) {
  const [profile = name] = name.split(":");
  const setVersion = (version: string) => {
    columns.value = columns.value.map((one, at) => (at === index ? (version === "latest" ? profile : `${profile}:${version}`) : one));
  };
  return (
    <th scope="col">
      <span class="name">{profile}</span>
      {profile.startsWith("pss-") && <VersionPicker isShort label={`Kubernetes version of ${profile}`} value={versionOf(name)} onChange={setVersion} />}
      {said !== undefined && !isReport(said) && <p class="warn">{said.message}</p>}
      {isReport(said) && (said.findings.length > 0 ? <AllCounts of={said} /> : <p class="counts"><span class="badge good">clean</span></p>)}
    </th>
  );
}

function Cell({ findings, known }: { findings: Finding[]; known: boolean }) {
  if (!known) return <td />;
  if (findings.length === 0) return <td><span class="nothing" title="nothing found">–</span></td>;
  const worst = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return (
    <td>
      {worst.map((one, index) => <span key={index} class={`chip ${one.severity}`} title={one.message}>{one.policy.replace(/^PS[SP]-/, "")}</span>)}
    </td>
  );
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
        <h2>The same manifests, judged by three profiles</h2>
        <p class="faint">Each row is a place that at least one profile objects to. A dash means that the profile accepts it.</p>
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
                {cells.map((findings, column) => <Cell key={column} findings={findings} known={isReport(reports[column])} />)}
              </tr>
            ))}
            {rows.length === 0 && reports.length > 0 && (
              <tr><td colSpan={columns.value.length + 1} class="empty">No profile objects to anything here.</td></tr>
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}
