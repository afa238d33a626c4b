// Completion and hover for the fields of pods and of what carries them.
import { objectAround } from "./object-around";
import type { Shapes } from "./schema";
import { yamlHelp } from "./yaml-help";

let shapes: Shapes | undefined;
// The types are a file of their own, which nothing waits for.
void import("podgate-pod-fields").then((module) => (shapes = module.default));

export const podHelp = yamlHelp((doc, number) => (shapes === undefined ? undefined : objectAround(shapes, doc, number)));
