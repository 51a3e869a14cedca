// Bundles the dashboard and writes what the program embeds. Usage:
//   node build.mjs --out DIR      files in DIR/files, and DIR/assets.S and DIR/assets.cpp
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

export const here = dirname(fileURLToPath(import.meta.url));

const types = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** The settings of esbuild that both the build and the development server use. */
export const bundling = {
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx", style: "style.css" },
  bundle: true,
  format: "esm",
  splitting: true,
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

/** index.html with the names that the bundles got. */
export function page(script, style) {
  return readFileSync(join(here, "index.html"), "utf8")
    .replace("{{script}}", script)
    .replace("{{style}}", style);
}

/** Bundles into `folder`; gives the names of the first script and of the style sheet. */
async function bundle(folder) {
  const result = await build({
    ...bundling,
    outdir: join(folder, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    minify: true,
  });
  const outputs = Object.entries(result.metafile.outputs);
  const named = (entry) =>
    "/assets/" +
    outputs
      .find(([, output]) => output.entryPoint === entry)[0]
      .split("/")
      .pop();
  return [named("src/main.tsx"), named("style.css")];
}

/** Every file of the dashboard: {path, type, bytes, gzip, etag, hashed}. */
function collect(folder) {
  const files = readdirSync(join(folder, "assets"))
    .sort()
    .map((name) => `assets/${name}`);
  return ["index.html", "favicon.svg", ...files].map((path) => {
    const bytes = readFileSync(join(folder, path));
    return {
      path: `/${path}`,
      file: join(folder, path),
      type: types[path.split(".").pop()],
      gzip: gzipSync(bytes, { level: 9 }),
      etag: createHash("sha256").update(bytes).digest("hex").slice(0, 20),
      hashed: path.startsWith("assets/"),
    };
  });
}

const blob = (label, file) => `  .balign 16
${label}:
  .incbin "${file}"
${label}_end:
  .byte 0
`;

function assembly(assets) {
  const symbols = assets.flatMap((_, i) => [`skald_asset_${i}`, `skald_asset_${i}_gz`]);
  return (
    symbols.map((name) => `  .global ${name}\n  .global ${name}_end\n`).join("") +
    "  .section .rodata\n" +
    assets
      .map(
        (asset, i) =>
          blob(`skald_asset_${i}`, asset.file) + blob(`skald_asset_${i}_gz`, `${asset.file}.gz`),
      )
      .join("") +
    '  .section .note.GNU-stack,"",%progbits\n'
  );
}

function table(assets) {
  const declared = assets
    .flatMap((_, i) => [`skald_asset_${i}`, `skald_asset_${i}_gz`])
    .map((name) => `extern const char ${name}[];\nextern const char ${name}_end[];\n`);
  const rows = assets.map((asset, i) => {
    const view = (name) => `view(${name}, ${name}_end)`;
    return `      {"${asset.path}", "${asset.type}", "\\"${asset.etag}\\"", ${asset.hashed},
       ${view(`skald_asset_${i}`)}, ${view(`skald_asset_${i}_gz`)}},\n`;
  });
  return `// Written by http/dashboard/build.mjs.
#include "http/dashboard/assets.hpp"

extern "C" {
${declared.join("")}}

namespace skald::http {

std::span<const Asset> assets() {
  const auto view = [](const char* begin, const char* end) {
    return std::string_view(begin, static_cast<std::size_t>(end - begin));
  };
  static const Asset all[] = {
${rows.join("")}  };
  return all;
}

}  // namespace skald::http
`;
}

async function main() {
  const at = process.argv.indexOf("--out");
  if (at < 0 || !process.argv[at + 1]) throw new Error("usage: node build.mjs --out DIR");
  const out = resolve(process.argv[at + 1]);
  const folder = join(out, "files");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "assets"), { recursive: true });
  const [script, style] = await bundle(folder);
  writeFileSync(join(folder, "index.html"), page(script, style));
  writeFileSync(join(folder, "favicon.svg"), readFileSync(join(here, "favicon.svg")));
  const assets = collect(folder);
  for (const asset of assets) writeFileSync(`${asset.file}.gz`, asset.gzip);
  writeFileSync(join(out, "assets.S"), assembly(assets));
  writeFileSync(join(out, "assets.cpp"), table(assets));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
