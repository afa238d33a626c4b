// Completion and hover for the fields of pods and of what carries them.
import type { Text } from "@codemirror/state";
import { typed } from "./schema";
import type { Place, Shapes } from "./schema";
import { yamlHelp } from "./yaml-help";
import { documentAround } from "./yaml-path";

let shapes: Shapes | undefined;
// The types are a file of their own, which nothing waits for.
void import("podgate-pod-fields").then((module) => (shapes = module.default));

/** Fields that stand at the root of an object; what has others there, and no kind, is none of Kubernetes'. */
const OWN = new Set(["apiVersion", "metadata", "spec"]);

/** The object around a line, by the kind that it says it is; a pod where it is too young to say. */
export function objectAround(shapes: Shapes, doc: Text, number: number): Place | undefined {
  const { from, to } = documentAround(doc, number);
  let foreign = false;
  for (let at = from; at <= to; at += 1) {
    const { text } = doc.line(at);
    const kind = /^kind:\s*["']?(\w+)/.exec(text)?.[1];
    if (kind !== undefined) return typed(shapes, kind);
    const [, field] = /^["']?([^\s"'#:-][^"':]*)["']?:/.exec(text) ?? [];
    foreign ||= field !== undefined && !OWN.has(field);
  }
  return foreign ? undefined : typed(shapes, "Pod");
}

export const podHelp = yamlHelp((doc, number) => (shapes === undefined ? undefined : objectAround(shapes, doc, number)));
