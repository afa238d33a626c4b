import { render } from "preact";
import { warmUp } from "./engine/client";
import { keepOffline } from "./state/offline";
import { startSession } from "./state/session";
import { watch } from "./state/verdict";
import { App } from "./ui/app";
import "./ui/theme";
import "./style.css";

warmUp();
await startSession();
watch();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);

// Where the browser keeps nothing, the page works all the same.
if (import.meta.env.PROD && "serviceWorker" in navigator) keepOffline().catch(() => undefined);
