// The built-in policies, all of them.
import { signal } from "@preact/signals";
import { call } from "../engine/client";
import type { Policy } from "../engine/podgate";
import type { Choice } from "../engine/protocol";

/** Every profile, and by the settings the one policy that is in none. */
export const everything: Choice = {
  profiles: ["ci", "pss-baseline", "pss-restricted", "psp:restricted"],
  settings: "policies:\n  read-only-rootfs:\n    mode: audit\n",
  policies: [],
};

/** Empty until they are loaded. */
export const builtIn = signal<Policy[]>([]);

/** Loads them, once. */
export async function loadCatalogue(): Promise<void> {
  if (builtIn.value.length === 0) builtIn.value = await call("policies", { choice: everything }).catch(() => []);
}
