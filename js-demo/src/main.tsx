import { render } from "preact";
import { warmUp } from "./engine/client";
import { scriptAddress } from "./engine/trusted";
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

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register(scriptAddress("./offline.js")));
}
