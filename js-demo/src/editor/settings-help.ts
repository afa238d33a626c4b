export const settingsHelp: import("@codemirror/state").Extension = [];
