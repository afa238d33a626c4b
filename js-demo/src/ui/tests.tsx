// What the tests of the visitor's policies say, what they reached, and what a policy may not do.
import type { TestReport } from "../engine/podgate";
import { DEADLINE_SECONDS } from "../engine/client";
import { hasTests, isReport, running, runTests, tests } from "../state/rego";
import { builtIn, isBuiltIn } from "../state/catalogue";
import { policies } from "../state/state";
import { pending, plural, refusal, report } from "../state/verdict";
import { NoVerdict } from "./findings";
import { CheckIcon, ChevronIcon, CloseIcon, PlayIcon } from "./icons";
import { goToRego } from "./policies";

export function Tests() {
  return (
    <div class="findings">
      {policies.value.length > 0 && <Effect />}
      {hasTests.value && (
        <section class={running.value ? "group pending" : "group"} aria-busy={running.value}>
          <div class="row">
            <h3 class="plain">Tests</h3>
            <button type="button" class="tool end" disabled={running.value} onClick={() => void runTests()}>
              <PlayIcon /> {running.value ? "Running" : "Run"}
            </button>
          </div>
          <Outcome />
        </section>
      )}
      <Limits />
    </div>
  );
}

/** What the visitor's policies find in the files. */
function Effect() {
  if (refusal.value !== undefined) return <NoVerdict of={refusal.value} />;
  if (builtIn.value.length === 0) return null;
  const own = report.value?.findings.filter(({ policy }) => !isBuiltIn(policy)) ?? [];
  const failed = report.value?.failedPolicies ?? [];
  return (
    <section class={pending.value ? "group pending" : "group"} aria-busy={pending.value}>
      <h3 class="plain">On the files</h3>
      {failed.map(({ policy, reason, file, span }, index) => (
        <article key={index} class="policy gap">
          <h4><span class="id">{policy}</span> <span class="faint">failed</span></h4>
          <button type="button" class="place" disabled={file === undefined} onClick={() => file && goToRego(file, span?.start.line ?? 1, span?.start.column)}>
            <span class="message">{reason}</span>
            {file !== undefined && <span class="where">{file}{span && `:${span.start.line}`}</span>}
          </button>
        </article>
      ))}
      {own.map(({ policy, severity, message, source, span }, index) => (
        <p key={index} class="line">
          <span class={`chip ${severity}`}>{policy}</span> {message} <span class="where">{source}{span && `:${span.start.line}`}</span>
        </p>
      ))}
      {own.length + failed.length === 0 && !pending.value && <p class="faint">Your policies find nothing there.</p>}
    </section>
  );
}

function Outcome() {
  const said = tests.value;
  if (said === undefined) return <p class="faint">Not run yet.</p>;
  if (!isReport(said)) return <NoVerdict of={said} />;
  const passed = said.tests.filter((test) => test.passed).length;
  return (
    <>
      {said.errors.map(({ file, line, column, reason }, index) => (
        <article key={index} class="policy gap">
          <button type="button" class="place" onClick={() => goToRego(file, line, column)}>
            <span class="message">{reason}</span><span class="where">{file}:{line}:{column}</span>
          </button>
        </article>
      ))}
      {said.tests.length > 0 && <p class={passed === said.tests.length ? "good" : "bad"}>{passed} of {plural(said.tests.length, "test")} passed</p>}
      <ul class="tests">
        {said.tests.map((test) => (
          <li key={`${test.package}.${test.name}`}>
            <button type="button" class={test.passed ? "test passed" : "test failed"} onClick={() => goToRego(test.file, test.line)}>
              {test.passed ? <CheckIcon /> : <CloseIcon />}
              <span>{test.name}<span class="unseen">{test.passed ? " passed" : " failed"}</span></span>
            </button>
            {test.failure && <p class="bad">{test.failure}</p>}
            {test.output.map((text, index) => <pre key={index}>{text}</pre>)}
          </li>
        ))}
      </ul>
      <CoverageList of={said} />
    </>
  );
}

function CoverageList({ of }: { of: TestReport }) {
  if (of.coverage.length === 0) return null;
  return (
    <table class="coverage">
      <caption>Lines that the tests reached</caption>
      <tbody>
        {of.coverage.map(({ file, covered, notCovered }) => {
          const all = covered.length + notCovered.length;
          return (
            <tr key={file}>
              <th scope="row"><button type="button" class="link" onClick={() => goToRego(file, notCovered[0] ?? 1)}>{file}</button></th>
              <td><meter min={0} max={all} value={covered.length} aria-label={`Coverage of ${file}`} /></td>
              <td>{all === 0 ? "–" : `${Math.round((100 * covered.length) / all)} %`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Limits() {
  return (
    <details class="group" open={policies.value.length === 0}>
      <summary><ChevronIcon class="chevron" /><h3 class="plain">What a policy is, and may not do</h3></summary>
      <ul class="notes">
        <li>A package with a rule <code>violation</code>, <code>deny</code> or <code>warn</code> is a policy. Pods are <code>input.review.object</code>, as Gatekeeper has them, and the input itself, as Conftest has them.</li>
        <li>Yours are judged by two engines. Where these differ, the policy has failed and says so.</li>
        <li>A verdict depends on the input, the settings and the day alone: <code>http.send</code>, <code>time.now_ns</code>, <code>rand</code> and <code>opa.runtime</code> do not load.</li>
        <li>A policy may use two million instructions on one object. What still does not end is stopped after {DEADLINE_SECONDS} seconds, and the engine starts anew.</li>
        <li><code>with</code>, <code>print</code> and <code>walk</code> are for tests: one engine alone knows them. Brackets nest at most 14 deep.</li>
        <li>No policy takes the id or name of a built-in one. A copy has its own; switch the built-in one off to put the copy in its place.</li>
      </ul>
    </details>
  );
}
