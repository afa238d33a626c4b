// Completion and hover for `podgate.yaml`, from its JSON Schema and from the policies that there are.
import schema from "../../../docs/schema/podgate.schema.json";
import { builtIn } from "../state/catalogue";
import { known as profiles } from "../state/profiles";
import { described } from "./schema";
import type { Schema } from "./schema";
import { yamlHelp } from "./yaml-help";

function known(path: string[]): string[] {
  const [first, second, third] = path;
  const policies = () => builtIn.value.flatMap(({ id, name }) => (id === name ? [id] : [id, name]));
  if (first === "profiles" && second === "*") return profiles.map(({ name }) => name);
  if (first === "policies" && second === undefined) return policies();
  if (first === "exemptions" && third === "policies" && path.length === 4) return policies();
  if (first === "policies" && third === "parameters" && path.length === 3) {
    const policy = builtIn.value.find(({ id, name }) => id === second || name === second);
    return Object.keys(policy?.parameters ?? {});
  }
  return [];
}

export const settingsHelp = yamlHelp(() => described(schema as Schema, known));
