// Small definitions that get into every situation quickly.

const twice = { attempts: 2, first: "20ms", jitter: 0 };
const text = { type: "string" };

/** Charges and ships; the undo of the charge gives up soon, so a failing refund gets it stuck. */
export const shop = {
  saga: "shop",
  version: 1,
  description: "Takes the payment, ships, tells the customer. Gives up soon.",
  input: {
    type: "object",
    required: ["order", "customer", "amount", "address"],
    additionalProperties: false,
    properties: {
      order: { ...text, minLength: 1, description: "Number of the order" },
      customer: { ...text, minLength: 1 },
      amount: { type: "integer", minimum: 1, description: "In cents" },
      address: text,
      gift: { type: "boolean" },
      speed: { ...text, enum: ["slow", "fast"] },
    },
  },
  businessKey: "${input.order}",
  steps: [
    {
      id: "charge",
      call: {
        http: "POST ${participants.payments}/payments",
        body: { order: "${input.order}", customer: "${input.customer}", amount: "${input.amount}" },
      },
      undo: {
        name: "refund",
        http: "POST ${participants.payments}/refunds",
        body: { order: "${input.order}" },
      },
      retry: twice,
      undoRetry: twice,
    },
    {
      id: "ship",
      kind: "pivot",
      call: {
        http: "POST ${participants.shipping}/shipments",
        body: {
          order: "${input.order}",
          address: "${input.address}",
          items: [{ sku: "sku-1", quantity: 1 }],
        },
      },
      undo: {
        http: "POST ${participants.shipping}/cancellations",
        body: { order: "${input.order}" },
      },
      retry: twice,
    },
    {
      id: "tell",
      kind: "retriable",
      call: {
        http: "POST ${participants.notifications}/messages",
        body: { to: "${input.customer}", text: "It is on its way." },
      },
      retry: twice,
    },
  ],
};

/** Waits for a person, then charges. */
export const approval = {
  saga: "approval",
  version: 1,
  description: "Waits for a signal, at most a day; then an operator looks at it.",
  input: { type: "object", properties: { who: text, note: text, data: {} } },
  signals: { approved: { payload: { type: "object", properties: { by: text } } }, withdrawn: {} },
  steps: [
    {
      id: "answer",
      wait: {
        on: { approved: "continue", withdrawn: "unwind" },
        timeout: "1d",
        onTimeout: [{ fail: "nobody has answered" }],
      },
    },
    { id: "look", park: "somebody has to look at it" },
  ],
};

/** The same with a version that sagas of the first can move to, and one that they cannot. */
export const approvalNext = {
  ...approval,
  version: 2,
  description: "Waits two days.",
  steps: [
    { ...approval.steps[0], wait: { ...approval.steps[0].wait, timeout: "2d" } },
    approval.steps[1],
  ],
};
export const approvalOther = {
  ...approval,
  version: 3,
  description: "Has other steps.",
  steps: [{ id: "other", wait: { on: { approved: "continue", withdrawn: "unwind" } } }],
};

/** A saga that starts another and waits for it. */
export const family = {
  saga: "family",
  version: 1,
  input: { type: "object", properties: { who: text } },
  steps: [
    {
      id: "child",
      call: { saga: "approval", input: { who: "${coalesce(input.?who, 'nobody')}" } },
    },
  ],
};

/** One call to a service that does not answer, tried again for a long time. */
export const patient = {
  saga: "patient",
  version: 1,
  steps: [
    {
      id: "knock",
      noUndo: "knocking leaves nothing",
      call: {
        http: "POST ${participants.notifications}/messages",
        body: { to: "door", text: "knock" },
      },
      retry: { attempts: 20, first: "1h", jitter: 0 },
    },
  ],
};

/** The shop with more patience: its undo is tried again an hour later. */
export const slowShop = {
  ...shop,
  saga: "slow-shop",
  steps: [
    { ...shop.steps[0], undoRetry: { attempts: 9, first: "1h", jitter: 0 } },
    ...shop.steps.slice(1),
  ],
};
