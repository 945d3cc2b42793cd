import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Two entries: the workbench (the live application) and the site (styles of the server-rendered pages). */
export default defineConfig({
  plugins: [svelte()],
  base: "/static/",
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    target: "es2022",
    rollupOptions: { input: ["src/workbench/main.ts", "src/site/site.ts"] },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
