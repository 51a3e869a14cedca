// What a page shows: loaded when it opens, and again when the server says that it is old.
import { useEffect, useRef, useState } from "preact/hooks";
import { problemOf } from "../api/client";
import type { Problem } from "../api/types";
import { onUpdate, type Update } from "./connection";

export interface Loaded<T> {
  /** The latest that was loaded; stays while it is loaded again. */
  value?: T;
  /** Why the latest try failed. */
  problem?: Problem;
  loading: boolean;
  reload: () => void;
}

/** At most so often, in milliseconds, unless told otherwise. */
const usualPace = 700;

const always = (): boolean => true;

/**
 * Loads by `load`, anew when `key` changes, and after each update that `concerns` it, but not more
 * often than the pace.
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  concerns: (update: Update) => boolean = always,
  pace = usualPace,
): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; problem?: Problem; busy: boolean }>({
    key,
    busy: true,
  });
  const latest = useRef({ load, concerns });
  latest.current = { load, concerns };
  const reload = useRef<() => void>(() => undefined);

  useEffect(() => {
    const stop = new AbortController();
    let timer: number | undefined;
    let running = false;
    let again = false;
    const run = async () => {
      running = true;
      again = false;
      try {
        const value = await latest.current.load(stop.signal);
        if (!stop.signal.aborted) setState({ key, value, busy: false });
      } catch (error) {
        if (!stop.signal.aborted)
          setState((old) => ({
            key,
            value: old.key === key ? old.value : undefined,
            problem: problemOf(error),
            busy: false,
          }));
      }
      if (stop.signal.aborted) return;
      timer = window.setTimeout(() => {
        running = false;
        if (again) void run();
      }, pace);
    };
    const ask = () => {
      if (running) again = true;
      else void run();
    };
    reload.current = ask;
    ask();
    const forget = onUpdate((update) => {
      if (update.kind === "resync" || latest.current.concerns(update)) ask();
    });
    return () => {
      forget();
      stop.abort();
      clearTimeout(timer);
    };
  }, [key]);

  const current = state.key === key ? state : { busy: true, value: undefined, problem: undefined };
  return {
    value: current.value,
    problem: current.problem,
    loading: current.busy,
    reload: () => reload.current(),
  };
}

/** Whether an update tells of this saga. */
export const ofSaga =
  (id: string) =>
  (update: Update): boolean =>
    update.kind === "resync" || update.sagas.some((saga) => saga.id === id);
