import { PodgateError } from "./error.js";
import type { Explanation, HostFormat, Policy, Report, TestReport } from "./generated/types.js";
import { type CheckOptions, type Input, call, inputs, invalid, reading } from "./input.js";
import type { Handle, Instance } from "./instance.js";
import { type RegoFiles, type Wanted, runTests } from "./options.js";

/** How {@link Gate.render} writes a report. */
export type Format = HostFormat;

const FORMATS: readonly string[] = ["json", "sarif", "text", "github", "gitlab", "junit"] satisfies Format[];

/**
 * Policies and settings, prepared once, that judge as many inputs as you like.
 *
 * Memory of the module is given back when a gate is freed, leaves the block of a `using`, or is collected.
 */
export class Gate {
  readonly #instance: Instance;
  readonly #wanted: Wanted;
  #handle: Handle | undefined;
  #generation = -1;

  /** @internal */
  constructor(instance: Instance, wanted: Wanted) {
    this.#instance = instance;
    this.#wanted = wanted;
    this.#prepare();
  }

  /** Judges an input. Columns count UTF-16 code units, where the options do not say otherwise. */
  check(input: Input, options: CheckOptions = {}): Report {
    return JSON.parse(this.#check("json", input, options, "utf-16"));
  }

  /**
   * Judges an input: the very text that `podgate check --format json` prints for it. Columns count code points, where
   * the options do not say otherwise.
   */
  checkJson(input: Input, options: CheckOptions = {}): string {
    return this.#check("json", input, options, "utf-32");
  }

  /** Judges an input and writes the report as the command line does. Columns count code points by default. */
  render(format: Format, input: Input, options: CheckOptions = {}): string {
    if (!FORMATS.includes(format)) {
      throw invalid(`unknown format \`${String(format)}\`, expected ${FORMATS.map((name) => `\`${name}\``).join(", ")}`);
    }
    return this.#check(format, input, options, "utf-32");
  }

  /** The policies that judge, by id. */
  policies(): Policy[] {
    return JSON.parse(this.#use((handle) => handle.policies()));
  }

  /** The built-in policies, whether they judge or not, by id. */
  builtIn(): Policy[] {
    return JSON.parse(this.#use((handle) => handle.builtIn()));
  }

  /**
   * The policies of that id or name, with page and Rego; the built-in ones also where they do not judge. In
   * `podgate/verdict` both are `null`: `podgate/texts` has them.
   */
  explain(idOrName: string): Explanation[] {
    if (typeof idOrName !== "string") {
      throw invalid("the policy's id or name must be a string");
    }
    return JSON.parse(this.#use((handle) => handle.explain(idOrName)));
  }

  /** Runs the tests in Rego files, with line coverage. */
  test(files: RegoFiles): TestReport {
    this.#live();
    return runTests(this.#instance, files);
  }

  /** `sha256:` and the digest over all policies and the settings, as it stands in every report. */
  get digest(): string {
    return this.#use((handle) => handle.digest());
  }

  /** Gives the gate's memory back; it can then no longer be used. A second time does nothing. */
  free(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    // What belonged to an instance that failed is gone with it.
    if (handle !== undefined && this.#generation === this.#instance.generation) {
      this.#instance.call(() => handle.free());
    }
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #check(format: Format, input: Input, options: CheckOptions, columns: "utf-16" | "utf-32"): string {
    const [given, said] = reading(() => [inputs(input, options.source), call(format, options, columns)]);
    return this.#use((handle) => handle.check(given, said));
  }

  #use<T>(use: (handle: Handle) => T): T {
    return this.#instance.call(() => use(this.#live()));
  }

  #live(): Handle {
    if (this.#handle === undefined) {
      throw new PodgateError("disposed", "the gate was freed and cannot be used any more");
    }
    return this.#generation === this.#instance.generation ? this.#handle : this.#prepare();
  }

  #prepare(): Handle {
    const { json, settings } = this.#wanted;
    this.#handle = this.#instance.call((glue) => new glue.Handle(json), settings);
    this.#generation = this.#instance.generation;
    return this.#handle;
  }
}
