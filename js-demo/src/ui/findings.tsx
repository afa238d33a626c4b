// What is wrong, worst first, and what could not be told.
import type { ComponentChildren } from "preact";
import type { Finding, NotEvaluated, Report, Severity, Span } from "../engine/podgate";
import type { Refusal } from "../engine/protocol";
import { linked, policies, settings, unread, view } from "../state/state";
import type { View } from "../state/state";
import { off, pending, plural, refusal, report, verdict } from "../state/verdict";
import type { Verdict } from "../state/verdict";
import { goTo } from "./check";
import { AllCounts } from "./counts";
import { CheckIcon, ChevronIcon } from "./icons";
import { PolicyPage } from "./page";

/** Severities whose findings are folded in at first, as on the command line, unless there is nothing worse. */
const FOLDED: Severity[] = ["low", "info"];

export function Findings() {
  const failed = refusal.value;
  const now = report.value;
  const said = verdict.value;
  if (failed !== undefined) return <NoVerdict of={failed} />;
  if (now === undefined || said === undefined) return <p class="empty">Loading the engine…</p>;
  const unfolded = said.counts.filter(({ severity }, index) => index === 0 || !FOLDED.includes(severity));
  return (
    <div class="findings">
      <Outcome of={now} verdict={said} />
      <Gaps of={now} gaps={said.gaps} />
      {said.counts.map(({ severity }) => (
        <Group
          key={severity} severity={severity} findings={now.findings.filter((one) => one.severity === severity)}
          isOpen={unfolded.some((one) => one.severity === severity)}
        />
      ))}
      <Notes of={now} />
    </div>
  );
}

/** The pane of what the engine says, and whether that is of the text as it stands. */
export function Results() {
  const isOld = pending.value;
  return (
    <section class={isOld ? "pane results pending" : "pane results"} aria-label="Findings" aria-busy={isOld}>
      <p class="judging" aria-hidden="true">Judging…</p>
      <Findings />
    </section>
  );
}

/** There is no verdict, and why. */
export function NoVerdict({ of: { code, message, file } }: { of: Refusal }) {
  const stopped = code === "stopped";
  const isSettings = code === "invalid-settings" || code === "unknown-profile";
  return (
    <div class="verdict none" role="alert">
      <h2>{stopped ? "Stopped" : "No verdict"}</h2>
      <p>{file === undefined ? message : `${file}: ${message}`}</p>
      {isSettings && settings.value !== "" && view.value !== "settings" && <Leads to="settings" />}
      {stopped && policies.value.length > 0 && view.value !== "policies" && <Leads to="policies" />}
    </div>
  );
}

const Leads = ({ to }: { to: View }) => (
  <button type="button" class="link" onClick={() => (view.value = to)}>Show the {to}</button>
);

function Outcome({ of, verdict }: { of: Report; verdict: Verdict }) {
  const { tone, title, missing } = verdict;
  const { subjects, findings, policies: { profiles }, summary: { exempted } } = of;
  const judged = `${plural(subjects.length, "object")} judged by ${profiles.join(", ")}`;
  const nothing = subjects.length === 0 && missing.length === 0 && findings.length === 0;
  const said = missing.length > 0
    ? "What was judged has no findings; see below for the rest."
    : exempted > 0 ? "Everything was judged, and the settings exempt what was found; see the notes." : "Everything was judged, and nothing was found.";
  return (
    <div class={`verdict ${tone}`}>
      <h2>{tone === "clean" && <CheckIcon />} {title}</h2>
      <AllCounts of={verdict} />
      {nothing && <p>There is no pod here, and no object that a policy judges.</p>}
      {!nothing && findings.length === 0 && <p>{said} {judged}.</p>}
      {off.value.length > 0 && <p>The settings switch off {off.value.join(", ")}. {view.value !== "settings" && <Leads to="settings" />}</p>}
      {findings.length > 0 && <p class="faint">{judged}{exempted > 0 && `, ${exempted} exempted by the settings`}</p>}
      {linked.value !== undefined && linked.value === settings.value && view.value !== "settings" && (
        <p class="faint">The settings came with the link. <Leads to="settings" /></p>
      )}
    </div>
  );
}

