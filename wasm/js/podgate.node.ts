import { bind } from "./bind.js";
import * as glue from "./compiler/podgate.js";
import { readFileOrUrl } from "./file.js";

export * from "./common.js";
export const { createGate, formatOf, testPolicies } = bind(
  glue,
  new URL("./compiler/podgate_bg.wasm", import.meta.url),
  readFileOrUrl,
);
