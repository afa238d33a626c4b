import { bind } from "./bind.js";
import * as glue from "./verdict/podgate.js";
import { readUrl } from "./load.js";
import module from "./verdict/podgate_bg.wasm";

export * from "./common.js";
export const { createGate, formatOf, testPolicies } = bind(glue, module, readUrl);
