// The rows of the list of sagas. They change in place; new ones wait until they are asked for, so
// that nothing moves under the reader's eyes.
import { useEffect, useRef, useState } from "preact/hooks";
import { findSaga, listSagas, type SagaFilter } from "../api/calls";
import { problemOf } from "../api/client";
import { hasEnded, type Problem, type Summary } from "../api/types";
import { onUpdate, type Update } from "../live/connection";

export const pageSize = 50;
/** Rows that left the list and are asked for one by one, in one go. */
const leftMax = 10;

export interface Rows {
  sagas?: Summary[];
  nextToken?: string;
  problem?: Problem;
  /** How many new ones wait to be shown. */
  waiting: number;
}

const matches = (saga: Summary, filter: SagaFilter): boolean =>
  (!filter.status?.length || filter.status.includes(saga.status)) &&
  (!filter.definition || filter.definition === saga.definition) &&
  (!filter.businessKey || filter.businessKey === saga.businessKey);

/** The rows with what is newer of them in `sagas`. */
function renewed(rows: Summary[], sagas: Summary[]): Summary[] {
  const fresh = new Map(sagas.map((saga) => [saga.id, saga]));
  return rows.map((row) => {
    const saga = fresh.get(row.id);
    return saga && saga.revision > row.revision ? saga : row;
  });
}

/** One page of the list, kept up to date. */
class RowKeeper {
  #rows: Rows = { waiting: 0 };
  #waiting = new Set<string>();
  #stop = new AbortController();
  #busy = false;

  constructor(
    private readonly filter: SagaFilter,
    private readonly token: string,
    private readonly publish: (rows: Rows) => void,
  ) {
    this.#keep({ waiting: 0 });
    void this.load(true);
  }

  close(): void {
    this.#stop.abort();
  }

  /** With `whole` the page is shown as it is now; without, rows stay where they are. */
  async load(whole: boolean): Promise<void> {
    if (this.#busy && !whole) return;
    this.#busy = true;
    try {
      const options = { size: pageSize, token: this.token };
      const page = await listSagas(this.filter, options, this.#stop.signal);
      this.#take(page.sagas, page.nextPageToken, whole);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#keep({ ...this.#rows, problem: problemOf(error) });
    }
    this.#busy = false;
  }

  update(update: Update): void {
    const old = this.#rows.sagas;
    if (update.kind === "resync" || !old?.length) return void this.load(false);
    this.#wait(update.sagas.filter((saga) => matches(saga, this.filter)));
    this.#keep({ ...this.#rows, sagas: renewed(old, update.sagas) });
  }

  #take(sagas: Summary[], nextToken: string | undefined, whole: boolean): void {
    const old = this.#rows.sagas;
    if (whole || !old?.length) {
      this.#waiting.clear();
      return this.#keep({ sagas, nextToken, waiting: 0 });
    }
    this.#wait(sagas);
    this.#keep({ sagas: renewed(old, sagas), nextToken: this.#rows.nextToken, waiting: 0 });
    void this.#renewLeft(sagas);
  }

  /** Rows that do not fit the filter any more stay, and say what has become of them. */
  async #renewLeft(listed: Summary[]): Promise<void> {
    const ids = new Set(listed.map((saga) => saga.id));
    const left = (this.#rows.sagas ?? []).filter((row) => !ids.has(row.id));
    const moving = left.filter((row) => !hasEnded(row.status)).slice(0, leftMax);
    const found = await Promise.all(moving.map((row) => findSaga(row.id).catch(() => null)));
    const sagas = found.filter((saga) => saga !== null);
    const old = this.#rows.sagas;
    if (old && sagas.length) this.#keep({ ...this.#rows, sagas: renewed(old, sagas) });
  }

  /** New is what is not shown and not older than all that is. */
  #wait(sagas: Summary[]): void {
    const old = this.#rows.sagas ?? [];
    if (this.token) return;
    for (const saga of sagas)
      if (!old.some((row) => row.id === saga.id) && saga.created >= (old[0]?.created ?? ""))
        this.#waiting.add(saga.id);
  }

  #keep(rows: Rows): void {
    if (this.#stop.signal.aborted) return;
    this.#rows = { ...rows, waiting: this.#waiting.size };
    this.publish(this.#rows);
  }
}

/** The rows of one page; `token` names another page than the first. `show` shows what waits. */
export function useRows(filter: SagaFilter, token: string): [Rows, show: () => void] {
  const [rows, setRows] = useState<Rows>({ waiting: 0 });
  const keeper = useRef<RowKeeper | undefined>(undefined);
  useEffect(() => {
    const own = new RowKeeper(filter, token, setRows);
    keeper.current = own;
    const forget = onUpdate((update) => own.update(update));
    return () => {
      forget();
      own.close();
    };
  }, [JSON.stringify([filter, token])]);
  return [rows, () => void keeper.current?.load(true)];
}
