// What is wrong, worst first, and what could not be told.
import type { ComponentChildren } from "preact";
import type { Finding, Report, Severity, Span } from "../engine/podgate";
import { settings, view } from "../state/state";
import { refusal, report, SEVERITIES } from "../state/verdict";
import { goTo } from "./check";
import { AllCounts } from "./counts";
import { CheckIcon, ChevronIcon } from "./icons";
import { PolicyPage } from "./page";

/** Severities whose findings are folded in at first, as on the command line, unless there is nothing worse. */
const FOLDED: Severity[] = ["low", "info"];

export function Findings() {
  const failed = refusal.value;
  const now = report.value;
  if (failed !== undefined) return <NoVerdict code={failed.code} message={failed.message} place={failed.file} />;
  if (now === undefined) return <p class="empty">Loading the engine…</p>;
  const found = SEVERITIES.filter((severity) => now.summary.findings[severity] > 0);
  const unfolded = found.filter((severity, index) => index === 0 || !FOLDED.includes(severity));
  return (
    <div class="findings">
      <Verdict of={now} />
      <Gaps of={now} />
      {SEVERITIES.map((severity) => {
        const some = now.findings.filter((one) => one.severity === severity);
        return some.length === 0 ? null : <Group key={severity} severity={severity} findings={some} isOpen={unfolded.includes(severity)} />;
      })}
      <Notes of={now} />
    </div>
  );
}

function NoVerdict({ code, message, place }: { code: string; message: string; place: string | undefined }) {
  const stopped = code === "stopped";
  const isSettings = code === "invalid-settings" || code === "unknown-profile";
  return (
    <div class="verdict none" role="alert">
      <h2>{stopped ? "Stopped" : "No verdict"}</h2>
      <p>{place === undefined ? message : `${place}: ${message}`}</p>
      {isSettings && settings.value !== "" && (
        <button type="button" class="link" onClick={() => (view.value = "settings")}>Show the settings</button>
      )}
      {stopped && (
        <button type="button" class="link" onClick={() => (view.value = "policies")}>Show the policies</button>
      )}
    </div>
  );
}

function Verdict({ of }: { of: Report }) {
  const { summary, findings, policies, subjects } = of;
  const profiles = policies.profiles.join(", ");
  const judged = `${plural(subjects.length, "object")} judged by ${profiles}`;
  const isWhole = gapsOf(of).length === 0 && summary.failedPolicies === 0;
  if (subjects.length === 0 && isWhole && findings.length === 0) {
    return (
      <div class="verdict none">
        <h2>Nothing to judge</h2>
        <p>There is no pod here, and no object that a policy judges.</p>
      </div>
    );
  }
  if (findings.length === 0) {
    return (
      <div class={isWhole ? "verdict clean" : "verdict none"}>
        <h2>{isWhole && <CheckIcon />} {isWhole ? "Clean" : "Not all could be judged"}</h2>
        <p>{isWhole ? "Everything was judged, and nothing was found." : "What was judged has no findings; see below for the rest."} {judged}.</p>
      </div>
    );
  }
  const warns = findings.some(({ action }) => action === "warn");
  const [tone, title] = summary.denied ? ["denied", "Refused"] : warns ? ["warned", "Passes with warnings"] : ["clean", "Passes"];
  return (
    <div class={`verdict ${isWhole || summary.denied ? tone : "none"}`}>
      <h2>{tone === "clean" && isWhole && <CheckIcon />} {title}{!isWhole && ", as far as it could be judged"}</h2>
      <AllCounts of={of} />
      <p class="faint">{judged}</p>
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
        {findings.map((one, index) => <li key={index}><Place of={one} /></li>)}
      </ul>
      <dl>
        {first.attack && <><dt>Attack</dt><dd>{first.attack}</dd></>}
        {first.help && <><dt>Instead</dt><dd>{first.help}</dd></>}
      </dl>
      <PolicyPage id={first.policy} />
    </article>
  );
}

function Place({ of }: { of: Finding }) {
  return (
    <button type="button" class="place" onClick={() => of.span && goTo(of.source, of.span)}>
      <span class="message">{of.message}</span>
      <Where source={of.source} span={of.span} />
    </button>
  );
}

function Where({ source, span }: { source: string; span: Span | undefined }) {
  return <span class="where">{span === undefined ? source : `${source}:${span.start.line}:${span.start.column}`}</span>;
}

/** What was not judged; an empty text has nothing to judge. */
const gapsOf = (of: Report) => of.notEvaluated.filter(({ cause }) => cause !== "empty");

/** What was not judged, and which policies failed: never folded, since it is not clean. */
function Gaps({ of }: { of: Report }) {
  const gaps = gapsOf(of);
  if (gaps.length + of.failedPolicies.length === 0) return null;
  return (
    <section class="group">
      {gaps.map(({ source, span, reason }, index) => (
        <article key={index} class="policy gap">
          <h4>Not evaluated</h4>
          <p>{reason}</p>
          {span === undefined ? <Where source={source} span={span} /> : (
            <button type="button" class="place" onClick={() => goTo(source, span)}><Where source={source} span={span} /></button>
          )}
        </article>
      ))}
      {of.failedPolicies.map(({ policy, stage, reason, file, span }, index) => (
        <article key={index} class="policy gap">
          <h4><span class="id">{policy}</span> <span class="faint">could not {stage === "load" ? "be loaded" : "be evaluated"}</span></h4>
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
    <details class="group">
      <summary><ChevronIcon class="chevron" /><h3 class="plain">Notes</h3> <span class="faint">{notes.length}</span></summary>
      <ul class="notes">{notes.map((note, index) => <li key={index}>{note}</li>)}</ul>
    </details>
  );
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
