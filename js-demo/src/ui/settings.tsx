// `podgate.yaml`, with completion from its schema and the engine's own errors.
import { yaml } from "@codemirror/lang-yaml";
import { useEffect, useMemo } from "preact/hooks";
import { Editor } from "../editor/editor";
import type { Mark } from "../editor/marks";
import { settingsHelp } from "../editor/settings-help";
import type { Refusal } from "../engine/protocol";
import { loadCatalogue } from "../state/catalogue";
import { edition, settings } from "../state/state";
import { pending, refusal } from "../state/verdict";
import { Findings } from "./findings";
import { ProfileChoices } from "./profiles";

const language = [yaml(), settingsHelp];

const starters: [string, string][] = [
  ["Only warn", "policies:\n  host-path:\n    mode: warn\n"],
  ["Allow registries", "policies:\n  CI506:\n    parameters:\n      registries: [registry.example.com/ci]\n"],
  [
    "Exempt for a time",
    "exemptions:\n  - policies: [CI104, CI106]\n    match:\n      namespaces: [monitoring]\n      kinds: [DaemonSet]\n    reason: the log collector reads /var/log\n    expires: 2027-03-31\n",
  ],
];

function marksOf(failed: Refusal | undefined): Mark[] {
  if (failed === undefined || failed.file !== "podgate.yaml") return [];
  const start = { line: 1, column: 1 };
  return [{ span: failed.span ?? { start, end: start }, severity: "critical", label: "settings", message: failed.message }];
}

/** Adds a block; where its first key is already there, by lines below it. */
function add(block: string): void {
  const [head = "", ...rest] = block.split("\n");
  const text = settings.value.trimEnd();
  const at = text.split("\n").indexOf(head);
  if (at < 0) {
    settings.value = text === "" ? block : `${text}\n${block}`;
  } else {
    const lines = text.split("\n");
    lines.splice(at + 1, 0, ...rest.filter((line) => line !== ""));
    settings.value = `${lines.join("\n")}\n`;
  }
}

export function SettingsView() {
  const failed = refusal.value;
  useEffect(() => void loadCatalogue(), []);
  const marks = useMemo(() => marksOf(failed), [failed]);
  return (
    <div class="split">
      <section class="pane" aria-label="Settings">
        <ProfileChoices />
        <div class="files">
          <h2 class="file-name">podgate.yaml</h2>
          <div class="end">
            {starters.map(([title, block]) => (
              <button key={title} type="button" class="tool" onClick={() => add(block)}>{title}</button>
            ))}
          </div>
        </div>
        <Editor
          key={edition.value} label="podgate.yaml" text={settings.value} extensions={language} marks={marks}
          onChange={(text) => (settings.value = text)} hint="Nothing is set: the profile ci judges. Ctrl-Space shows what can be written."
        />
      </section>
      <section class={pending.value ? "pane results pending" : "pane results"} aria-label="Findings">
        <Findings />
      </section>
    </div>
  );
}
