// Serves the dashboard from its sources, with the API of a running skald behind it, and loads the
// page again when a source changes. Usage: node serve.mjs [--skald URL] [--port PORT]
import { context } from "esbuild";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { bundling, here, page } from "./build.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const skald = new URL(option("skald", "http://127.0.0.1:7070"));
const port = Number(option("port", "7080"));

let files = new Map();
const watchers = new Set();

const reloading = `new EventSource("/reload").onmessage = () => location.reload();`;

const keepOutputs = {
  name: "keep-outputs",
  setup(build) {
    build.onEnd(({ outputFiles = [], errors }) => {
      if (errors.length) return;
      files = new Map(outputFiles.map((file) => [`/assets/${file.path.split("/").pop()}`, file]));
      for (const watcher of watchers) watcher.write("data: changed\n\n");
    });
  },
};

const bundler = await context({
  ...bundling,
  outdir: "/assets",
  sourcemap: "inline",
  write: false,
  plugins: [keepOutputs],
});
await bundler.watch();

/** Hands a request on to skald, and its answer back. */
function hand(incoming, outgoing) {
  const options = { method: incoming.method, headers: { ...incoming.headers, host: skald.host } };
  const onward = request(new URL(incoming.url, skald), options, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.writeHead(502).end());
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

function send(outgoing, type, body) {
  outgoing.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(body);
}

createServer((incoming, outgoing) => {
  const { pathname } = new URL(incoming.url, skald);
  const last = pathname.slice(pathname.lastIndexOf("/") + 1);
  const file = files.get(pathname);
  if (file)
    return send(outgoing, last.endsWith(".css") ? "text/css" : "text/javascript", file.contents);
  if (pathname === "/reload") {
    outgoing.writeHead(200, { "Content-Type": "text/event-stream" });
    watchers.add(outgoing);
    return outgoing.on("close", () => watchers.delete(outgoing));
  }
  if (pathname === "/reload.js") return send(outgoing, "text/javascript", reloading);
  if (pathname === "/favicon.svg")
    return send(outgoing, "image/svg+xml", readFileSync(join(here, "favicon.svg")));
  const ofApi = /^\/(v1|livez|readyz|metrics)(\/|$)/.test(pathname) || last.includes(".");
  if (ofApi) return hand(incoming, outgoing);
  const html = page("/assets/app.js", "/assets/style.css");
  const script = '<script src="/reload.js" defer></script></head>';
  return send(outgoing, "text/html; charset=utf-8", html.replace("</head>", script));
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}, with ${skald.href}`));
