// The page's own modules, outside a browser.
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import { createServer } from "vite";

/** A loader of modules by their path below `src`, for the tests of one file. */
export function source() {
  const server = createServer({
    root: fileURLToPath(new URL("..", import.meta.url)),
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    appType: "custom",
    logLevel: "error",
    optimizeDeps: { noDiscovery: true },
  });
  after(async () => (await server).close());
  return async (path) => (await server).ssrLoadModule(`/src/${path}`);
}
