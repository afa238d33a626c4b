// `podgate.yaml`, with completion from its schema and the engine's own errors.
import { yaml } from "@codemirror/lang-yaml";
import { useEffect, useMemo } from "preact/hooks";
import { Editor } from "../editor/editor";
import type { Mark } from "../editor/marks";
import { settingsHelp } from "../editor/settings-help";
import type { Refusal } from "../engine/protocol";
import { loadCatalogue } from "../state/catalogue";
import { addSettings } from "../state/settings-file";
import type { Patch } from "../state/settings-file";
import { edition, settings } from "../state/state";
import { refusal } from "../state/verdict";
import { Results } from "./findings";
import { ProfileChoices } from "./profiles";

const language = [yaml(), settingsHelp];

const starters: [string, Patch][] = [
  ["Only warn", { policies: { "host-path": { mode: "warn" } } }],
  ["Allow registries", { policies: { CI506: { parameters: { registries: ["registry.example.com/ci"] } } } }],
  [
    "Exempt for a time",
    {
      exemptions: [
        {
          policies: ["CI104", "CI106"],
          match: { namespaces: ["monitoring"], kinds: ["DaemonSet"] },
          reason: "the log collector reads /var/log",
          expires: "2027-03-31",
        },
      ],
    },
  ],
];

function marksOf(failed: Refusal | undefined): Mark[] {
  if (failed === undefined || failed.file !== "podgate.yaml") return [];
  const start = { line: 1, column: 1 };
  return [{ span: failed.span ?? { start, end: start }, severity: "critical", label: "settings", message: failed.message }];
}

export function SettingsView() {
  const failed = refusal.value;
  const id = `${edition.value} settings`;
  useEffect(() => void loadCatalogue(), []);
  const marks = useMemo(() => marksOf(failed), [failed]);
  return (
    <div class="split">
      <section class="pane" aria-label="Settings">
        <ProfileChoices />
        <div class="files">
          <h2 class="file-name">podgate.yaml</h2>
          <div class="end">
            {starters.map(([title, patch]) => (
              <button key={title} type="button" class="tool" onClick={() => void addSettings(patch)}>{title}</button>
            ))}
          </div>
        </div>
        <Editor
          key={id} id={id} label="podgate.yaml" text={settings.value} extensions={language} marks={marks}
          onChange={(text) => (settings.value = text)} hint="Nothing is set: the profile ci judges. Ctrl-Space shows what can be written."
        />
      </section>
      <Results />
    </div>
  );
}
