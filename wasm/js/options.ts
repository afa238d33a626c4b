import { PodgateError } from "./error.js";
import type { RegoFile, TestReport } from "./generated/types.js";
import type { Settings } from "./generated/types.js";
import { invalid, json, reading, requireKeys } from "./input.js";
import type { Instance } from "./instance.js";
import type { WasmSource } from "./load.js";
import { requireUnicode } from "./place.js";

/** Rego files with their paths, as they are to stand in messages. */
export type RegoFiles = readonly RegoFile[];

/** What a gate is made with. */
export interface GateOptions {
  /** Profiles, such as `ci` (the default) or `pss-restricted:v1.30`; they replace those of the settings. */
  profiles?: readonly string[] | undefined;
  /** The text of `podgate.yaml`, or the same as an object; errors have their place in its JSON, indented by two spaces. */
  settings?: string | Settings | undefined;
  /** Policies of your own. Not in `podgate/verdict`. */
  policies?: RegoFiles | undefined;
  /**
   * The WebAssembly module, where the package cannot find its own: compiled, as bytes, as a response, or its URL (in
   * Node also a path). The first that is loaded serves all later gates.
   */
  wasm?: WasmSource | undefined;
}

/** Options as the module takes them, and the text of the settings, in which errors have their place. @internal */
export interface Wanted {
  json: string;
  settings: string | undefined;
}

/** Reads the options of a gate. @internal */
export function wanted(options: GateOptions, compiler: boolean): Wanted {
  requireKeys(options, ["profiles", "settings", "policies", "wasm"], "the options");
  const { profiles = [], settings, policies = [] } = options;
  if (!Array.isArray(profiles) || !profiles.every((profile) => typeof profile === "string")) {
    throw invalid("`profiles` must be a list of strings");
  }
  requireFiles(policies, "policies");
  if (policies.length > 0 && !compiler) {
    throw noCompiler("policies of one's own");
  }
  const text = settingsText(settings);
  return { json: JSON.stringify({ profiles, settings: text ?? null, policies }), settings: text };
}

function settingsText(settings: unknown): string | undefined {
  if (settings === undefined || typeof settings === "string") {
    requireUnicode(settings ?? "", "podgate.yaml");
    return settings;
  }
  if (typeof settings !== "object" || settings === null) {
    throw invalid("`settings` must be the text of `podgate.yaml` or an object");
  }
  return json(settings, "`settings`");
}

/** Runs the tests in Rego files. @internal */
export function runTests(instance: Instance, files: RegoFiles): TestReport {
  const said = reading(() => {
    requireFiles(files, "files");
    return JSON.stringify(files);
  });
  const run = instance.glue.test;
  if (run === undefined) {
    throw noCompiler("tests");
  }
  return JSON.parse(instance.call(() => run(said)));
}

function requireFiles(files: unknown, what: string): asserts files is RegoFiles {
  if (!Array.isArray(files)) {
    throw invalid(`\`${what}\` must be a list of \`{ path, text }\``);
  }
  for (const [index, file] of files.entries()) {
    requireKeys(file, ["path", "text"], `\`${what}[${index}]\``);
    if (typeof file.path !== "string" || typeof file.text !== "string") {
      throw invalid(`\`${what}[${index}]\` must have a \`path\` and a \`text\`, both strings`);
    }
    requireUnicode(file.path, "path");
    requireUnicode(file.text, file.path);
  }
}

function noCompiler(what: string): PodgateError {
  return new PodgateError("no-compiler", `\`podgate/verdict\` cannot compile ${what}: import \`podgate\` instead`);
}
