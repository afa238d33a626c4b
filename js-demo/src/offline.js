// Keeps the whole site in the browser's cache, so that it works without a network after the first visit. The build
// fills in the two values; every build has its own version. A new one waits until the last page of the old one is closed,
// which may still ask for its own files, or until a visitor asks for it.
const VERSION = __VERSION__;
const FILES = __FILES__;
// Other deployments may lie on the same origin: what they keep is theirs.
const OWN = `podgate ${self.registration.scope} `;
const NAME = OWN + VERSION;

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(NAME);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })));
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(OWN) && name !== NAME).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", ({ data }) => {
  if (data === "take over") void self.skipWaiting();
});

async function kept(request) {
  try {
    const cache = await caches.open(NAME);
    return await cache.match(request.mode === "navigate" ? "./" : request, { ignoreVary: true });
  } catch {
    // Without storage there is still the network.
    return undefined;
  }
}

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(kept(event.request).then((found) => found ?? fetch(event.request)));
});
