// The built-in policies, all of them.
import { computed, signal } from "@preact/signals";
import { call } from "../engine/client";
import type { Policy } from "../engine/podgate";
import type { Choice } from "../engine/protocol";

/** With this a gate knows the built-in policies, as any does; it is made for most visitors anyway. */
export const plain: Choice = { profiles: ["ci"], settings: "", policies: [] };

/** Empty until they are loaded. */
export const builtIn = signal<Policy[]>([]);

const ids = computed(() => new Set(builtIn.value.map(({ id }) => id)));

/** Whether a policy of this id is a built-in one. */
export const isBuiltIn = (id: string): boolean => ids.value.has(id);

/** Loads them, once. */
export async function loadCatalogue(): Promise<void> {
  if (builtIn.value.length === 0) builtIn.value = await call("builtIn", { choice: plain }).catch(() => []);
}
