// Rego: the built-in policies to read and copy, and the visitor's own to write and test.
import { signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Editor } from "../editor/editor";
import type { Mark } from "../editor/marks";
import { rego } from "../editor/rego";
import { call } from "../engine/client";
import type { Explanation, Policy, Span } from "../engine/podgate";
import { builtIn, loadCatalogue, plain } from "../state/catalogue";
import { removePolicy } from "../state/files";
import { copyPolicy, idOf, isReport, startPolicy, switchOff, tests, watchTests } from "../state/rego";
import { choice, edition, editPolicy, policies, selected } from "../state/state";
import { judgingIds, report } from "../state/verdict";
import { CloseIcon, PlusIcon } from "./icons";
import { Tests } from "./tests";

/** Where the editor is to go. */
const target = signal<{ path: string; span: Span } | undefined>(undefined);
const filter = signal("");

/** Shows a policy by its id: the visitor's file where it is one of theirs. */
export function showPolicy(id: string): void {
  const own = policies.value.find(({ text }) => idOf(text) === id);
  selected.value = own === undefined ? { id } : { path: own.path };
}

/** Shows a place of one of the visitor's files. */
export function goToRego(path: string, line: number, column = 1): void {
  if (!policies.value.some((file) => file.path === path)) return;
  selected.value = { path };
  const start = { line, column };
  target.value = { path, span: { start, end: start } };
}

function List() {
  const wanted = filter.value.trim().toLowerCase();
  const matches = (policy: Policy) => `${policy.id} ${policy.name} ${policy.title}`.toLowerCase().includes(wanted);
  const now = selected.value;
  return (
    <nav class="list" aria-label="Policies">
      <h2>Yours</h2>
      <ul>
        {policies.value.map(({ path }) => (
          <li key={path} class={now !== undefined && "path" in now && now.path === path ? "current" : undefined}>
            <button type="button" onClick={() => (selected.value = { path })}>{path}</button>
            <button type="button" class="close" aria-label={`Remove ${path}`} onClick={() => removePolicy(path)}>
              <CloseIcon />
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="add" onClick={() => (selected.value = { path: startPolicy() })}><PlusIcon /> A policy with tests</button>
        </li>
      </ul>
      <h2>Built in</h2>
      <input
        type="search" placeholder="Find by id or words" aria-label="Find a built-in policy" value={filter.value}
        onInput={(event) => (filter.value = event.currentTarget.value)}
      />
      <ul class="built-in">
        {builtIn.value.filter(matches).map(({ id, title, severity }) => (
          <li key={id} class={now !== undefined && "id" in now && now.id === id ? "current" : undefined}>
            <button type="button" onClick={() => (selected.value = { id })}>
              <span class={`dot ${severity}`} /> <span class="id">{id.replace("PSS-", "")}</span> <span class="title">{title}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The ids of what judges with the settings as they are; empty where these cannot be used. */
function useJudging(): Set<string> {
  const [ids, setIds] = useState(new Set<string>());
  const now = choice.value;
  useEffect(() => {
    let isCurrent = true;
    const show = (ids: string[]) => isCurrent && setIds(new Set(ids));
    void judgingIds(now, "judging").then(show, () => show([]));
    return () => {
      isCurrent = false;
    };
  }, [now]);
  return ids;
}

function BuiltIn({ id }: { id: string }) {
  const [found, setFound] = useState<Explanation[]>([]);
  const judging = useJudging();
  useEffect(() => {
    void call("explain", { choice: plain, name: id }).then(setFound, () => setFound([]));
  }, [id]);
  return (
    <>
      {found.map((policy) => (
        <>
          <div key={policy.id} class="files">
            <h2 class="file-name">{policy.id} <span class="faint">{policy.path}</span></h2>
            <div class="end">
              <button type="button" class="tool primary" onClick={() => (selected.value = { path: copyPolicy(policy) })}>Edit a copy</button>
              {judging.has(policy.id) && (
                <button type="button" class="tool" title={`Writes ${policy.id}: mode: off into the settings`} onClick={() => void switchOff(policy.id)}>
                  Switch off
                </button>
              )}
            </div>
          </div>
          <Editor key={`built-in ${policy.path}`} id={`built-in ${policy.path}`} label={`Rego of ${policy.id}`} text={policy.rego ?? ""} extensions={rego} />
        </>
      ))}
    </>
  );
}

function marksOf(path: string): Mark[] {
  const now = report.value;
  const start = { line: 1, column: 1 };
  const top = { start, end: start };
  const said = tests.value;
  const errors = isReport(said) ? said.errors.filter(({ file }) => file === path) : [];
  const failed = now?.failedPolicies.filter(({ file }) => file === path) ?? [];
  const unwise = now?.warnings.filter(({ file }) => file === path) ?? [];
  const marks: Mark[] = [
    ...failed.map(({ span, reason }): Mark => ({ span: span ?? top, severity: "critical", label: "policy", message: reason })),
    ...errors.map(({ line, column, reason }): Mark => {
      const at = { line: Math.max(line, 1), column };
      return { span: { start: at, end: at }, severity: "critical", label: "tests", message: reason };
    }),
    ...unwise.map(({ span, rule, reason }): Mark => ({ span: span ?? top, severity: "medium", label: rule ?? "warning", message: reason })),
  ];
  const seen = new Set<string>();
  return marks.filter(({ span, message }) => {
    const key = `${span.start.line} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function Own({ path }: { path: string }) {
  const file = policies.value.find((one) => one.path === path);
  const marks = useMemo(() => marksOf(path), [path, report.value, tests.value]);
  const said = tests.value;
  const lines = isReport(said) ? said.coverage.find((one) => one.file === path) : undefined;
  const id = `${edition.value} rego ${path}`;
  if (file === undefined) return null;
  return (
    <>
      <div class="files"><h2 class="file-name">{path}</h2></div>
      <Editor
        key={id} id={id} label={`Rego file ${path}`} text={file.text} extensions={rego} marks={marks} coverage={lines}
        target={target.value?.path === path ? target.value : undefined} onChange={(text) => editPolicy(path, text)}
      />
    </>
  );
}

export function PoliciesView() {
  useEffect(watchTests, []);
  useEffect(() => void loadCatalogue(), []);
  const [firstOwn] = policies.value;
  const fallback = firstOwn === undefined ? { id: "CI101" } : { path: firstOwn.path };
  const wanted = selected.value ?? fallback;
  const now = "path" in wanted && !policies.value.some(({ path }) => path === wanted.path) ? fallback : wanted;
  return (
    <div class="split policies">
      <List />
      <section class="pane" aria-label="Rego">
        {"id" in now ? <BuiltIn key={now.id} id={now.id} /> : <Own key={now.path} path={now.path} />}
      </section>
      <section class="pane results" aria-label="Tests and limits"><Tests /></section>
    </div>
  );
}
