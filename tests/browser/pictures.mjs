// Takes the pictures of the READMEs from a real run: node tests/browser/pictures.mjs
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { populate } from "./scenes.mjs";
import { root, World } from "./world.mjs";

const folder = join(root, "http/dashboard/pictures");
/** Bytes. */
const sizeMax = 150_000;

const pictures = [
  { name: "sagas", path: "/sagas", ready: ".pulse--live", height: 560 },
  { name: "saga", path: "/sagas/shop-refund-1", ready: ".diagram", height: 700 },
  { name: "attention", path: "/attention", ready: ".group", height: 420, colorScheme: "dark" },
  { name: "overview", path: "/", ready: ".table--counts", height: 560 },
];

const world = await World.start();
const browser = await launch();
try {
  await populate(world, { rough: false });
  mkdirSync(folder, { recursive: true });
  for (const { name, path, ready, height, colorScheme = "light" } of pictures) {
    const page = await browser.newPage({ viewport: { width: 1280, height }, colorScheme });
    await page.goto(world.url + path);
    await page.locator(ready).first().waitFor();
    await page.locator(".pulse--live").waitFor();
    await page.locator(".notice--loading").first().waitFor({ state: "detached" });
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    const { size } = statSync(file);
    if (size > sizeMax) throw new Error(`${file} has ${size} bytes, more than ${sizeMax}`);
    await page.close();
  }
} finally {
  await browser.close();
  await world.close();
}
