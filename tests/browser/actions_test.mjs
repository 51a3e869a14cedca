// What an operator does: each action, what is said before, and what comes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expectAccessible, expectText, withBrowser } from "./browser.mjs";
import { order, parked, prepare, registerNewVersions, stuckForward, stuckUndo } from "./scenes.mjs";

const held = withBrowser(async (world) => {
  await prepare(world);
});

const dialog = (page) => page.getByRole("dialog");
const button = (page, name) => page.getByRole("button", { name, exact: true });
const expectStatus = (page, status) => page.locator(`.saga-head .status--${status}`).waitFor();

async function confirm(page, name) {
  await dialog(page).getByRole("button", { name, exact: true }).click();
  await dialog(page).waitFor({ state: "detached" });
}

test("retry says what is tried again, and the saga goes on", async () => {
  await stuckUndo(held.world, "retry-1", 1);
  await held.at("/sagas/retry-1", {}, async (page) => {
    await button(page, "Retry").click();
    await expectText(dialog(page), "undo of charge");
    await expectText(dialog(page), "same idempotency key");
    await expectAccessible(page);
    await dialog(page).getByLabel("Reason").fill("the bank is back");
    await confirm(page, "Retry");
    await expectStatus(page, "compensated");
    await expectText(page.locator(".toast"), "Tried again");
    await expectText(page.locator(".history"), "the bank is back");
  });
});

test("an undo is marked as done by hand, with a reason that must be given", async () => {
  await stuckUndo(held.world, "undo-1", 2);
  await held.at("/sagas/undo-1", {}, async (page) => {
    await button(page, "Settle by hand").click();
    await dialog(page).getByRole("button", { name: "Mark undone by hand" }).click();
    assert.equal(await dialog(page).count(), 1, "a reason is required");
    await dialog(page)
      .getByLabel(/Reason/)
      .fill("paid back in cash");
    await confirm(page, "Mark undone by hand");
    await expectStatus(page, "compensated");
    await page.getByRole("tab", { name: /Steps/ }).click();
    await expectText(page.locator(".step"), "undone by hand");
  });
});

test("leaving an effect says that it stays, and ends as terminated", async () => {
  await stuckUndo(held.world, "leave-1", 3);
  await held.at("/sagas/leave-1", {}, async (page) => {
    await button(page, "Settle by hand").click();
    await dialog(page).getByLabel("Leave the effect").check();
    await expectText(dialog(page), "stays for good");
    await dialog(page)
      .getByLabel(/Reason/)
      .fill("a gift");
    await confirm(page, "Leave the effect");
    await expectStatus(page, "terminated");
  });
});

test("a step is skipped with an output that is JSON", async () => {
  await stuckForward(held.world, "skip-1", 4);
  await held.at("/sagas/skip-1", {}, async (page) => {
    await button(page, "Settle by hand").click();
    await dialog(page)
      .getByLabel(/Reason/)
      .fill("told by telephone");
    await dialog(page).getByLabel("Output, as JSON").fill("{messageId: 1}");
    await dialog(page).getByRole("button", { name: "It took effect", exact: true }).click();
    await expectText(dialog(page).getByRole("alert"), "This is not JSON");
    await dialog(page).getByLabel("Output, as JSON").fill('{"messageId": "by hand"}');
    await confirm(page, "It took effect");
    await expectStatus(page, "completed");
    await page.getByRole("tab", { name: /Steps/ }).click();
    await expectText(page.locator(".json"), "by hand");
  });
});

test("compensate names what will be undone; cancel ends as cancelled", async () => {
  await held.world.start("approval", "comp-1", { who: "a" });
  await held.at("/sagas/comp-1", {}, async (page) => {
    await button(page, "Compensate").click();
    await expectText(dialog(page), "Nothing has to be undone.");
    await dialog(page)
      .getByLabel(/Reason/)
      .fill("a mistake");
    await confirm(page, "Compensate");
    await expectStatus(page, "compensated");
  });
  await held.world.start("approval", "cancel-1", { who: "a" });
  await held.at("/sagas/cancel-1", {}, async (page) => {
    await button(page, "Cancel").click();
    await confirm(page, "Cancel");
    await expectStatus(page, "cancelled");
    assert.equal(await button(page, "Cancel").count(), 0, "nothing can be done any more");
  });
});

test("a signal is sent with its payload, and a refused one says why", async () => {
  await held.world.start("approval", "signal-1", { who: "a" });
  await held.at("/sagas/signal-1", {}, async (page) => {
    await button(page, "Send a signal").click();
    await expectText(dialog(page), "takes it now");
    await dialog(page).getByLabel("Payload, as JSON").fill('{"by": 7}');
    await dialog(page).getByRole("button", { name: "Send", exact: true }).click();
    await expectText(dialog(page).getByRole("alert"), "/by");
    await dialog(page).getByLabel("Payload, as JSON").fill('{"by": "Egil"}');
    await confirm(page, "Send");
    await expectStatus(page, "stuck");
    await expectText(page.locator("#why"), "somebody has to look at it");
  });
});

test("an action that came too late tells what is allowed instead", async () => {
  await held.world.start("approval", "late-1", { who: "a" });
  await held.at("/sagas/late-1", {}, async (page) => {
    await button(page, "Cancel").click();
    await held.world.api("POST", "/v1/sagas/late-1/cancel", {});
    await dialog(page).getByRole("button", { name: "Cancel", exact: true }).click();
    await expectText(dialog(page).getByRole("alert"), /cancelled|ended/);
    await dialog(page).getByRole("button", { name: "Do nothing" }).click();
  });
});

