// What may be written at a place of a document: the same questions to Kubernetes' types and to a JSON Schema.

/** A place, such as the `securityContext` of a container. */
export interface Place {
  /** What it is, in a sentence. */
  about: string;
  /** What kind of value stands there. */
  kind: string;
  /** The names of its fields. */
  names: string[];
  /** The values that it takes, where they can be listed. */
  values: string[];
  /** The place below it: a field, or an entry of a list (`undefined`). */
  below(name: string | undefined): Place | undefined;
}

/** Types by name: for each field its type and a sentence. */
export type Shapes = Record<string, Record<string, [type: string, about: string]>>;

/** Values of fields whose type is only text to Kubernetes' definitions. */
const VALUES: Record<string, string[]> = {
  imagePullPolicy: ["Always", "IfNotPresent", "Never"],
  restartPolicy: ["Always", "OnFailure", "Never"],
  dnsPolicy: ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
  procMount: ["Default", "Unmasked"],
  mountPropagation: ["None", "HostToContainer", "Bidirectional"],
  protocol: ["TCP", "UDP", "SCTP"],
};

/** A place of one of Kubernetes' types; `Container*` is a list of them. */
export function typed(shapes: Shapes, type: string, about = "", name = ""): Place {
  const fields = type.endsWith("*") ? {} : (shapes[type] ?? {});
  const constant = type.startsWith("=") ? [type.slice(1)] : [];
  return {
    about,
    kind: type.endsWith("*") ? `list of ${type.slice(0, -1)}` : type.replace(/^=.*/, "string"),
    names: Object.keys(fields),
    values: type === "boolean" ? ["true", "false"] : (VALUES[name] ?? constant),
    below(field) {
      if (field === undefined) return type.endsWith("*") ? typed(shapes, type.slice(0, -1)) : undefined;
      const found = fields[field];
      return found === undefined ? undefined : typed(shapes, found[0], found[1], field);
    },
  };
}

/** As much of JSON Schema as the settings use. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  description?: string;
  const?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
}

/** Names and values that a schema leaves open, such as the ids of policies, by the path to them. */
export type Known = (path: string[]) => string[];

/** A place of a JSON Schema. */
export function described(root: Schema, known: Known, schema: Schema = root, path: string[] = []): Place {
  const { about, options } = resolve(root, schema);
  const properties: Record<string, Schema> = Object.assign({}, ...options.map((option) => option.properties ?? {}));
  const others = options.map((option) => option.additionalProperties).find((one) => typeof one === "object");
  const kinds = options.flatMap((option) => option.type ?? []).filter((kind) => kind !== "null");
  const isMap = kinds.includes("object");
  return {
    about,
    kind: [...new Set(kinds)].join(" or "),
    names: [...Object.keys(properties), ...(isMap ? known(path) : [])],
    values: isMap ? [] : [...options.flatMap((option) => option.const ?? []), ...known(path)],
    below(name) {
      const items = options.map((option) => option.items).find((one) => one !== undefined);
      const next = name === undefined ? items : (properties[name] ?? others);
      return next === undefined ? undefined : described(root, known, next, [...path, name ?? "*"]);
    },
  };
}

/** A schema without its references and alternatives: what it says of itself, and all that it may be. */
function resolve(root: Schema, schema: Schema): { about: string; options: Schema[] } {
  const target = schema.$ref === undefined ? undefined : root.$defs?.[schema.$ref.replace("#/$defs/", "")];
  const parts = [...(target === undefined ? [] : [target]), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const inner = parts.map((part) => resolve(root, part));
  const about = schema.description ?? inner.find((one) => one.about !== "")?.about ?? "";
  return { about: about.replaceAll("\n", " "), options: [schema, ...inner.flatMap((one) => one.options)] };
}

