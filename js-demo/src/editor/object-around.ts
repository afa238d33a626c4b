// The object of Kubernetes that a line of YAML belongs to, told by its fields: enough for what is offered while one types.
import type { Text } from "@codemirror/state";
import { typed } from "./schema";
import type { Place, Shapes } from "./schema";
import { documentAround } from "./yaml-path";

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
