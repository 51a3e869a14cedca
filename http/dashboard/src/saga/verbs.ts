// What an operator can do with a saga: what it is called, and what comes of it, said before.
import type { Definition, Json, Pending } from "../api/types";
import type { IconName } from "../parts/icon";
import { effortName } from "./attempts";
import type { Whole } from "./loading";

export interface Verb {
  /** As the API names it. */
  name: string;
  label: string;
  icon: IconName;
  /** What happens, in a sentence. */
  consequence: (whole: Whole) => string;
  reason: "required" | "optional" | "none";
  /** Cannot be taken back. */
  grave?: boolean;
  done: string;
}

const steps = (names: string[]): string =>
  names.length === 0
    ? "Nothing has to be undone."
    : `Will be undone, in this order: ${names.join(", ")}.`;

function retryConsequence({ saga }: Whole): string {
  if (saga.parking)
    return `It goes on from “${saga.parking.state}” to “${saga.parking.target ?? "where it was"}”.`;
  const waiting = saga.pending.filter((one) => one.waitingFor !== "participant");
  const names = waiting.map((one) => effortName(one.step, one.phase));
  return (
    `Tried again now, with a fresh count of attempts: ${names.join(", ") || "what waits"}. ` +
    "The participant sees the same idempotency key as before."
  );
}

export const verbs: Verb[] = [
  {
    name: "retry",
    label: "Retry",
    icon: "running",
    consequence: retryConsequence,
    reason: "optional",
    done: "Tried again",
  },
  {
    name: "compensate",
    label: "Compensate",
    icon: "undo",
    consequence: ({ explanation }) =>
      `It goes no further and ends as compensated. ${steps(explanation.undoPlan)}`,
    reason: "required",
    grave: true,
    done: "It is being undone",
  },
  {
    name: "cancel",
    label: "Cancel",
    icon: "forbid",
    consequence: ({ explanation }) =>
      `It goes no further and ends as cancelled. ${steps(explanation.undoPlan)}`,
    reason: "optional",
    grave: true,
    done: "Cancelled",
  },
  {
    name: "pause",
    label: "Pause",
    icon: "pause",
    consequence: () => "Nothing new is begun until it is resumed. Answers under way are recorded.",
    reason: "optional",
    done: "Paused",
  },
  {
    name: "resume",
    label: "Resume",
    icon: "play",
    consequence: () => "It goes on from where it was paused.",
    reason: "optional",
    done: "Resumed",
  },
  {
    name: "terminate",
    label: "Terminate",
    icon: "stop",
    consequence: ({ saga }) => {
      const standing = saga.steps.filter(
        (run) => run.undo === "standing" && run.kind !== "readonly",
      );
      return (
        "It ends now, and nothing is undone. " +
        (standing.length
          ? `What it did stays: ${standing.map((run) => run.step).join(", ")}.`
          : "It has done nothing that would stay.")
      );
    },
    reason: "required",
    grave: true,
    done: "Terminated",
  },
  {
    name: "rerun",
    label: "Rerun",
    icon: "running",
    consequence: () => "A new saga is started with the same input. This one stays as it is.",
    reason: "none",
    done: "Started anew",
  },
];

export const verbNamed = (name: string): Verb =>
  verbs.find((verb) => verb.name === name) ?? {
    name,
    label: name,
    icon: "circle",
    consequence: () => `The server allows “${name}”.`,
    reason: "optional",
    done: `Asked for ${name}`,
  };

/** What can be settled by hand: what waits for a retry or an operator. */
export const settleable = (pending: Pending[]): Pending[] =>
  pending.filter((one) => one.waitingFor !== "participant");

export interface Settling {
  as: "done" | "failed" | "skipped";
  label: string;
  consequence: string;
}

export function settlingsOf(pending: Pending): Settling[] {
  if (pending.phase === "undo")
    return [
      {
        as: "done",
        label: "Mark undone by hand",
        consequence: "You have undone it yourself. It counts as undone, and the unwinding goes on.",
      },
      {
        as: "skipped",
        label: "Leave the effect",
        consequence: "The effect stays for good, and the saga will end as terminated.",
      },
    ];
  return [
    {
      as: "done",
      label: "It took effect",
      consequence: "The step counts as done, with the output below, and the saga goes on.",
    },
    {
      as: "failed",
      label: "It had no effect",
      consequence: "The step counts as refused; the saga goes on as its definition says.",
    },
    {
      as: "skipped",
      label: "Skip it",
      consequence: "The step is left as it is, and the saga goes on without it.",
    },
  ];
}

/** The signals that the definition declares, those it waits for first. */
export function signalsOf(definition: Definition | undefined, whole: Whole): string[] {
  const awaited = whole.explanation.waiting.flatMap((one) =>
    one.for === "signal" ? (one.names ?? []) : [],
  );
  const declared = Object.keys(definition?.document.signals ?? {});
  return [...new Set([...awaited, ...declared])];
}

/** What a person typed as JSON; undefined for nothing. Throws with a sentence. */
export function parseJson(text: string): Json | undefined {
  if (!text.trim()) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(`This is not JSON: ${(error as Error).message}`);
  }
}
