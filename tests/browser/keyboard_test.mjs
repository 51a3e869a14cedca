// The dashboard without a mouse, and addresses that hold all of its state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expectText, withBrowser } from "./browser.mjs";
import { order, prepare, stuckUndo } from "./scenes.mjs";

const held = withBrowser(async (world) => {
  await prepare(world);
  for (let n = 1; n <= 3; n++) await world.start("shop", `saga-${n}`, order(n));
  await stuckUndo(world, "stuck.one", 4);
  for (let n = 100; n < 160; n++) await world.start("approval", `many-${n}`, { who: "a" });
});

const focused = (page) => page.evaluate(() => document.activeElement?.textContent ?? "");

test("g and a letter go to the pages", () =>
  held.at("/", {}, async (page) => {
    for (const [key, path] of [
      ["s", "/sagas"],
      ["a", "/attention"],
      ["d", "/definitions"],
      ["o", "/"],
    ]) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await page.waitForURL(held.world.url + path);
    }
  }));

test("j and k move through the rows, Enter opens one", () =>
  held.at("/sagas?definition=shop", {}, async (page) => {
    await page.locator("a[data-row]").nth(3).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    assert.equal(await focused(page), "saga-3");
    await page.keyboard.press("k");
    assert.equal(await focused(page), "stuck.one");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/sagas\/stuck%2Eone$/);
    await page.reload();
    await expectText(page.locator("h1"), "stuck.one");
  }));

test("/ searches: an id opens its saga, anything else lists by business key", () =>
  held.at("/", {}, async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("stuck.one");
    await page.keyboard.press("Enter");
    await page.waitForURL(/stuck%2Eone$/);
    await page.keyboard.press("/");
    await page.keyboard.type("order-2");
    await page.keyboard.press("Enter");
    await page.waitForURL(/key=order-2$/);
    await expectText(page.locator("a[data-row]"), "saga-2");
    await page.keyboard.press("/");
    await page.keyboard.type("no such key");
    await page.keyboard.press("Enter");
    await expectText(page.locator(".notice"), "No saga fits these filters");
  }));

test("? shows the keys, Esc closes them and gives the focus back", () =>
  held.at("/sagas", {}, async (page) => {
    await page.locator("a[data-row]").first().waitFor();
    await page.keyboard.press("j");
    const before = await focused(page);
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await focused(page), before);
  }));

test("an operator retries a stuck saga with nothing but keys", () =>
  held.at("/attention", {}, async (page) => {
    await page.locator("[data-row]").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.locator("a[data-row]").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const retry = page.getByRole("button", { name: "Retry", exact: true });
    await retry.waitFor();
    for (let n = 0; n < 30 && (await focused(page)) !== "Retry"; n++)
      await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Retry");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.getByLabel("Reason").focus();
    await page.keyboard.type("by keys");
    await page.keyboard.press("Enter");
    await page.locator(".saga-head--compensated").waitFor();
  }));

test("tabs move with the arrows and stand in the address", () =>
  held.at("/sagas/saga-1", {}, async (page) => {
    await page.getByRole("tab", { name: "History" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/tab=steps/);
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/tab=data/);
    await page.goBack();
    await page.locator('[role=tab][aria-selected="true"]', { hasText: "Steps" }).waitFor();
  }));

test("filters, views and pages stand in the address; back leads back", () =>
  held.at("/sagas", {}, async (page) => {
    await page
      .getByRole("group", { name: "Views" })
      .getByRole("button", { name: "In flight" })
      .click();
    await page.waitForURL(/status=running%2Ccompensating%2Cpaused%2Cstuck/);
    await page
      .getByRole("group", { name: "Statuses" })
      .getByRole("button", { name: "running" })
      .click();
    await page.waitForURL(/status=compensating%2Cpaused%2Cstuck$/);
    await page.goBack();
    await page.getByRole("button", { name: "In flight", pressed: true }).waitFor();
    await page.getByLabel("Definition").selectOption("approval");
    await page.waitForURL(/definition=approval/);
    await page.getByRole("button", { name: "Older" }).click();
    await page.waitForURL(/page=/);
    await expectText(page.locator("a[data-row]"), "many-100");
    await page.reload();
    await expectText(page.locator("a[data-row]"), "many-100");
    await page.getByRole("button", { name: "Newest" }).click();
    await expectText(page.locator("a[data-row]"), "many-159");
  }));

test("the theme and the zone are chosen, and stay chosen", () =>
  held.at("/sagas/saga-1", { timezoneId: "Asia/Kolkata" }, async (page) => {
    const background = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await page.getByRole("button", { name: "Theme: auto" }).click();
    await page.getByRole("button", { name: "Theme: light" }).click();
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    assert.notEqual(await background(), light);
    const started = page.locator(".facts div", { hasText: "Started" }).locator("time");
    const local = await started.innerText();
    await page.getByRole("button", { name: "Times in local" }).click();
    const utc = await started.innerText();
    const iso = await started.getAttribute("datetime");
    assert.equal(utc, iso.replace("T", " ").replace("Z", ""));
    assert.equal(Date.parse(`${local.replace(" ", "T")}+05:30`), Date.parse(iso));
    await page.reload();
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    await page.getByRole("button", { name: "Times in UTC" }).waitFor();
  }));
