import { bind } from "./bind.js";
import * as glue from "./verdict/podgate.js";
import { readUrl } from "./load.js";

export * from "./common.js";
export const { createGate, formatOf, testPolicies } = bind(
  glue,
  new URL("./verdict/podgate_bg.wasm", import.meta.url),
  readUrl,
);
