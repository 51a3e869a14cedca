// The list of sagas: views, filters, pages. All of it is in the address.
import { listDefinitions, type SagaFilter } from "../api/calls";
import { statuses, type Status } from "../api/types";
import { useLoaded } from "../live/loaded";
import { Icon } from "../parts/icon";
import { Empty, Loading, ProblemNotice } from "../parts/notice";
import { StatusBadge } from "../parts/status";
import { param, setParams } from "../router";
import { useRows } from "./saga_rows";
import { SagaTable } from "./saga_table";

interface View {
  label: string;
  statuses: Status[];
  /** What it means that there are none. */
  none: string;
}

const views: View[] = [
  { label: "All", statuses: [], none: "No saga has been started yet" },
  {
    label: "In flight",
    statuses: ["running", "compensating", "paused", "stuck"],
    none: "Nothing is in flight",
  },
  { label: "Needs attention", statuses: ["stuck", "paused"], none: "No saga needs attention" },
  { label: "Compensating", statuses: ["compensating"], none: "Nothing is being undone" },
  {
    label: "Ended badly",
    statuses: ["compensated", "failed", "cancelled", "terminated"],
    none: "No saga has ended badly",
  },
];

const filterInAddress = (): SagaFilter => ({
  status: param("status").split(",").filter(Boolean),
  definition: param("definition"),
  businessKey: param("key"),
});

const same = (a: Status[], b: Status[]): boolean =>
  a.length === b.length && a.every((status) => b.includes(status));

const Views = ({ chosen }: { chosen: Status[] }) => (
  <div class="views" role="group" aria-label="Views">
    {views.map((view) => (
      <button
        key={view.label}
        type="button"
        aria-pressed={same(view.statuses, chosen)}
        onClick={() => setParams({ status: view.statuses.join(","), page: "" })}
      >
        {view.label}
      </button>
    ))}
  </div>
);

function StatusPills({ chosen }: { chosen: Status[] }) {
  const toggle = (status: Status) => {
    const next = chosen.includes(status)
      ? chosen.filter((one) => one !== status)
      : [...chosen, status];
    setParams({ status: next.join(","), page: "" });
  };
  const unknown = chosen.filter((status) => !(statuses as readonly string[]).includes(status));
  return (
    <div class="pills" role="group" aria-label="Statuses">
      {[...statuses, ...unknown].map((status) => (
        <button
          key={status}
          type="button"
          class="pill"
          aria-pressed={chosen.includes(status)}
          onClick={() => toggle(status)}
        >
          <StatusBadge status={status} />
        </button>
      ))}
    </div>
  );
}

function DefinitionChoice({ chosen }: { chosen: string }) {
  const loaded = useLoaded("definitions", listDefinitions, () => false);
  const names = [...new Set((loaded.value ?? []).map((row) => row.name))];
  if (chosen && !names.includes(chosen)) names.push(chosen);
  return (
    <label class="field field--inline">
      Definition
      <select
        value={chosen}
        onChange={(event) => setParams({ definition: event.currentTarget.value, page: "" })}
      >
        <option value="">all</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const KeyPill = ({ businessKey }: { businessKey: string }) => (
  <span class="pill pill--set">
    <span>
      business key <bdi>{businessKey}</bdi>
    </span>
    <button
      type="button"
      class="plain"
      aria-label="Remove the filter by business key"
      onClick={() => setParams({ key: "", page: "" })}
    >
      <Icon name="cross" />
    </button>
  </span>
);

const isFiltered = (filter: SagaFilter): boolean =>
  !!(filter.status?.length || filter.definition || filter.businessKey);

function Nothing({ filter }: { filter: SagaFilter }) {
  const view = views.find((one) => same(one.statuses, filter.status ?? []));
  if (!isFiltered(filter))
    return (
      <Empty icon="plus" title="No saga has been started yet">
        <p>
          <a href="/start">Start the first one</a>, or look at the{" "}
          <a href="/definitions">definitions</a> there are.
        </p>
      </Empty>
    );
  const only = view && view.statuses.length > 0 && !filter.definition && !filter.businessKey;
  return (
    <Empty icon={only ? "done" : "search"} title={only ? view.none : "No saga fits these filters"}>
      <p>
        <a href="/sagas">Show all sagas</a>
      </p>
    </Empty>
  );
}

const Pages = ({ next }: { next?: string }) =>
  next || param("page") ? (
    <nav class="pages" aria-label="Pages of the list">
      {param("page") && (
        <button type="button" onClick={() => setParams({ page: "" })}>
          Newest
        </button>
      )}
      {next && (
        <button type="button" onClick={() => setParams({ page: next })}>
          Older
          <Icon name="right" />
        </button>
      )}
    </nav>
  ) : null;

export function Sagas() {
  const filter = filterInAddress();
  const [rows, show] = useRows(filter, param("page"));
  return (
    <>
      <div class="page-head">
        <h1>Sagas</h1>
        <Views chosen={filter.status ?? []} />
      </div>
      <div class="filters">
        <StatusPills chosen={filter.status ?? []} />
        <DefinitionChoice chosen={filter.definition ?? ""} />
        {filter.businessKey && <KeyPill businessKey={filter.businessKey} />}
      </div>
      <div aria-live="polite" class="fresh">
        {rows.waiting > 0 && (
          <button type="button" onClick={show}>
            {rows.waiting} new – show
          </button>
        )}
      </div>
      {rows.problem && <ProblemNotice problem={rows.problem} retry={show} />}
      {!rows.sagas && !rows.problem && <Loading what="sagas" />}
      {rows.sagas?.length === 0 && !rows.problem && <Nothing filter={filter} />}
      {!!rows.sagas?.length && <SagaTable sagas={rows.sagas} label="Sagas, newest first" />}
      <Pages next={rows.nextToken} />
    </>
  );
}
