// The page: a bar above, the gallery beside, and one of four views.
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { take } from "../state/files";
import { dismiss, notice } from "../state/notice";
import { view } from "../state/state";
import type { View } from "../state/state";
import { summary } from "../state/verdict";
import { CheckView } from "./check";
import { CompareView } from "./compare";
import { Gallery } from "./gallery";
import { Header } from "./header";
import { CloseIcon } from "./icons";
import { PoliciesView } from "./policies";
import { SettingsView } from "./settings";

const views: Record<View, ComponentType> = {
  check: CheckView,
  compare: CompareView,
  policies: PoliciesView,
  settings: SettingsView,
};

/** Whether files hover over the page. */
const dragging = signal(false);

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** The place of messages, which is always there: what comes into it later is read out. */
function Notice() {
  const said = notice.value;
  return (
    <div role="status">
      {said !== undefined && (
        <div class="notice">
          {said.message}
          {said.action !== undefined && (
            <button type="button" class="link" onClick={() => { dismiss(); said.action?.act(); }}>{said.action.title}</button>
          )}
          {said.stays && <button type="button" class="close" aria-label="Close the message" onClick={dismiss}><CloseIcon /></button>}
        </div>
      )}
    </div>
  );
}

export function App() {
  const Shown = views[view.value];
  return (
    <div
      class="app"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        dragging.value = true;
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) dragging.value = false;
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        dragging.value = false;
        void take([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>Skip to the view</button>
      <Header />
      <div class="body">
        <Gallery />
        <main id="main" tabIndex={-1}>
          <Shown />
        </main>
      </div>
      {dragging.value && <div class="drop">Drop manifests, Jenkinsfiles, pipelines, settings of runners, .rego files or podgate.yaml: all are judged as one run</div>}
      <Notice />
      <div class="unseen" aria-live="polite">
        {summary.value}
      </div>
    </div>
  );
}
