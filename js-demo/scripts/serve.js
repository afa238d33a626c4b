// Serves the built site, with the headers that a careful host would send.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { csp } from "./csp.js";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const folder = fileURLToPath(new URL("../dist/", import.meta.url));

/** A server for the site below `base`, on a free port where none is given; resolves once it listens. */
export function serve({ port = 0, base = "/" } = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const inside = path.startsWith(base) ? normalize(path.slice(base.length)) : "..";
    const file = join(folder, inside === "." || inside === "" ? "index.html" : inside);
    const found = !inside.startsWith("..") && statSync(file, { throwIfNoEntry: false })?.isFile();
    if (!found) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-security-policy": csp, "cache-control": "no-cache" });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => resolve({ server, url: `http://127.0.0.1:${server.address().port}${base}` }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serve({ port: Number(process.env.PORT ?? 4173) });
  console.log(`the playground is at ${url} (Ctrl-C ends it)`);
}
