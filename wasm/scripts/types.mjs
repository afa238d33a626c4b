// TypeScript from JSON Schemas, which come from the Rust types.

import { compile } from "json-schema-to-typescript";

/** The types of what hosts exchange with podgate, and of the settings. */
export async function types(host, settings) {
  const { $defs, $schema, ...root } = structuredClone(settings);
  const schema = structuredClone(host);
  schema.$defs = { ...$defs, ...schema.$defs, Settings: root };
  schema.properties.settings = { $ref: "#/$defs/Settings" };
  for (const [name, definition] of Object.entries(schema.$defs)) {
    definition.title = name;
  }
  const options = { additionalProperties: false, bannerComment: "", ignoreMinAndMaxItems: true };
  return compile(plain(schema), "Calls", options);
}

/**
 * The same types in the words of TypeScript: what may be left out is never null instead, links of Rust's documentation
 * become plain names, and a reference with a description stays a reference.
 */
function plain(schema) {
  for (const value of Object.values(schema)) {
    if (typeof value === "object" && value !== null) {
      plain(value);
    }
  }
  if (typeof schema.description === "string") {
    schema.description = schema.description.replace(/\[(`[^`]+`)\](\([^)]*\))?/g, "$1");
  }
  if (typeof schema.$ref === "string" && schema.description) {
    schema.allOf = [{ $ref: schema.$ref }];
    delete schema.$ref;
  }
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (!schema.required?.includes(key)) {
      withoutNull(property);
    }
  }
  return schema;
}

function withoutNull(property) {
  if (Array.isArray(property.type)) {
    property.type = property.type.filter((type) => type !== "null");
  }
  if (property.anyOf) {
    property.anyOf = property.anyOf.filter(({ type }) => type !== "null");
  }
}
