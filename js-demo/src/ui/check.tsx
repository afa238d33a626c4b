// The first view: files on the left, what is wrong with them on the right.
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { Editor } from "../editor/editor";
import { languageOf } from "../editor/languages";
import type { Mark } from "../editor/marks";
import type { Report, Span } from "../engine/podgate";
import { formats } from "../state/formats";
import { all } from "../state/session";
import { edit, edition, example, manifests, shown, view } from "../state/state";
import { report } from "../state/verdict";
import { FileTabs } from "./files";
import { Results } from "./findings";

/** Where the editor is to go. */
const target = signal<{ source: string; span: Span } | undefined>(undefined);

/** Shows a place of a file. */
export function goTo(source: string, span: Span): void {
  const index = manifests.value.findIndex((one) => one.source === source);
  if (index < 0) return;
  view.value = "check";
  shown.value = index;
  target.value = { source, span };
}

function marksOf(now: Report | undefined, source: string): Mark[] {
  if (now === undefined) return [];
  const found = now.findings.filter((one) => one.source === source && one.span !== undefined);
  const gaps = now.notEvaluated.filter((one) => one.source === source && one.span !== undefined);
  return [
    ...found.map(({ span, severity, policy, message }) => ({ span, severity, label: policy, message }) as Mark),
    ...gaps.map(({ span, reason }) => ({ span, severity: "high", label: "not evaluated", message: reason }) as Mark),
  ];
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
  const language = languageOf(formats.value.get(current.source));
  const id = `${edition.value} file ${current.source}`;
  const wanted = target.value?.source === current.source ? target.value : undefined;
  return (
    <div class="split">
      <section class="pane" aria-label="File">
        <FileTabs />
        <Story />
        <Editor
          key={id} id={id} label={`File ${current.source}`} text={current.text} extensions={language}
          marks={marks} target={wanted} onChange={(text) => edit(current.source, text)}
          hint="Paste a manifest, a Jenkinsfile, a pipeline, the settings of a runner. Or drop files anywhere."
        />
      </section>
      <Results />
    </div>
  );
}
