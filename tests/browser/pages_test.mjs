// Every page, with sagas in every situation: it shows what there is, fits, and can be used by all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expectAccessible, expectFits, expectText, withBrowser } from "./browser.mjs";
import { approval } from "./definitions.mjs";
import { hostile, populate } from "./scenes.mjs";

const held = withBrowser((world) => populate(world));

const places = [
  ["overview", "/", "In flight", ".tiles"],
  ["sagas", "/sagas", "shop-fine", ".table--sagas"],
  ["a stuck saga", "/sagas/shop-refund-1", "undo of charge", ".diagram"],
  ["a saga with regions", "/sagas/order-2?look=all", "OrderNotFulfilled", ".diagram"],
  ["steps", "/sagas/transfer-3?tab=steps", "undone", ".steps"],
  ["data", "/sagas/shop-fine?tab=data", "customer", ".json"],
  ["related", "/sagas/family-1?tab=related", "family-1.child", ".table--sagas"],
  ["raw", "/sagas/shop-fine?tab=raw", "allowedActions", ".json"],
  ["attention", "/attention", "undo of charge", ".groups"],
  ["definitions", "/definitions", "money-transfer", ".table--definitions"],
  ["a definition", "/definitions/vehicle-sale", "tell-lost", ".diagram"],
  ["steps of a definition", "/definitions/shop?tab=steps", "refund", ".table--plain"],
  ["source", "/definitions/shop?tab=source&form=steps", "businessKey", ".source"],
  ["start", "/start?definition=shop", "customer", ".input-form"],
  ["try", "/try", "Nothing is wrong", ".editor"],
  ["no such page", "/nowhere", "There is no such page", ".notice"],
];

for (const [name, path, text, selector] of places)
  for (const colorScheme of ["light", "dark"])
    test(`${name} (${colorScheme}) shows its content and is accessible`, () =>
      held.at(path, { colorScheme }, async (page) => {
        await page.locator(selector).first().waitFor();
        await expectText(page.locator("main"), text);
        await expectAccessible(page);
      }));

for (const [name, path, , selector] of places)
  test(`${name} fits a narrow screen`, () =>
    held.at(path, { viewport: { width: 400, height: 800 } }, async (page) => {
      await page.locator(selector).first().waitFor();
      await expectFits(page);
    }));

test("every status that there is, is shown with icon and word", () =>
  held.at("/sagas", {}, async (page) => {
    for (const status of [
      "running",
      "compensating",
      "stuck",
      "completed",
      "compensated",
      "failed",
      "cancelled",
      "terminated",
    ]) {
      const badge = page.locator(`td .status--${status}`).first();
      await badge.waitFor();
      assert.equal((await badge.innerText()).trim(), status);
      assert.equal(await badge.locator("svg").count(), 1);
    }
  }));

