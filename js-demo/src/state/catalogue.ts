// The built-in policies, all of them.
import { computed, signal } from "@preact/signals";
import { call } from "../engine/client";
import type { Policy } from "../engine/podgate";
import type { Choice } from "../engine/protocol";
import { known } from "./profiles";

/** Every profile (of PodSecurityPolicy the one that holds the other), and by the settings the one policy that is in none. */
export const all: Choice = {
  profiles: known.map(({ name }) => name).filter((name) => name !== "psp:baseline"),
  settings: "policies:\n  read-only-rootfs:\n    mode: audit\n",
  policies: [],
};

/** Empty until they are loaded. */
export const builtIn = signal<Policy[]>([]);

const ids = computed(() => new Set(builtIn.value.map(({ id }) => id)));

/** Whether a policy of this id is a built-in one. */
export const isBuiltIn = (id: string): boolean => ids.value.has(id);

/** Loads them, once. */
export async function loadCatalogue(): Promise<void> {
  if (builtIn.value.length === 0) builtIn.value = await call("policies", { choice: all }).catch(() => []);
}
