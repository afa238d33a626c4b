import { Gate } from "./gate.js";
import type * as api from "./index.js";
import { inputs, invalid, reading, requireKeys } from "./input.js";
import { type Glue, Instance } from "./instance.js";
import type { Read, WasmSource } from "./load.js";
import { runTests, wanted } from "./options.js";

type Api = Pick<typeof api, "createGate" | "formatOf" | "testPolicies">;

/** The functions of an entry point, over its module. */
export function bind(glue: Glue, own: WasmSource, read: Read): Api {
  const instance = new Instance(glue, own, read);
  return {
    createGate: async (options = {}) => {
      const read = reading(() => wanted(options, glue.test !== undefined));
      await instance.load(options.wasm);
      return new Gate(instance, read);
    },
    formatOf: async (text, options = {}) => {
      const given = reading(() => {
        requireKeys(options, ["source", "wasm"], "the options");
        if (Array.isArray(text)) {
          throw invalid("a list of inputs has no one format: give one text");
        }
        return inputs(text, options.source);
      });
      await instance.load(options.wasm);
      return JSON.parse(instance.call((glue) => glue.formatOf(given)));
    },
    testPolicies: async (files, options = {}) => {
      reading(() => requireKeys(options, ["wasm"], "the options"));
      await instance.load(options.wasm);
      return runTests(instance, files);
    },
  };
}
