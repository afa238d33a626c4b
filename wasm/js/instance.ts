import { PodgateError, thrown } from "./error.js";
import { version } from "./generated/version.js";
import { type Read, type WasmSource, compile } from "./load.js";

/** What wasm-bindgen makes of `wasm/src/lib.rs`. */
export interface Glue {
  initSync(source: { module: WebAssembly.Module }): unknown;
  abandon(): void;
  begin(): void;
  version(): string;
  Handle: new (options: string) => Handle;
  formatOf(input: (string | Uint8Array)[]): string;
  /** Only with the compiler. */
  test?: ((files: string) => string) | undefined;
}

/** A gate inside the module. */
export interface Handle {
  check(inputs: (string | Uint8Array)[], call: string): string;
  digest(): string;
  policies(): string;
  builtIn(): string;
  explain(name: string): string;
  free(): void;
}

/**
 * The one instance of the module that all gates of an entry point share.
 *
 * A trap leaves an instance in a state that nobody may ask for verdicts. It is given up at once, a new one of the same
 * module takes its place, and gates see by `generation` that theirs is gone.
 */
export class Instance {
  readonly glue: Glue;
  readonly #own: WasmSource;
  readonly #read: Read;
  #ready: Promise<void> | undefined;
  #failed = false;
  generation = 0;

  constructor(glue: Glue, own: WasmSource, read: Read) {
    this.glue = glue;
    this.#own = own;
    this.#read = read;
  }

  /** Loads the module once; a failure can be tried again. */
  load(given: WasmSource | undefined): Promise<void> {
    const source = given ?? this.#own;
    // Where an earlier one serves, this one may fail unheard.
    Promise.resolve(source).catch(() => {});
    this.#ready ??= this.#start(source).catch((cause: unknown) => {
      this.#ready = undefined;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PodgateError("load", `the WebAssembly module could not be loaded: ${reason}`, { cause });
    });
    return this.#ready;
  }

  async #start(source: WasmSource): Promise<void> {
    const module = await compile(source, this.#read);
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    if (!names.includes("version") || names.includes("test") !== (this.glue.test !== undefined)) {
      throw new Error("it is not the module of this entry point");
    }
    this.glue.initSync({ module });
    if (this.glue.version() !== version) {
      throw new Error(`it is of version ${this.glue.version()}, and the package of ${version}`);
    }
  }

  /** Calls into the module. `text` is what places in errors count in. */
  call<T>(use: (glue: Glue) => T, text?: string): T {
    try {
      if (this.#failed) {
        this.#restart();
      }
      return use(this.glue);
    } catch (error) {
      if (error instanceof PodgateError) {
        throw error;
      }
      throw typeof error === "string" ? thrown(error, text) : this.#fail(error);
    }
  }

  #fail(cause: unknown): PodgateError {
    this.#failed = true;
    this.generation += 1;
    try {
      // At once, before anything of the old instance is collected; if that cannot be (no stack is left), the next call does.
      this.#restart();
    } catch {}
    const reason = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s*\n\s*/g, " ");
    return new PodgateError("panic", `podgate failed and begins anew: ${reason}`, { cause });
  }

  #restart(): void {
    this.glue.abandon();
    this.glue.begin();
    this.#failed = false;
  }
}
