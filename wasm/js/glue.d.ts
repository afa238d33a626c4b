// What wasm-pack writes beside the sources when the package is built.

declare module "*/podgate.js" {
  const glue: import("./instance.js").Glue;
  export const { initSync, abandon, begin, version, Handle, formatOf, test }: typeof glue;
}

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