test("migrate shows a dry run first, refusals with their reasons, and then moves", async () => {
  await held.world.start("approval", "move-1", { who: "a" });
  await registerNewVersions(held.world);
  await held.at("/sagas/move-1", {}, async (page) => {
    await button(page, "Migrate").click();
    await dialog(page).getByLabel("To version").selectOption("3");
    await button(page, "Dry run").click();
    await expectText(dialog(page), "It cannot:");
    await expectText(dialog(page).locator(".findings"), "answer");
    await dialog(page).getByLabel("To version").selectOption("2");
    await button(page, "Dry run").click();
    await expectText(dialog(page), "It can: it would be running in answer.");
    await confirm(page, "Migrate");
    await expectText(page.locator(".facts"), "approval@2");
  });
});

test("a long history is loaded from its end, and back when asked for", async () => {
  await held.world.start("approval", "long-1", { who: "a" }, { version: 1 });
  for (let n = 0; n < 220; n++)
    await held.world.api("POST", "/v1/sagas/long-1/migrate", { toVersion: 2 - (n % 2) });
  await held.at("/sagas/long-1?look=all", {}, async (page) => {
    const events = page.locator(".history > li");
    await events.nth(199).waitFor();
    assert.equal(await events.count(), 200);
    await page.getByRole("button", { name: "Show earlier (21 revisions)" }).click();
    await expectText(events, /^\S+\s*started/);
    assert.equal(await page.getByRole("button", { name: /Show earlier/ }).count(), 0);
  });
});

test("the dialog shows the same as a command", async () => {
  await parked(held.world, "curl-1");
  await held.at("/sagas/curl-1", {}, async (page) => {
    await button(page, "Retry").click();
    await dialog(page).getByLabel("Reason").fill("it's time");
    await dialog(page).getByText("As a command").click();
    const command = await dialog(page).locator(".curl code").innerText();
    assert.match(command, /curl -s -X POST 'http.*\/v1\/sagas\/curl-1\/retry'/);
    assert.match(command, /it'\\''s time/);
  });
});

test("everything of a group is retried, and refusals are told", async () => {
  for (const number of [1, 2, 3]) await parked(held.world, `group-${number}`);
  await held.at("/attention", {}, async (page) => {
    const group = page.locator(".group", { hasText: "somebody has to look" });
    const all = group.getByRole("button", { name: /^Retry all/ });
    await all.click();
    await held.world.api("POST", "/v1/sagas/group-2/retry", {});
    await held.world.until("group-2", "completed");
    await dialog(page)
      .getByRole("button", { name: /^Retry all/ })
      .click();
    await expectText(dialog(page), /(\d+) of \1 asked; \d+ accepted, 1 refused/);
    await expectText(dialog(page).locator(".findings"), "group-2");
    await dialog(page).locator(".form__buttons button").click();
    await group.waitFor({ state: "detached" });
  });
  for (const number of [1, 3]) await held.world.until(`group-${number}`, "completed");
});

test("a saga is started by its form, and what is wrong is told by field", () =>
  held.at("/start?definition=shop", {}, async (page) => {
    const given = order(77);
    await page.getByLabel(/^order/).fill(given.order);
    await page.getByLabel(/^customer/).fill(given.customer);
    await page.getByLabel(/^address/).fill(given.address);
    await page.getByLabel(/^amount/).fill("none");
    await page.getByLabel(/^Id/).fill("by-form");
    await page.getByRole("button", { name: "Start the saga" }).click();
    await expectText(page.getByRole("alert"), "amount");
    await page.getByLabel(/^amount/).fill("1200");
    await page.getByLabel("gift").selectOption("true");
    await expectText(page.locator(".curl"), '"amount":1200');
    await page.getByRole("button", { name: "Start the saga" }).click();
    await page.waitForURL(/\/sagas\/by-form$/);
    await expectStatus(page, "completed");
    assert.equal((await held.world.api("GET", "/v1/sagas/by-form")).input.gift, true);
  }));

test("a saga like another begins with its input; hard schemas are edited as JSON", async () => {
  await held.world.start("shop", "like-1", order(78));
  await held.at("/sagas/like-1", {}, async (page) => {
    await page.getByRole("link", { name: "Start one like it" }).click();
    assert.equal(await page.getByLabel(/^customer/).inputValue(), order(78).customer);
  });
  await held.at("/start?definition=order-fulfilment", {}, async (page) => {
    const text = await page.getByLabel(/Input, as JSON/).inputValue();
    assert.deepEqual(JSON.parse(text).items, [{ sku: "", quantity: 1 }]);
  });
});

test("a document is checked as it is typed, in its place, and registered", () =>
  held.at("/try", {}, async (page) => {
    await expectText(page.locator(".verdict"), "Nothing is wrong with it.");
    const area = page.getByLabel("Document");
    const good = await area.inputValue();
    await area.fill(
      good.replace('"wait": { "signal": "answered" }', '"wait": { "signal": "anser" }'),
    );
    const finding = page.locator(".lint li", { hasText: "anser" }).first();
    await finding.waitFor();
    await page.locator(".editor__wrong").first().waitFor();
    assert.ok(await page.getByRole("button", { name: "Register it" }).isDisabled());
    await finding.getByRole("button").click();
    const line = await area.evaluate(
      (element) => element.value.slice(0, element.selectionStart).split("\n").length,
    );
    assert.equal(line, 11);
    await area.fill("{ not json");
    await page.locator(".lint li, .form__problem").first().waitFor();
    await area.fill(good);
    await page.getByRole("button", { name: "Register it" }).click();
    await page.waitForURL(/\/definitions\/greeting\?version=1$/);
    await page.locator('[data-card="wait-for-answer"]').waitFor();
  }));
