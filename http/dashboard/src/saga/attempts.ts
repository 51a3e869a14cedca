// The attempts of a saga's steps, read from its history.
import type { Event, Phase } from "../api/types";

export type Outcome =
  | "done"
  | "refused"
  | "unknown"
  | "working"
  | "settled"
  | "exhausted"
  | "under way";

export interface Attempt {
  step: string;
  phase: Phase;
  attempt: number;
  began: string;
  /** Missing while the answer is awaited. */
  ended?: string;
  outcome: Outcome;
  message?: string;
}

/** What one step did in one phase: its attempts, one after the other. */
export interface Effort {
  step: string;
  phase: Phase;
  attempts: Attempt[];
}

const outcomes: Record<string, Outcome> = {
  done: "done",
  refused: "refused",
  unknown: "unknown",
  skipped: "settled",
  stillWorking: "working",
};

const signOf = (event: Event): string => `${event.step} ${event.phase ?? "forward"}`;

/** In the order in which they began. */
export function attemptsOf(events: Event[]): Attempt[] {
  const attempts: Attempt[] = [];
  const open = new Map<string, Attempt>();
  for (const event of events) {
    if (!event.step) continue;
    const sign = signOf(event);
    if (event.kind === "called" || event.kind === "probed") {
      const attempt: Attempt = {
        step: event.step,
        phase: event.phase ?? "forward",
        attempt: event.attempt ?? 1,
        began: event.at,
        outcome: "under way",
      };
      attempts.push(attempt);
      open.set(sign, attempt);
      continue;
    }
    const outcome = outcomes[event.kind];
    const attempt = open.get(sign);
    if (!outcome || !attempt) continue;
    attempt.outcome = outcome;
    attempt.message = event.message;
    if (outcome === "working") continue;
    attempt.ended = event.at;
    open.delete(sign);
  }
  return attempts;
}

/** Attempts of the same step and phase together, in the order of the first. */
export function effortsOf(attempts: Attempt[]): Effort[] {
  const efforts = new Map<string, Effort>();
  for (const attempt of attempts) {
    const sign = `${attempt.step} ${attempt.phase}`;
    const effort = efforts.get(sign) ?? { step: attempt.step, phase: attempt.phase, attempts: [] };
    effort.attempts.push(attempt);
    efforts.set(sign, effort);
  }
  return [...efforts.values()];
}

/** "refund", "charge", "charge (probe)": the step in a phase, as people call it. */
export const effortName = (step: string, phase: Phase): string =>
  phase === "undo" ? `undo of ${step}` : phase === "probe" ? `probe of ${step}` : step;
