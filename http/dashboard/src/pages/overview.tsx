// What is going on: counts by definition and status, what needs attention, what is oldest.
import { countSagas, listDefinitions, listSagas } from "../api/calls";
import type { CountGroup, Status, Summary } from "../api/types";
import { statuses, underWay } from "../api/types";
import { useLoaded } from "../live/loaded";
import { Icon } from "../parts/icon";
import { Empty, WhenLoaded } from "../parts/notice";
import { StatusBadge } from "../parts/status";
import { definitionHref, href } from "../router";
import { SagaTable } from "./saga_table";

interface Count {
  definition: string;
  by: Map<Status, number>;
  total: number;
}

function byDefinition(groups: CountGroup[], names: string[]): Count[] {
  const counts = new Map<string, Count>();
  const of = (definition: string): Count => {
    const known = counts.get(definition) ?? { definition, by: new Map(), total: 0 };
    counts.set(definition, known);
    return known;
  };
  for (const name of names) of(name);
  for (const { definition, status, count } of groups) {
    const known = of(definition);
    known.by.set(status, (known.by.get(status) ?? 0) + count);
    known.total += count;
  }
  return [...counts.values()].sort((a, b) => a.definition.localeCompare(b.definition));
}

const number = new Intl.NumberFormat("en").format;

/** Known statuses in their order, then those of a newer server. */
function statusesIn(counts: Count[]): Status[] {
  const seen = new Set(counts.flatMap((count) => [...count.by.keys()]));
  const known: Status[] = statuses.filter(
    (status) => underWay.includes(status) || seen.has(status),
  );
  return [...known, ...[...seen].filter((status) => !known.includes(status))];
}

function Counts({ counts, atLeast }: { counts: Count[]; atLeast: boolean }) {
  const columns = statusesIn(counts);
  const most = Math.max(1, ...counts.map((count) => count.total));
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Counts, scrolls">
      <table class="table table--counts">
        <caption class="unseen">Sagas by definition and status</caption>
        <thead>
          <tr>
            <th scope="col">Definition</th>
            {columns.map((status) => (
              <th key={status} scope="col" class="number">
                <StatusBadge status={status} />
              </th>
            ))}
            <th scope="col" class="number">
              Total{atLeast && " (newest 1000)"}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.map((count) => (
            <tr key={count.definition} class="row">
              <th scope="row">
                <a data-row href={definitionHref(count.definition)}>
                  {count.definition}
                </a>
              </th>
              {columns.map((status) => (
                <Cell key={status} status={status} count={count} />
              ))}
              <td class="number">
                <svg
                  class="share"
                  viewBox="0 0 100 8"
                  preserveAspectRatio="none"
                  aria-hidden="true"
                >
                  <rect width={(100 * count.total) / most} height="8" />
                </svg>
                {number(count.total)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ status, count }: { status: Status; count: Count }) {
  const value = count.by.get(status) ?? 0;
  const query = { definition: count.definition, status };
  return (
    <td class="number">
      {value === 0 ? (
        <span class="muted" aria-label="none">
          ·
        </span>
      ) : (
        <a href={href(["sagas"], query)} class={status === "stuck" ? "bad" : ""}>
          {number(value)}
        </a>
      )}
    </td>
  );
}

const sum = (groups: CountGroup[], wanted: Status[]): number =>
  groups.reduce((all, { status, count }) => all + (wanted.includes(status) ? count : 0), 0);

const tiles: { label: string; statuses: Status[]; at: string; bad?: boolean }[] = [
  { label: "in flight", statuses: underWay, at: href(["sagas"], { status: underWay.join(",") }) },
  { label: "need attention", statuses: ["stuck", "paused"], at: "/attention", bad: true },
  {
    label: "compensating",
    statuses: ["compensating"],
    at: href(["sagas"], { status: "compensating" }),
  },
  { label: "completed", statuses: ["completed"], at: href(["sagas"], { status: "completed" }) },
];

const Tiles = ({ groups }: { groups: CountGroup[] }) => (
  <ul class="tiles">
    {tiles.map((tile) => {
      const value = sum(groups, tile.statuses);
      return (
        <li key={tile.label}>
          <a href={tile.at} class={tile.bad && value > 0 ? "tile tile--bad" : "tile"}>
            <strong class="number">{number(value)}</strong>
            {tile.label}
          </a>
        </li>
      );
    })}
  </ul>
);

/** The list is newest first; the oldest of the last page are at its end. */
async function oldestInFlight(signal: AbortSignal): Promise<Summary[]> {
  const page = await listSagas({ status: underWay }, { size: 1000 }, signal);
  return page.sagas.slice(-5).reverse();
}

export function Overview() {
  const counts = useLoaded("counts", async (signal) => {
    const [counted, rows] = await Promise.all([countSagas(signal), listDefinitions(signal)]);
    const names = [...new Set(rows.map((row) => row.name))];
    return { ...counted, counts: byDefinition(counted.groups, names) };
  });
  const stuck = useLoaded("attention", (signal) =>
    listSagas({ status: ["stuck"] }, { size: 5 }, signal),
  );
  const oldest = useLoaded("oldest", oldestInFlight);
  return (
    <>
      <div class="page-head">
        <h1>Overview</h1>
      </div>
      <WhenLoaded loaded={counts} what="counts">
        {(value) => (
          <>
            <Tiles groups={value.groups} />
            <section class="panel">
              <h2>By definition</h2>
              <Counts counts={value.counts} atLeast={value.atLeast} />
            </section>
          </>
        )}
      </WhenLoaded>
      <section class="panel">
        <h2>Needs attention now</h2>
        <WhenLoaded loaded={stuck} what="what needs attention">
          {(page) =>
            page.sagas.length === 0 ? (
              <p class="good">
                <Icon name="done" /> No saga needs attention.
              </p>
            ) : (
              <>
                <SagaTable sagas={page.sagas} label="Stuck sagas, newest first" />
                <p>
                  <a href="/attention">All of them, grouped by what went wrong</a>
                </p>
              </>
            )
          }
        </WhenLoaded>
      </section>
      <section class="panel">
        <h2>Oldest in flight</h2>
        <WhenLoaded loaded={oldest} what="the oldest sagas">
          {(sagas) =>
            sagas.length === 0 ? (
              <Empty icon="done" title="Nothing is in flight">
                <p>
                  <a href="/start">Start a saga</a>
                </p>
              </Empty>
            ) : (
              <SagaTable sagas={sagas} label="Oldest sagas in flight" />
            )
          }
        </WhenLoaded>
      </section>
    </>
  );
}
