// Everything that the page of one saga shows, loaded together so that it fits together.
import { useRef, useState } from "preact/hooks";
import { explainSaga, getDefinition, getSaga, listEvents } from "../api/calls";
import type { Definition, Event, Explanation, Saga } from "../api/types";
import { ofSaga, useLoaded, type Loaded } from "../live/loaded";

export interface Whole {
  saga: Saga;
  explanation: Explanation;
  events: Event[];
  /** Revisions before the first of the events. */
  earlier: number;
  /** Missing when it is not registered any more. */
  definition?: Definition;
}

/** Revisions of history that are loaded at first, and with each "earlier". */
const batchSize = 200;

interface Cache {
  definition?: Definition;
  events: Event[];
  /** The events are those after this revision, up to the next. */
  after: number;
  upTo: number;
}

/** Adds the history up to `revision`, and back to `after`, to what is known. */
async function fillHistory(
  id: string,
  cache: Cache,
  revision: number,
  after: number,
  signal: AbortSignal,
): Promise<void> {
  const read = async (from: number, until: number): Promise<Event[]> => {
    const events: Event[] = [];
    for (let at = from; at < until; ) {
      const page = await listEvents(id, at, Math.min(until - at, 1000), signal);
      events.push(...page.events);
      const last = page.events[page.events.length - 1];
      if (!last || last.revision <= at) break;
      at = last.revision;
    }
    return events;
  };
  if (after < cache.after) {
    const older = await read(after, cache.after);
    cache.events = [...older.filter((one) => one.revision <= cache.after), ...cache.events];
    cache.after = after;
  }
  if (revision > cache.upTo) {
    const newer = await read(cache.upTo, revision);
    cache.events = [...cache.events, ...newer];
    cache.upTo = newer[newer.length - 1]?.revision ?? cache.upTo;
  }
}

async function definitionOf(saga: Saga, cache: Cache, signal: AbortSignal) {
  const known = cache.definition;
  if (known?.name === saga.definition && known.version === saga.version) return known;
  return getDefinition(saga.definition, saga.version, signal).catch(() => undefined);
}

export function useWhole(id: string): [Loaded<Whole>, loadEarlier: () => void] {
  const cache = useRef<Cache | undefined>(undefined);
  const [batches, setBatches] = useState(1);
  const loaded = useLoaded(
    `${id} ${batches}`,
    async (signal): Promise<Whole> => {
      const [saga, explanation] = await Promise.all([getSaga(id, signal), explainSaga(id, signal)]);
      const after = Math.max(0, saga.revision - batches * batchSize);
      cache.current ??= { events: [], after, upTo: after };
      const known = cache.current;
      known.definition = await definitionOf(saga, known, signal);
      await fillHistory(id, known, saga.revision, Math.min(after, known.after), signal);
      return {
        saga,
        explanation,
        events: known.events,
        earlier: known.after,
        definition: known.definition,
      };
    },
    ofSaga(id),
  );
  const shown = useRef<Whole | undefined>(undefined);
  if (loaded.value) shown.current = loaded.value;
  return [{ ...loaded, value: loaded.value ?? shown.current }, () => setBatches(batches + 1)];
}
