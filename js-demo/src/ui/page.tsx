// A policy's page, in place.
import { useEffect, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { call } from "../engine/client";
import type { Explanation } from "../engine/podgate";
import { choice, view } from "../state/state";
import { refusalOf } from "../state/verdict";
import { ChevronIcon } from "./icons";
import { showPolicy } from "./policies";

interface Loaded {
  Markdown: ComponentType<{ text: string }>;
  found: Explanation[];
}

/** Reads the page when it is unfolded for the first time. */
export function PolicyPage({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="page" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><ChevronIcon class="chevron" /> About {id}</summary>
      {isOpen && <Page id={id} />}
    </details>
  );
}

function Page({ id }: { id: string }) {
  const [loaded, setLoaded] = useState<Loaded | string>();
  useEffect(() => {
    const asked = Promise.all([import("./markdown"), call("explain", { choice: choice.peek(), name: id })]);
    asked.then(
      ([{ Markdown }, found]) => setLoaded({ Markdown, found }),
      (error) => setLoaded(refusalOf(error).message),
    );
  }, [id]);
  if (loaded === undefined) return <p class="faint">Loading…</p>;
  if (typeof loaded === "string") return <p class="faint">{loaded}</p>;
  return (
    <>
      {loaded.found.map(({ id: own, title, page, description }) => (
        <div key={own} class="markdown">
          {page == null ? <p>{description || title}</p> : <loaded.Markdown text={page} />}
        </div>
      ))}
      <button
        type="button" class="link"
        onClick={() => {
          showPolicy(id);
          view.value = "policies";
        }}
      >
        Show the Rego of {id}
      </button>
    </>
  );
}
