import { defineConfig } from "vite";

import { examples } from "./scripts/examples.js";
import { podFields } from "./scripts/pod-fields.js";
import { page, offline, virtual } from "./scripts/plugins.js";

export default defineConfig({
  // Relative, so that the site works under any path.
  base: "./",
  // Manifests, the schema and the package lie beside this folder.
  server: { fs: { allow: [".."] } },
  worker: { format: "es" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The editor is one library; what counts is the sum, which a test holds to its limit.
    chunkSizeWarningLimit: 600,
  },
  plugins: [
    virtual("podgate-examples", examples),
    virtual("podgate-pod-fields", podFields),
    page(),
    offline(),
  ],
});
