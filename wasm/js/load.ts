/** A global class where the environment's types have it. */
type Global<Name extends string> = typeof globalThis extends { [Key in Name]: { prototype: infer T } } ? T : never;

/** `WebAssembly.Module` where the environment's types have it. */
type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T : never;

/** The WebAssembly module: compiled, as bytes, as a response, or where it is. */
export type WasmSource = Loaded | Promise<Loaded>;

type Loaded = Module | ArrayBuffer | ArrayBufferView | Global<"Response"> | Global<"URL"> | string;

/** Reads what a URL names. @internal */
export type Read = (url: URL | string) => Promise<Response | BufferSource>;

/** The compiled module. @internal */
export async function compile(source: WasmSource, read: Read): Promise<WebAssembly.Module> {
  const given = (await source) as WebAssembly.Module | BufferSource | Response | URL | string;
  const found = typeof given === "string" || given instanceof URL ? await read(given) : given;
  switch (Object.prototype.toString.call(found)) {
    case "[object WebAssembly.Module]":
      return found as WebAssembly.Module;
    case "[object Response]":
      return compileResponse(found as Response);
    default:
      return WebAssembly.compile(found as BufferSource);
  }
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) {
    throw new Error(`\`${response.url}\` was answered with ${response.status}`);
  }
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** As browsers read. @internal */
export const readUrl: Read = (url) => fetch(url);
