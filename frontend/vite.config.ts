import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "esbuild";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The workbench (the live application), the site (of all server-rendered pages), the films, the gallery, the curate page, the admin's looks. */
export default defineConfig({
  plugins: [svelte(), prelude(), alpine()],
  base: "/static/",
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    target: "es2022",
    rollupOptions: {
      input: [
        "src/workbench/main.ts",
        "src/site/site.ts",
        "src/replay/main.ts",
        "src/gallery/gallery.ts",
        "src/curation/curate.ts",
        "src/admin/admin.css",
      ],
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});

/** What artifacts get: the prelude, its databases and its pointer, plain files without a hash for the artifact host to serve. */
function prelude(): Plugin {
  return {
    name: "prelude",
    apply: "build",
    async generateBundle() {
      const script = inOneLine(await bundle("src/prelude/main.ts", "iife"));
      const databases = await bundle("src/prelude/databases/databases.ts", "esm");
      this.emitFile({ type: "asset", fileName: "prelude/prelude.js", source: script });
      const pointing = await bundle("src/prelude/pointing/pointer.ts", "esm");
      this.emitFile({ type: "asset", fileName: "prelude/databases.js", source: databases });
      this.emitFile({ type: "asset", fileName: "prelude/pointing.js", source: pointing });
    },
  };
}

/** What the admin pages run instead of scripts that django-unfold brings along; so they have the names of these. */
function alpine(): Plugin {
  return {
    name: "alpine",
    apply: "build",
    async generateBundle() {
      const source = await bundle("src/admin/alpine.ts", "iife");
      this.emitFile({ type: "asset", fileName: "unfold/js/alpine/alpine.js", source });
      const popup = await bundle("src/admin/popup.ts", "iife");
      this.emitFile({ type: "asset", fileName: "admin/js/popup_response.js", source: popup });
    },
  };
}

async function bundle(entry: string, format: "iife" | "esm"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    target: "es2022",
    supported: { "template-literal": false }, // they would keep line breaks
    format,
    legalComments: "none",
    charset: "utf8",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** So that the line numbers of the author's page stay true, and stacks name the prelude's own lines as such. */
function inOneLine(text: string): string {
  const code = text.trim();
  if (/\n|<\/script|<!--/i.test(code))
    throw new Error("The prelude cannot stand in a page: it holds a line break or a tag");
  return `${code}//# sourceURL=playground-prelude`;
}