test("a status that this page does not know is shown as it is", async () => {
  await held.at("/definitions", {}, async (page) => {
    await page.route("**/v1/sagas?*", async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      for (const saga of body.sagas) saga.status = saga.id === "shop-fine" ? "paused" : "dreaming";
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto(`${held.world.url}/sagas`);
    await expectText(page.locator("td .status--unknown"), "dreaming");
    await expectText(page.locator("td .status--paused"), "paused");
  });
});

test("what users can set is text and nothing else", async () => {
  const note = '<svg onload="window.pwned=1">';
  const input = { who: hostile.key, note, data: { [hostile.key]: [note, "\u202Ertl", "😀"] } };
  await held.world.start("approval", "hostile-1", input, {
    businessKey: hostile.key,
    tags: { "<b>": note },
  });
  await held.world.api("POST", "/v1/sagas/hostile-1/cancel", { reason: note });
  const description = hostile.key;
  await held.world.api("POST", "/v1/definitions", { ...approval, saga: "hostile", description });
  for (const path of [
    "/sagas",
    `/sagas?${new URLSearchParams({ key: hostile.key })}`,
    "/sagas/hostile-1?tab=data",
    "/sagas/hostile-1?tab=raw",
    "/sagas/hostile-1?look=all",
    "/sagas/hostile-1?tab=related",
    `/sagas/${hostile.long}`,
    "/start?definition=approval&like=hostile-1",
    "/attention",
    "/definitions",
    "/definitions/hostile?tab=source",
    "/start?definition=hostile",
    `/sagas/${encodeURIComponent(hostile.key)}`,
    `/definitions/${encodeURIComponent(hostile.key)}`,
  ])
    for (const width of [1280, 400])
      await held.at(path, { viewport: { width, height: 800 } }, async (page) => {
        await page.locator("#main > :not(.notice--loading)").first().waitFor();
        await page.locator(".notice--loading").first().waitFor({ state: "detached" });
        assert.equal(await page.evaluate(() => window.pwned), undefined);
        assert.equal(await page.locator("main img, main script").count(), 0);
        await expectFits(page);
      });
});

test("texts from right to left and emoji do not disturb what is around them", () =>
  held.at(`/sagas?${new URLSearchParams({ key: hostile.key })}`, {}, async (page) => {
    const key = page.locator("td.cell-key bdi").first();
    await key.waitFor();
    assert.equal(await key.innerText(), hostile.key);
    await expectText(page.locator(".pill--set bdi"), "שלום");
  }));

test("the saga that waits says why in a sentence, and what would be undone", () =>
  held.at("/sagas/slow-undo", {}, async (page) => {
    await expectText(page.locator("#why"), "charge");
    await expectText(page.locator(".wait"), /undo of charge\s+the next attempt comes in \d+ min/);
    await page.locator('[data-card="undo charge"].card--current').waitFor();
    await page.locator('[data-card="ship"].card--failed').waitFor();
  }));

test("the picture shows where a saga is, what ran and what was undone", async () => {
  await held.at("/sagas/transfer-3", {}, async (page) => {
    await page.locator('[data-card="TransferFailed"].card--end').waitFor();
    await page.locator('[data-card="undo TransferInitiated"].card--undone').waitFor();
    await page.locator('[data-card="SourceAccountDebited"].card--failed').waitFor();
    assert.equal(await page.locator('[data-card="TransferCompleted"].card--visited').count(), 0);
  });
  await held.at("/sagas/stock-1", {}, async (page) => {
    await page.locator('[data-card="ItemReserved"].card--current').waitFor();
    assert.equal(await page.locator(".line--taken").count(), 1);
  });
});

test("a saga that is not there, and a server that is not there, are told", async () => {
  await held.at("/sagas/nobody", {}, async (page) => {
    await expectText(page.locator("[role=alert]"), /SAGA_NOT_FOUND|NOT_FOUND/);
  });
  await held.at("/definitions", {}, async (page) => {
    await page.route("**/v1/**", (route) => route.abort());
    await page.getByRole("link", { name: "Sagas", exact: true }).first().click();
    await expectText(page.locator("[role=alert]"), "The server does not answer");
    await page.unroute("**/v1/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("a[data-row]").first().waitFor();
  });
});

test("big payloads are shown in part", async () => {
  const long = "x".repeat(300_000);
  await held.world.start("approval", "big", {
    note: long,
    data: Array.from({ length: 5000 }, () => 1),
  });
  await held.at("/sagas/big?tab=data", {}, async (page) => {
    const tree = page.getByRole("region", { name: "Input" });
    await tree.getByRole("button", { name: /Show all \(293 KiB\)/ }).waitFor();
    await tree.getByRole("button", { name: "4900 more" }).waitFor();
    assert.ok((await tree.innerText()).length < 5000);
  });
});

test("a group of failures is at an address of its own, with its sagas", () =>
  held.at("/attention", {}, async (page) => {
    const group = page.locator(".group", { hasText: "undo of charge" });
    await group.locator(".group__fold").click();
    await group.locator("a[data-row]", { hasText: "shop-refund-2" }).waitFor();
    await page.reload();
    await group.locator("a[data-row]", { hasText: "shop-refund-2" }).waitFor();
    assert.equal(await group.locator(".count--large").innerText(), "3");
  }));

test("the overview counts by definition and status, and leads to the sagas counted", () =>
  held.at("/", {}, async (page) => {
    const row = page.locator(".table--counts tr", { hasText: "money-transfer" });
    await row.getByRole("link", { name: "4", exact: true }).click();
    await page.waitForURL(/\/sagas\?definition=money-transfer&status=completed/);
    await page.locator("a[data-row]").nth(3).waitFor();
    assert.equal(await page.locator("a[data-row]").count(), 4);
  }));
