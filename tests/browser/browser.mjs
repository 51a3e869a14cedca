// A real Chromium, and what every test asks of a page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { World } from "./world.mjs";

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"], // the tests may run as root, where there is no sandbox
  });

/** What a page must never say: errors of scripts, and of the content policy. */
function watch(page) {
  page.defects = [];
  page.on("pageerror", (error) => page.defects.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    const text = message.text();
    // The browser reports refused requests by itself; what the page makes of them is tested.
    const ofNetwork = /Failed to load resource|net::ERR_/.test(text);
    if (message.type() === "error" && !ofNetwork) page.defects.push(text);
  });
}

/** A world and a browser for the tests of one file; `prepare` fills the world. */
export function withBrowser(prepare) {
  const held = {};
  before(async () => {
    held.world = await World.start();
    await prepare(held.world);
    held.browser = await launch();
  });
  after(async () => {
    await held.browser?.close();
    await held.world?.close();
  });
  /** Opens a page at `path`; options as of a browser context. Checks at the end for defects. */
  held.at = async (path, options, act) => {
    const context = await held.browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    context.setDefaultTimeout(10_000);
    try {
      const page = await context.newPage();
      watch(page);
      await page.goto(held.world.url + path);
      await page.locator("main :not(.notice--loading)").first().waitFor();
      await act(page);
      assert.deepEqual(page.defects, []);
    } finally {
      await context.close();
    }
  };
  return held;
}

/** Fails with every finding of axe that is serious or critical. */
export async function expectAccessible(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const grave = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  const told = grave.map(
    (one) =>
      `${one.id}: ${one.help}: ${one.nodes
        .map((node) => node.html)
        .slice(0, 3)
        .join(" ")}`,
  );
  assert.deepEqual(told, []);
}

/** Nothing may be wider than the screen. */
export async function expectFits(page) {
  const { inner, scroll } = await page.evaluate(() => ({
    inner: document.documentElement.clientWidth,
    scroll: document.documentElement.scrollWidth,
  }));
  assert.ok(scroll <= inner, `the page is ${scroll} wide on a screen of ${inner}`);
}

/** Waits until the list of elements has these texts. */
export async function expectText(locator, pattern) {
  await locator.filter({ hasText: pattern }).first().waitFor();
}
