import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { csp } from "./csp.js";

/** A module `name` whose default export is what `make` gives when the site is built. */
export function virtual(name, make) {
  const id = `\0${name}`;
  return {
    name,
    resolveId: (source) => (source === name ? id : null),
    load: (source) => (source === id ? `export default ${JSON.stringify(make())};` : null),
  };
}

/** Gives the built page its security policy, and has the browser fetch the engine at once. */
export function page() {
  return {
    name: "podgate-page",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) => {
        const engine = Object.keys(bundle ?? {}).find((file) => file.endsWith(".wasm"));
        if (engine === undefined) throw new Error("the site has no engine: no `.wasm` file is in it");
        return [
          { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: csp }, injectTo: "head-prepend" },
          { tag: "link", attrs: { rel: "preload", as: "fetch", crossorigin: true, href: `./${engine}` }, injectTo: "head" },
        ];
      },
    },
  };
}

/** Writes the service worker with the list of all files of the site. */
export function offline() {
  return {
    name: "podgate-offline",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const template = readFileSync(new URL("../src/offline.js", import.meta.url), "utf8");
        const files = Object.keys(bundle).filter((file) => file !== "offline.js").sort();
        const hash = createHash("sha256");
        for (const file of files) {
          const part = bundle[file];
          hash.update(file).update(part.type === "chunk" ? part.code : part.source);
        }
        const list = ["./", ...files.filter((file) => file !== "index.html").map((file) => `./${file}`), "./icon.svg"];
        const source = template
          .replace("__VERSION__", JSON.stringify(hash.digest("hex").slice(0, 16)))
          .replace("__FILES__", JSON.stringify(list));
        this.emitFile({ type: "asset", fileName: "offline.js", source });
      },
    },
  };
}