function Group({ severity, findings, isOpen }: { severity: Severity; findings: Finding[]; isOpen: boolean }) {
  const policies = Map.groupBy(findings, (one) => one.policy);
  return (
    <details class="group" open={isOpen}>
      <summary>
        <ChevronIcon class="chevron" />
        <h3 class={`badge ${severity}`}>{severity}</h3>
        <span class="faint">{plural(findings.length, "finding")} of {plural(policies.size, "policy", "policies")}</span>
      </summary>
      {[...policies].map(([policy, some]) => <PolicyFindings key={policy} findings={some} />)}
    </details>
  );
}

function PolicyFindings({ findings }: { findings: Finding[] }) {
  const [first] = findings;
  if (first === undefined) return null;
  return (
    <article class={`policy ${first.severity}`}>
      <h4>
        <span class="id">{first.policy}</span> {first.name !== first.policy && <span class="faint">{first.name}</span>}
        {first.action !== "deny" && <span class="mode">{first.action}</span>}
      </h4>
      <ul class="places">
        {findings.map((one, index) => <li key={index}><Place source={one.source} span={one.span}><span class="message">{one.message}</span></Place></li>)}
      </ul>
      <dl>
        {first.attack && <><dt>Attack</dt><dd>{first.attack}</dd></>}
        {first.help && <><dt>Instead</dt><dd>{first.help}</dd></>}
      </dl>
      <PolicyPage id={first.policy} />
    </article>
  );
}

/** What is said of a place, and leads there where there is one to go to. */
export function Place({ source, span, children }: { source: string; span: Span | undefined; children?: ComponentChildren }) {
  const content = <>{children}<Where source={source} span={span} /></>;
  if (span === undefined) return <div class="place">{content}</div>;
  return <button type="button" class="place" onClick={() => goTo(source, span)}>{content}</button>;
}

function Where({ source, span }: { source: string; span: Span | undefined }) {
  return <span class="where">{span === undefined ? source : `${source}:${span.start.line}:${span.start.column}`}</span>;
}

/** Takes a file that could not be read out of the set. */
const goOnWithout = (name: string): void => void (unread.value = unread.value.filter((file) => file.name !== name));

/** What was not judged, and which policies failed: never folded, since it is not clean. */
function Gaps({ of, gaps }: { of: Report; gaps: NotEvaluated[] }) {
  if (gaps.length + of.failedPolicies.length + unread.value.length === 0) return null;
  return (
    <section class="group">
      {unread.value.map(({ name, reason }) => (
        <article key={name} class="policy gap">
          <h3>Not opened <button type="button" class="link end" onClick={() => goOnWithout(name)}>Go on without it</button></h3>
          <p><span class="where">{name}</span>: {reason}</p>
        </article>
      ))}
      {gaps.map(({ source, span, reason }, index) => (
        <article key={index} class="policy gap">
          <h3>Not evaluated</h3>
          <p>{reason}</p>
          <Place source={source} span={span} />
        </article>
      ))}
      {of.failedPolicies.map(({ policy, stage, reason, file, span }, index) => (
        <article key={index} class="policy gap">
          <h3><span class="id">{policy}</span> <span class="faint">could not {stage === "load" ? "be loaded" : "be evaluated"}</span></h3>
          <p>{reason}</p>
          {file !== undefined && <Where source={file} span={span} />}
        </article>
      ))}
    </section>
  );
}

/** What the settings took away, and what is unwise in policies. */
function Notes({ of }: { of: Report }) {
  const notes: ComponentChildren[] = [
    ...of.exempted.map(({ finding, reason }) => <>Exempted: {finding.policy}, {finding.message} ({reason})</>),
    ...of.voidExemptions.map(({ policies, expires }) => <>The exemption of {policies.join(", ")} ended on {expires} and no longer counts</>),
    ...of.warnings.map(({ reason, file }) => <>{file === undefined ? reason : `${file}: ${reason}`}</>),
  ];
  if (notes.length === 0) return null;
  return (
    <details class="group" open={of.exempted.length > 0}>
      <summary><ChevronIcon class="chevron" /><h3 class="plain">Notes</h3> <span class="faint">{notes.length}</span></summary>
      <ul class="notes">{notes.map((note, index) => <li key={index}>{note}</li>)}</ul>
    </details>
  );
}
