// The first view: manifests on the left, what is wrong with them on the right.
import { signal } from "@preact/signals";
import { yaml } from "@codemirror/lang-yaml";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Editor } from "../editor/editor";
import type { Mark } from "../editor/marks";
import { podHelp } from "../editor/pod-help";
import type { Report, Span } from "../engine/podgate";
import { clear, remove } from "../state/files";
import { all } from "../state/session";
import { edit, edition, example, freeName, manifests, shown, view } from "../state/state";
import { report } from "../state/verdict";
import { Results } from "./findings";
import { CloseIcon, PlusIcon } from "./icons";

/** Where the editor is to go. */
const target = signal<{ source: string; span: Span } | undefined>(undefined);

/** Shows a place of a manifest. */
export function goTo(source: string, span: Span): void {
  const index = manifests.value.findIndex((one) => one.source === source);
  if (index < 0) return;
  view.value = "check";
  shown.value = index;
  target.value = { source, span };
}

const language = [yaml(), podHelp];

function marksOf(now: Report | undefined, source: string): Mark[] {
  if (now === undefined) return [];
  const found = now.findings.filter((one) => one.source === source && one.span !== undefined);
  const gaps = now.notEvaluated.filter((one) => one.source === source && one.span !== undefined);
  return [
    ...found.map(({ span, severity, policy, message }) => ({ span, severity, label: policy, message }) as Mark),
    ...gaps.map(({ span, reason }) => ({ span, severity: "high", label: "not evaluated", message: reason }) as Mark),
  ];
}

function FileTabs() {
  const add = () => {
    const name = freeName("pod.yaml", manifests.value.map(({ source }) => source));
    manifests.value = [...manifests.value, { source: name, text: "" }];
    shown.value = manifests.value.length - 1;
  };
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => list.current?.querySelector(".current")?.scrollIntoView({ block: "nearest", inline: "nearest" }), [shown.value, edition.value]);
  return (
    <div class="files">
      <ul aria-label="Manifests" ref={list}>
        {manifests.value.map(({ source }, index) => (
          <li key={source} class={index === shown.value ? "current" : undefined}>
            <button type="button" aria-current={index === shown.value ? "true" : undefined} onClick={() => (shown.value = index)}>
              {source}
            </button>
            {manifests.value.length > 1 && (
              <button type="button" class="close" aria-label={`Remove ${source}`} onClick={() => remove(source)}>
                <CloseIcon />
              </button>
            )}
          </li>
        ))}
      </ul>
      <button type="button" class="tool" title="Another manifest of the same run" aria-label="Add a manifest" onClick={add}>
        <PlusIcon />
      </button>
      <button type="button" class="tool end" onClick={clear}>
        Clear
      </button>
    </div>
  );
}

function Story() {
  const opened = all.find(({ id }) => id === example.value);
  return opened === undefined ? null : <p class="story">{opened.story}</p>;
}

export function CheckView() {
  const current = manifests.value[shown.value] ?? manifests.value[0];
  const now = report.value;
  const marks = useMemo(() => marksOf(now, current?.source ?? ""), [now, current?.source]);
  if (current === undefined) return null;
  const id = `${edition.value} manifest ${current.source}`;
  const wanted = target.value?.source === current.source ? target.value : undefined;
  return (
    <div class="split">
      <section class="pane" aria-label="Manifest">
        <FileTabs />
        <Story />
        <Editor
          key={id} id={id} label={`Manifest ${current.source}`} text={current.text} extensions={language}
          marks={marks} target={wanted} onChange={(text) => edit(current.source, text)}
          hint="Paste a pod, a Deployment, a Jenkins agent, a list: YAML or JSON. Or drop files anywhere."
        />
      </section>
      <Results />
    </div>
  );
}
