// The tabs above the editor: a file each, with what it is.
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { clear, remove, rename, start } from "../state/files";
import { kindOf } from "../state/kinds";
import { edition, manifests, shown, UNNAMED } from "../state/state";
import { CloseIcon, PenIcon, PlusIcon } from "./icons";
import { useMenu } from "./menu";

/** What a new file may be; its name says it, but for the last. */
const NEW: [title: string, name: string][] = [
  ["Kubernetes", "pod.yaml"],
  ["Jenkins pipeline", "Jenkinsfile"],
  ["GitLab pipeline", ".gitlab-ci.yml"],
  ["GitHub workflow", "workflow.yaml"],
  ["GitLab Runner's settings", "config.toml"],
  ["Jenkins' settings", "config.xml"],
  ["Whatever it turns out to be", UNNAMED],
];

/** The file whose name is being written. */
const renaming = signal<string | undefined>(undefined);

/** The file that the editor shows. */
const current = () => manifests.value[shown.value] ?? manifests.value[0];

function NameField({ source }: { source: string }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (field.current === null) return;
    // Not as an attribute, which would take back what is typed when a report comes in.
    field.current.value = source;
    field.current.select();
  }, []);
  const end = (name: string | undefined) => {
    // What ends it takes the field away, which then loses the focus.
    if (renaming.value !== source) return;
    renaming.value = undefined;
    if (name !== undefined) rename(source, name);
  };
  /** A key that ends it leads back to the tab. */
  const key = (event: KeyboardEvent, name: string | undefined) => {
    const list = field.current?.closest("ul");
    event.preventDefault();
    end(name);
    requestAnimationFrame(() => list?.querySelector<HTMLElement>(".current > button")?.focus());
  };
  return (
    <input
      ref={field} class="name" aria-label={`New name of ${source}`} size={Math.max(source.length, 12)} spellcheck={false}
      onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") key(event, event.currentTarget.value);
        if (event.key === "Escape") key(event, undefined);
      }}
    />
  );
}

function Tab({ source, index }: { source: string; index: number }) {
  const isCurrent = source === current()?.source;
  const kind = kindOf(source);
  const isSaid = source.split("/").at(-1) === kind?.label;
  return (
    <li class={isCurrent ? "current" : undefined}>
      {renaming.value === source ? <NameField source={source} /> : (
        <button
          type="button" aria-current={isCurrent ? "true" : undefined} title={kind === undefined ? source : `${source}: ${kind.title}`}
          onClick={() => (shown.value = index)} onDblClick={() => (renaming.value = source)}
        >
          <span class="name">{source}</span>
          {kind !== undefined && !isSaid && <span class="kind">{kind.label}</span>}
        </button>
      )}
      {manifests.value.length > 1 && (
        <button type="button" class="close" aria-label={`Remove ${source}`} onClick={() => remove(source)}>
          <CloseIcon />
        </button>
      )}
    </li>
  );
}

function Add() {
  const box = useRef<HTMLDivElement>(null);
  const { isOpen, button, close } = useMenu(box);
  return (
    <div class="menu-box" ref={box}>
      <button type="button" class="tool" title="Another file of the same run" aria-label="Add a file" {...button}>
        <PlusIcon />
      </button>
      {isOpen && (
        <div class="menu from-start">
          <h2>New file</h2>
          <ul>
            {NEW.map(([title, name]) => (
              <li key={name}>
                <button type="button" onClick={() => { close(); start(name); }}>{title} <span class="faint">{name}</span></button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

export function FileTabs() {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => list.current?.querySelector(".current")?.scrollIntoView({ block: "nearest", inline: "nearest" }), [shown.value, edition.value]);
  return (
    <div class="files">
      <ul aria-label="Files" ref={list}>
        {manifests.value.map(({ source }, index) => <Tab key={source} source={source} index={index} />)}
      </ul>
      <Add />
      <button
        type="button" class="tool" title="Rename the file: its name may say what it is written in" aria-label="Rename the file"
        onClick={() => (renaming.value = current()?.source)}
      >
        <PenIcon />
      </button>
      <button type="button" class="tool end" onClick={clear}>
        Clear
      </button>
    </div>
  );
}
