// What happens elsewhere shows by itself, in every tab, and again after the server was away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expectText, withBrowser } from "./browser.mjs";
import { order, prepare } from "./scenes.mjs";
import { waitFor } from "./world.mjs";

const held = withBrowser(async (world) => {
  await prepare(world);
  for (let n = 1; n <= 3; n++) await world.start("approval", `waits-${n}`, { who: "a" });
});

const live = (page) => page.locator(".pulse--live").waitFor();

test("a row changes in place; new ones wait until they are asked for", () =>
  held.at("/sagas", {}, async (page) => {
    await live(page);
    const rows = page.locator("a[data-row]");
    await rows.nth(2).waitFor();
    const before = await rows.allInnerTexts();
    await held.world.api("POST", "/v1/sagas/waits-2/cancel", {});
    await page.locator("tr", { hasText: "waits-2" }).locator(".status--cancelled").waitFor();
    await held.world.start("shop", "new-1", order(1));
    await held.world.start("shop", "new-2", order(2));
    const fresh = page.getByRole("button", { name: "2 new – show" });
    await fresh.waitFor();
    assert.deepEqual(await rows.allInnerTexts(), before, "no row moved");
    await fresh.click();
    await rows.filter({ hasText: "new-2" }).waitFor();
    assert.equal((await rows.allInnerTexts()).length, before.length + 2);
  }));

test("a row that leaves the filter stays, with its new status", async () => {
  await held.world.start("approval", "leaves", { who: "a" });
  await held.at("/sagas?status=running", {}, async (page) => {
    await live(page);
    const row = page.locator("tr", { hasText: "leaves" });
    await row.waitFor();
    await held.world.api("POST", "/v1/sagas/leaves/cancel", {});
    await row.locator(".status--cancelled").waitFor();
  });
});

test("the page of a saga follows it", async () => {
  await held.world.start("approval", "followed", { who: "a" });
  await held.at("/sagas/followed", {}, async (page) => {
    await live(page);
    await page.locator('[data-card="answer"].card--current').waitFor();
    await held.world.api("POST", "/v1/sagas/followed/signals/approved", { by: "Egil" });
    await page.locator(".saga-head--stuck").waitFor();
    await page.locator('[data-card="answer"].card--stuck').waitFor();
    await expectText(page.locator(".history"), "signal");
    await held.world.api("POST", "/v1/sagas/followed/retry", {});
    await page.locator(".saga-head--completed").waitFor();
    await page.locator('[data-card="completed"].card--end').waitFor();
  });
});

test("the overview counts what is started", () =>
  held.at("/", {}, async (page) => {
    const cell = page.locator(".table--counts tr", { hasText: "patient" }).locator("td").last();
    await cell.waitFor();
    assert.equal((await cell.innerText()).trim(), "0");
    await held.world.start("patient", "counted", {});
    await expectText(cell, "1");
  }));

test("after the server was away the page says so, comes back and is up to date", async () => {
  await held.world.start("approval", "survives", { who: "a" });
  await held.at("/sagas/survives", {}, async (page) => {
    await live(page);
    await held.world.stopSkald("SIGKILL");
    await page.locator(".pulse--lost").waitFor();
    assert.ok(await page.locator(".saga-head--running").isVisible(), "what was shown stays");
    await held.world.startSkald();
    await held.world.api("POST", "/v1/sagas/survives/cancel", {});
    await page.locator(".saga-head--cancelled").waitFor({ timeout: 20_000 });
    await live(page);
  });
});

test("a hidden tab lets go of the stream, and is up to date when it is seen again", () =>
  held.at("/sagas", {}, async (page) => {
    await live(page);
    await page.locator("a[data-row]").first().waitFor();
    const hide = (hidden) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    const gone = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/stream"));
    await hide(true);
    await gone;
    await page.locator(".pulse--hidden").waitFor();
    await held.world.start("shop", "meanwhile", order(20));
    await hide(false);
    await live(page);
    await page.getByRole("button", { name: "1 new – show" }).waitFor();
  }));

test("many tabs share one stream, and another one leads when the first is closed", () =>
  held.at("/sagas", {}, async (page) => {
    const streams = new Set();
    const context = page.context();
    context.on("request", (request) => {
      if (!request.url().endsWith("/v1/stream")) return;
      streams.add(request);
    });
    context.on("requestfailed", (request) => streams.delete(request));
    await page.reload();
    await live(page);
    const others = [];
    for (let n = 0; n < 7; n++) {
      const other = await context.newPage();
      await other.goto(`${held.world.url}/sagas`);
      await live(other);
      await other.locator("a[data-row]").first().waitFor();
      others.push(other);
    }
    assert.equal(streams.size, 1, "one stream for eight tabs");
    await held.world.start("shop", "seen-by-all", order(9));
    for (const tab of [page, ...others]) await tab.getByRole("button", { name: /1 new/ }).waitFor();
    await page.close();
    await waitFor(() => streams.size === 2, "another tab to open the stream");
    await held.world.start("shop", "seen-by-the-rest", order(10));
    for (const tab of others) await tab.getByRole("button", { name: /2 new/ }).waitFor();
  }));
