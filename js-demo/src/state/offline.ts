// The service worker, which keeps the site for visits without a network, and newer versions of it.
import { scriptAddress } from "../engine/trusted";
import { notify } from "./notice";

/** Says that there is a newer version, which takes over when the visitor wants it to. */
function offer(registration: ServiceWorkerRegistration): void {
  const { waiting } = registration;
  // Without one that controls the page there is nothing that it would replace.
  if (waiting === null || navigator.serviceWorker.controller === null) return;
  const reload = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("take over");
  };
  notify("There is a newer version of this page", { title: "Reload", act: reload });
}

/** Has the site kept, once everything that the page needs is there. */
export async function keepOffline(): Promise<void> {
  if (document.readyState !== "complete") await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
  const registration = await navigator.serviceWorker.register(scriptAddress("./offline.js"));
  offer(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => offer(registration));
  });
}
