export const podHelp: import("@codemirror/state").Extension = [];
