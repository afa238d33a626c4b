import { Gate } from "./gate.js";
import type * as api from "./index.js";
import { reading, requireKeys } from "./input.js";
import { type Glue, Instance } from "./instance.js";
import type { Read, WasmSource } from "./load.js";
import { runTests, wanted } from "./options.js";

/** The functions of an entry point, over its module. */
export function bind(glue: Glue, own: WasmSource, read: Read): Pick<typeof api, "createGate" | "testPolicies"> {
  const instance = new Instance(glue, own, read);
  return {
    createGate: async (options = {}) => {
      const read = reading(() => wanted(options, glue.test !== undefined));
      await instance.load(options.wasm);
      return new Gate(instance, read);
    },
    testPolicies: async (files, options = {}) => {
      reading(() => requireKeys(options, ["wasm"], "the options"));
      await instance.load(options.wasm);
      return runTests(instance, files);
    },
  };
}
