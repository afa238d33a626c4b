// Keeps the whole site in the browser's cache, so that it works without a network after the first visit. The build
// fills in the two values; every build has its own version. A new one waits until the last page of the old one is closed:
// that page may still ask for its own files.
const VERSION = __VERSION__;
const FILES = __FILES__;
const NAME = `podgate-${VERSION}`;

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
    await Promise.all(names.filter((name) => name.startsWith("podgate-") && name !== NAME).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const answer = async () => {
    const cache = await caches.open(NAME);
    const page = event.request.mode === "navigate" ? "./" : event.request;
    return (await cache.match(page, { ignoreVary: true })) ?? fetch(event.request);
  };
  event.respondWith(answer());
});
