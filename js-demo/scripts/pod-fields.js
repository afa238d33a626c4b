import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The kinds that carry a pod, from which everything else is reached. */
const ROOTS = [
  "Pod", "PodTemplate", "ReplicationController", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob",
];

/** What nobody writes: the server fills it in. */
const LEFT_OUT = new Set(["status", "managedFields", "creationTimestamp", "deletionTimestamp", "resourceVersion", "selfLink", "uid"]);

const GROUPS = ["meta/v1", "core/v1", "apps/v1", "batch/v1"];

/**
 * The fields of pods and of what carries them, from the type definitions of Kubernetes' API: for each type the
 * names of its fields, each with its type (`Container*` is a list) and the first sentence of its description.
 */
export function podFields() {
  const types = new Map();
  for (const group of GROUPS) {
    const file = require.resolve(`kubernetes-types/${group}.d.ts`);
    for (const [, name, body] of readFileSync(file, "utf8").matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)) {
      if (!types.has(name)) types.set(name, fieldsOf(body));
    }
  }
  const reached = {};
  const add = (name) => {
    if (reached[name] !== undefined || !types.has(name)) return;
    reached[name] = types.get(name);
    for (const [type] of Object.values(reached[name])) add(type.replace("*", ""));
  };
  ROOTS.forEach(add);
  return reached;
}

function fieldsOf(body) {
  const fields = {};
  const pattern = /^ {4}\/\*\*(.*?)\*\/\n {4}"?([\w$-]+)"?\??: ([^;{]+|\{[^}]*\});/gms;
  for (const [, comment, name, written] of body.matchAll(pattern)) {
    if (!LEFT_OUT.has(name)) fields[name] = [typeOf(written), sentence(comment)];
  }
  return fields;
}

function typeOf(written) {
  if (written.startsWith("{")) return "map";
  const list = /^Array<(.+)>$/.exec(written) ?? /^(.+)\[\]$/.exec(written);
  return list === null ? written.replace(/^"(.*)"$/, "=$1") : `${list[1]}*`;
}

function sentence(comment) {
  const text = comment.replaceAll(/^\s*\*/gm, "").replaceAll(/\s+/g, " ").trim();
  const [first] = /^.*?[.:](?= [A-Z]|$)/.exec(text) ?? [text];
  return first.length > 160 ? `${first.slice(0, 157)}…` : first;
}
