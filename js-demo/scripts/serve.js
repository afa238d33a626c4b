// Serves the built site, with the headers that a careful host would send.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { basename, extname, join, normalize } from "node:path";
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

const headers = {
  // What the page's own policy says, and what can only be said here.
  "content-security-policy": `${csp}; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/** The file that a request asks for; `undefined` where there is none. */
function wanted(address, base) {
  let path;
  try {
    path = decodeURIComponent(new URL(address, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  if (!path.startsWith(base)) return undefined;
  const inside = normalize(path.slice(base.length));
  if (inside.startsWith("..") || inside.includes("\0")) return undefined;
  const file = join(folder, inside === "." || inside === "" ? "index.html" : inside);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

/**
 * A server for the site below `base`, on a free port where none is given; resolves once it listens. `withHeaders` leaves
 * out what only a careful host sends, and `added` (name of a file to text) stands at the end of files.
 */
export function serve({ port = 0, base = "/", withHeaders = true, added = {} } = {}) {
  const server = createServer((request, response) => {
    const file = wanted(request.url, base);
    if (file === undefined) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, ...(withHeaders ? headers : {}) });
    const content = createReadStream(file);
    content.on("end", () => response.end(added[basename(file)] ?? ""));
    content.pipe(response, { end: false });
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => resolve({ server, added, url: `http://127.0.0.1:${server.address().port}${base}` }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serve({ port: Number(process.env.PORT ?? 4173) });
  console.log(`the playground is at ${url} (Ctrl-C ends it)`);
}
