// What an operator has to look at: stuck and failed sagas, grouped by what went wrong.
import { useState } from "preact/hooks";
import { useLoaded } from "../live/loaded";
import { Icon } from "../parts/icon";
import { Empty, WhenLoaded } from "../parts/notice";
import { When } from "../parts/when";
import { definitionHref, param, setParams } from "../router";
import { loadGroups, lookedAtMax, type Group, type Groups } from "./failure_groups";
import { RetryAll } from "./retry_all";
import { SagaTable } from "./saga_table";

const times = (group: Group): string[] => group.sagas.map((saga) => saga.updated).sort();

function GroupRow({ group, retry }: { group: Group; retry?: () => void }) {
  const open = param("group") === group.key;
  const all = times(group);
  const first = all[0] ?? "";
  const last = all[all.length - 1] ?? "";
  return (
    <li class={open ? "group group--open" : "group"}>
      <div class="group__head">
        <button
          type="button"
          class="group__fold"
          data-row
          aria-expanded={open}
          onClick={() => setParams({ group: open ? "" : group.key }, { replace: true })}
        >
          <Icon name={open ? "down" : "right"} />
          <span class="count count--large">{group.sagas.length}</span>
          <span class="group__what">
            <span>
              <strong>{group.where}</strong> <span class="tag">{group.code}</span>
            </span>
            <bdi class="group__message">{group.message}</bdi>
          </span>
        </button>
        <span class="group__meta muted">
          <a href={definitionHref(group.definition)}>{group.definition}</a>
          <br />
          first <When at={first} />, last <When at={last} />
        </span>
        {retry && (
          <button type="button" onClick={retry}>
            {group.sagas.length === 1 ? "Retry" : `Retry all ${group.sagas.length}`}
          </button>
        )}
      </div>
      {open && <SagaTable sagas={group.sagas} label="Sagas of the group" />}
    </li>
  );
}

interface ListProps {
  groups: Groups;
  retry?: (group: Group) => void;
}

const GroupList = ({ groups, retry }: ListProps) => (
  <>
    {groups.more && <p class="muted">There are more; the newest {lookedAtMax} were looked at.</p>}
    <ul class="groups">
      {groups.groups.map((group) => (
        <GroupRow key={group.key} group={group} retry={retry && (() => retry(group))} />
      ))}
    </ul>
  </>
);

export function Attention() {
  const stuck = useLoaded("groups stuck", (signal) => loadGroups("stuck", signal));
  const failed = useLoaded("groups failed", (signal) => loadGroups("failed", signal));
  const [retried, setRetried] = useState<Group>();
  return (
    <>
      <div class="page-head">
        <h1>Needs attention</h1>
      </div>
      <section class="panel">
        <h2>Stuck: they cannot move without an operator</h2>
        <WhenLoaded loaded={stuck} what="stuck sagas">
          {(groups) =>
            groups.groups.length === 0 ? (
              <Empty icon="done" title="No saga needs attention">
                <p>A saga that cannot move without you shows up here, with its reason.</p>
              </Empty>
            ) : (
              <GroupList groups={groups} retry={setRetried} />
            )
          }
        </WhenLoaded>
      </section>
      <section class="panel">
        <h2>Failed: refused before anything had an effect</h2>
        <WhenLoaded loaded={failed} what="failed sagas">
          {(groups) =>
            groups.groups.length === 0 ? (
              <p class="good">
                <Icon name="done" /> No saga has failed.
              </p>
            ) : (
              <GroupList groups={groups} />
            )
          }
        </WhenLoaded>
      </section>
      {retried && (
        <RetryAll
          group={retried}
          close={() => {
            setRetried(undefined);
            stuck.reload();
          }}
        />
      )}
    </>
  );
}
