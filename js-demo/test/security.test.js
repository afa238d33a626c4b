// The security policy stands in the page itself: it holds where a host sends no headers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { csp } from "../scripts/csp.js";
import { openExample, settled, site } from "./browser.js";

const it = site({ withHeaders: false });

test("the built page carries the policy", () => {
  const page = readFileSync(new URL("../dist/index.html", import.meta.url), "utf8");
  const written = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page.replaceAll("&#39;", "'"));
  assert.equal(written?.[1], csp);
});

test("without headers the page works, and runs no code from text", async () => {
  await it.visit(async (page) => {
    await openExample(page, "ARC's dind sidecar");
    await settled(page);
    // Later, when the debugger, which no policy binds, has nothing to do with it.
    const ran = await page.evaluate(() => new Promise((resolve) => setTimeout(() => {
      const seen = [];
      try { document.createElement("div").innerHTML = "<b>text</b>"; seen.push("html"); } catch { /* refused */ }
      try { Function("return 1")(); seen.push("code"); } catch { /* refused */ }
      resolve(seen);
    })));
    assert.deepEqual(ran, []);
  }, { expected: /Content Security Policy|TrustedHTML|Trusted Type|blocked/ });
});

test("a request that is malformed is answered, and the server lives", async () => {
  assert.equal((await fetch(`${it.url}%`)).status, 404);
  assert.equal((await fetch(`${it.url}%00`)).status, 404);
  assert.equal((await fetch(it.url)).status, 200);
});
