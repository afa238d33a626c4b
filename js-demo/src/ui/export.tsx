// What leaves the page, by the clipboard or as files.
import { useRef } from "preact/hooks";
import { call } from "../engine/client";
import type { Format } from "../engine/podgate";
import { allFiles, command } from "../state/files";
import { copy, notify } from "../state/notice";
import { choice, manifests } from "../state/state";
import { settingsFile } from "../state/settings-file";
import { archive } from "../state/tar";
import { refusalOf, today } from "../state/verdict";
import { ExportIcon } from "./icons";
import { useMenu } from "./menu";

const formats: [Format, string][] = [
  ["json", "Report as JSON"],
  ["sarif", "Report as SARIF"],
  ["text", "Report as text"],
  ["junit", "Report as JUnit"],
  ["gitlab", "Report for GitLab"],
];

async function copyReport(format: Format, title: string): Promise<void> {
  try {
    const ask = { choice: choice.value, manifests: manifests.value, date: today(), format };
    await copy(await call("render", ask), title);
  } catch (error) {
    notify(refusalOf(error).message);
  }
}

async function copySettings(): Promise<void> {
  try {
    await copy(await settingsFile(), "Settings");
  } catch (error) {
    notify(`podgate.yaml must be mended first: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Files keep their names, to which browsers would add an ending for a type that they know. */
function saveFiles(): void {
  const files = allFiles();
  const [only] = files;
  if (files.length === 1 && only !== undefined && !only.name.includes("/")) save(only.name, new Blob([only.text], { type: "application/octet-stream" }));
  else save("podgate-playground.tar", new Blob([archive(files)], { type: "application/x-tar" }));
}

export function ExportMenu() {
  const box = useRef<HTMLDivElement>(null);
  const { isOpen, button, close } = useMenu(box);
  const entry = (title: string, act: () => void) => (
    <li key={title}>
      <button type="button" onClick={() => { close(); act(); }}>{title}</button>
    </li>
  );
  return (
    <div class="menu-box" ref={box}>
      <button type="button" class="tool" title="Copy or save" {...button}>
        <ExportIcon /> <span>Export</span>
      </button>
      {isOpen && (
        <div class="menu">
          <h2>Copy</h2>
          <ul>
            {formats.map(([format, title]) => entry(title, () => void copyReport(format, title)))}
            {entry("Command line", () => void copy(command(), "Command line"))}
            {entry("Settings as podgate.yaml", () => void copySettings())}
          </ul>
          <h2>Save</h2>
          <ul>{entry(allFiles().length === 1 ? "The file" : "All files, as an archive", saveFiles)}</ul>
        </div>
      )}
    </div>
  );
}
