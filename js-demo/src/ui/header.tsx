// The bar above: the views, the profiles, and what leads in and out.
import { useRef } from "preact/hooks";
import { take } from "../state/files";
import { view } from "../state/state";
import type { View } from "../state/state";
import { ExportMenu } from "./export";
import { galleryOpen } from "./gallery";
import { ListIcon, Logo, OpenIcon, ThemeIcon } from "./icons";
import { ProfilePicker } from "./profiles";
import { ShareButton } from "./share";
import { switchTheme } from "./theme";
import { Counts } from "./counts";

const tabs: [View, string][] = [
  ["check", "Check"],
  ["compare", "Compare"],
  ["policies", "Policies"],
  ["settings", "Settings"],
];

function Tabs() {
  return (
    <nav class="tabs" aria-label="Views">
      {tabs.map(([id, title]) => (
        <button key={id} type="button" aria-current={view.value === id ? "page" : undefined} onClick={() => (view.value = id)}>
          {title}
          {id === "check" && <Counts />}
        </button>
      ))}
    </nav>
  );
}

function OpenButton() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="tool" title="Open manifests, pipelines, Rego or podgate.yaml" onClick={() => input.current?.click()}>
        <OpenIcon /> <span>Open</span>
      </button>
      <input
        ref={input} type="file" multiple hidden aria-label="Files to open"
        onChange={(event) => {
          const field = event.currentTarget;
          void take([...(field.files ?? [])]).then(() => (field.value = ""));
        }}
      />
    </>
  );
}

export function Header() {
  return (
    <header class="bar">
      <button
        type="button" class="tool gallery-button" aria-expanded={galleryOpen.value} aria-controls="gallery" title="Examples"
        onClick={() => (galleryOpen.value = !galleryOpen.value)}
      >
        <ListIcon /> <span class="unseen">Examples</span>
      </button>
      <h1>
        <Logo /> podgate <span class="faint">playground</span>
      </h1>
      <Tabs />
      <div class="tools">
        <ProfilePicker />
        <OpenButton />
        <ExportMenu />
        <ShareButton />
        <button type="button" class="tool" title="Light or dark" aria-label="Switch between light and dark" onClick={switchTheme}>
          <ThemeIcon />
        </button>
      </div>
    </header>
  );
}
