// Runs the real skald and the real example services on loopback, for tests in a browser. What is
// started here is ended here, by process id.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const buildFolder = process.env.SKALD_BUILD_DIR ?? join(root, "build/release");
const services = ["accounts", "payments", "inventory", "shipping", "notifications"];
/** Participants of the model sagas that nobody plays here: they do not understand what is asked. */
const strangers = ["access", "credit", "drivers", "registry", "vehicles"];
const documents = [
  "stock-reservation.json",
  "delivery-tracking.json",
  "delivery-notices.json",
  "subscription-charge.json",
  "subscription-billing.json",
  "vehicle-sale.yaml",
];

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** A child process that prints one line of JSON once it is ready. */
async function launch(program, options, log) {
  const child = spawn(program, options, { stdio: ["ignore", "pipe", openSync(log, "a")] });
  const ended = once(child, "exit");
  const line = once(createInterface({ input: child.stdout }), "line");
  const first = await Promise.race([line, ended.then(() => null)]);
  if (!first) throw new Error(`${program} did not start: ${readFileSync(log, "utf8")}`);
  const end = async (signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return { ...JSON.parse(first[0]), end };
}

/** Five services and a skald on a folder of their own. */
export class World {
  urls = {};
  #services = [];
  #folder = mkdtempSync(join(tmpdir(), "skald-browser-"));
  #skald;

  static async start({ port, options = [] } = {}) {
    const world = new World();
    world.port = port ?? (await freePort());
    world.options = options;
    for (const name of services) await world.#startService(name);
    await world.startSkald();
    return world;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async #startService(name) {
    const service = await launch(
      join(buildFolder, "examples/services/skald-services"),
      [name, "--data", join(this.#folder, name)],
      join(this.#folder, `${name}.log`),
    );
    this.#services.push(service);
    this.urls[name] = `http://127.0.0.1:${service.port}`;
  }

  async startSkald() {
    const known = strangers.map((name) => [name, this.urls.notifications]);
    const participants = [...Object.entries(this.urls), ...known].flatMap(([name, url]) => [
      "--participant",
      `${name}=${url}`,
    ]);
    const definitions = documents.flatMap((name) => ["--definition", join(root, "sagas", name)]);
    this.#skald = await launch(
      join(buildFolder, "http/skald"),
      [
        "serve",
        "--data",
        join(this.#folder, "skald"),
        "--listen",
        `127.0.0.1:${this.port}`,
        "--drain",
        "1",
        ...participants,
        ...definitions,
        ...this.options,
      ],
      join(this.#folder, "skald.log"),
    );
  }

  async stopSkald(signal = "SIGTERM") {
    await this.#skald.end(signal);
  }

  async close() {
    await this.#skald?.end("SIGKILL");
    for (const service of this.#services) await service.end("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** One exchange with the API; throws when it is refused. */
  async api(method, path, body, headers = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  }

  async knobs(service, knobs) {
    const answer = await fetch(`${this.urls[service]}/knobs`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(knobs),
    });
    if (!answer.ok) throw new Error(`knobs of ${service}: ${await answer.text()}`);
  }

  async post(service, path, body) {
    await fetch(this.urls[service] + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  start(definition, id, input, more = {}) {
    return this.api("POST", "/v1/sagas", { definition, id, input, ...more });
  }

  /** The saga, once it has one of these statuses. */
  async until(id, ...statuses) {
    return waitFor(
      async () => {
        const saga = await this.api("GET", `/v1/sagas/${encodeURIComponent(id)}`);
        return statuses.includes(saga.status) && saga;
      },
      `${id} to be ${statuses.join(" or ")}`,
    );
  }
}

/** The first true value of `condition`; fails after `patience` milliseconds. */
export async function waitFor(condition, what, patience = 30_000) {
  const until = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > until) throw new Error(`waited ${patience} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
