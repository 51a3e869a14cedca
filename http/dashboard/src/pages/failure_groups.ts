// Sagas that went wrong in the same way, together.
import { getSaga, listSagas } from "../api/calls";
import type { Saga, Status } from "../api/types";
import { effortName } from "../saga/attempts";

/** At most so many are looked at, and at most so many at once. */
export const lookedAtMax = 200;
const atOnce = 6;

export interface Group {
  key: string;
  definition: string;
  /** The step, its undo, or the state that waits. */
  where: string;
  code: string;
  /** Of the newest. */
  message: string;
  sagas: Saga[];
}

export interface Groups {
  groups: Group[];
  /** There are more than were looked at. */
  more: boolean;
}

interface Failure {
  where: string;
  code: string;
  message: string;
}

/** What differs from saga to saga is left out: numbers, quoted texts. */
const fingerprint = (message: string): string =>
  message
    .replace(/\d+/g, "#")
    .replace(/'[^']*'/g, "'…'")
    .slice(0, 120);

const httpCode = (message: string): string | undefined => /HTTP \d{3}/.exec(message)?.[0];

function failureOf(saga: Saga): Failure {
  const waiting = saga.pending.find((one) => one.waitingFor === "operator");
  if (waiting) {
    const message = waiting.lastError ?? saga.stuckReason ?? "";
    const code = httpCode(message) ?? "unknown";
    return { where: effortName(waiting.step, waiting.phase), code, message };
  }
  if (saga.parking)
    return { where: saga.parking.state, code: "parked", message: saga.parking.reason };
  const error = saga.error;
  // No step: the saga was unwound by somebody, by its table, or because it was late.
  if (error)
    return {
      where: error.step ?? saga.states.join(", "),
      code: error.code || "failed",
      message: error.message,
    };
  const message = saga.stuckReason ?? saga.unwind?.reason ?? "no reason is known";
  return { where: saga.states.join(", "), code: saga.status, message };
}

export function groupsOf(sagas: Saga[]): Group[] {
  const groups = new Map<string, Group>();
  for (const saga of sagas) {
    const failure = failureOf(saga);
    const { definition } = saga;
    const key = [definition, failure.where, failure.code, fingerprint(failure.message)].join(" · ");
    const group = groups.get(key) ?? { key, definition, ...failure, sagas: [] };
    group.sagas.push(saga);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.sagas.length - a.sagas.length);
}

/** Calls `act` for each of the items, some at once, in order; stops when `signal` does. */
async function forEach<T, R>(items: T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await act(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

/** Details by id; those of the same revision are not asked for again. */
const known = new Map<string, Saga>();

export async function loadGroups(status: Status, signal: AbortSignal): Promise<Groups> {
  const page = await listSagas({ status: [status] }, { size: lookedAtMax }, signal);
  const sagas = await forEach(page.sagas, async (summary) => {
    const old = known.get(summary.id);
    const saga = old?.revision === summary.revision ? old : await getSaga(summary.id, signal);
    known.set(saga.id, saga);
    return saga;
  });
  const still = sagas.filter((saga) => saga.status === status);
  return { groups: groupsOf(still), more: page.nextPageToken !== undefined };
}
