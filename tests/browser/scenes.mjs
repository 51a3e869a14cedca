// Sagas in every situation that the dashboard shows.
import {
  approval,
  approvalNext,
  approvalOther,
  family,
  patient,
  shop,
  slowShop,
} from "./definitions.mjs";
import { waitFor } from "./world.mjs";

export const order = (number, more = {}) => ({
  order: `order-${number}`,
  customer: `customer-${number % 10}`,
  amount: 1000 + number,
  address: "Main Street 1",
  ...more,
});

export async function prepare(world) {
  for (let n = 0; n < 10; n++)
    await world.post("accounts", "/accounts", { id: `account-${n}`, balance: 1_000_000 });
  await world.post("accounts", "/accounts", { id: "poor", balance: 0 });
  for (let n = 0; n < 5; n++)
    await world.post("inventory", "/products", { sku: `sku-${n}`, name: `P ${n}`, quantity: 9999 });
  for (const document of [shop, slowShop, approval, family, patient])
    await world.api("POST", "/v1/definitions", document);
}

/** Versions that sagas under way can be moved to, or not. */
export async function registerNewVersions(world) {
  await world.api("POST", "/v1/definitions", approvalNext);
  await world.api("POST", "/v1/definitions", approvalOther);
}

/** A shop saga whose shipment is refused and whose refund fails: stuck in its undo. */
export async function stuckUndo(world, id, number, more) {
  await world.knobs("payments", { undoError: 1 });
  await world.start("shop", id, order(number, { address: "Atlantis", ...more }));
  await world.until(id, "stuck");
  await world.knobs("payments", { undoError: 0 });
}

/** A saga that undoes, and whose undo is tried again in an hour. */
export async function compensating(world, id, number) {
  await world.knobs("payments", { undoError: 1 });
  await world.start("slow-shop", id, order(number, { address: "Atlantis" }));
  await waitFor(async () => {
    const saga = await world.api("GET", `/v1/sagas/${id}`);
    return saga.pending.some((one) => one.phase === "undo" && one.waitingFor === "retry");
  }, `${id} to wait for the next attempt of its undo`);
  await world.knobs("payments", { undoError: 0 });
}

/** A shop saga that has shipped and cannot tell the customer: stuck past its pivot. */
export async function stuckForward(world, id, number, more) {
  await world.knobs("notifications", { error: 1 });
  await world.start("shop", id, order(number, more));
  await world.until(id, "stuck");
  await world.knobs("notifications", { error: 0 });
}

/** A saga whose definition asks for an operator. */
export async function parked(world, id) {
  await world.start("approval", id, { who: "Astrid" }, { version: 1 });
  await world.api("POST", `/v1/sagas/${id}/signals/approved`, { by: "Egil" });
  await world.until(id, "stuck");
}

export const hostile = {
  key: '<img src=x onerror="window.pwned=1"> שלום 🧨 <script>window.pwned=1</script>',
  long: "a-very-long-name-that-goes-on-and-on-".repeat(5).slice(0, 190),
};

/** All of it; `rough` also with names that are long, and keys that would do harm. */
export async function populate(world, { rough = true } = {}) {
  await prepare(world);
  for (let n = 1; n <= 6; n++) {
    await world.start("money-transfer", `transfer-${n}`, {
      source: n === 5 ? "poor" : `account-${n}`,
      target: n === 3 ? "closed" : `account-${(n + 3) % 10}`,
      amount: 100 * n,
    });
    await world.until(`transfer-${n}`, "completed", "compensated", "failed");
  }
  for (let n = 1; n <= 4; n++) {
    const { address, ...rest } = order(n);
    await world.start("order-fulfilment", `order-${n}`, {
      ...rest,
      address: n === 2 ? "Atlantis" : address,
      items: [{ sku: `sku-${n}`, quantity: n }],
    });
  }
  for (let n = 1; n <= 3; n++) await stuckUndo(world, `shop-refund-${n}`, 100 + n);
  await stuckForward(world, "shop-tell-1", 111);
  await world.start("shop", "shop-fine", order(120));
  await world.start("shop", "shop-refused", order(121, { amount: 9_000_000 }));
  await world.start("approval", "approval-waits", { who: "Astrid", note: "please" });
  await parked(world, "approval-parked");
  await world.start("approval", "approval-cancelled", { who: "Egil" });
  await world.api("POST", "/v1/sagas/approval-cancelled/cancel", { reason: "not needed" });
  await world.start("family", "family-1", { who: "Gudrun" });
  await world.start("stock-reservation", "stock-1", {
    order: "order-900",
    items: [
      { sku: "sku-1", quantity: 2 },
      { sku: "sku-2", quantity: 1 },
    ],
  });
  await world.start("delivery-tracking", "delivery-1", {
    order: "order-901",
    customer: "Astrid",
    restaurant: "The Long Hall",
    address: "Main Street 1",
    amount: 2400,
  });
  await world.knobs("notifications", { error: 1 });
  await world.start("patient", "patient-1", {});
  await waitFor(async () => {
    const saga = await world.api("GET", "/v1/sagas/patient-1");
    return saga.pending[0]?.waitingFor === "retry";
  }, "patient-1 to wait");
  await world.knobs("notifications", { error: 0 });
  if (rough) await stuckForward(world, hostile.long, 130, { order: hostile.key });
  await compensating(world, "slow-undo", 150);
  await world.knobs("payments", { undoError: 1 });
  await world.start("shop", "shop-undoes", order(140, { address: "Atlantis" }));
  await world.until("shop-undoes", "stuck");
  await world.api("POST", "/v1/sagas/shop-undoes/skip", {
    step: "charge",
    as: "skipped",
    reason: "the customer keeps the money",
  });
  await world.knobs("payments", { undoError: 0 });
}
