// Sagas that belong to this one: its parent, its children, and those of the same business key.
import { listSagas, findSaga } from "../api/calls";
import type { Definition, Saga, Summary } from "../api/types";
import { useLoaded } from "../live/loaded";
import { WhenLoaded } from "../parts/notice";
import { SagaTable } from "../pages/saga_table";
import { sagaHref } from "../router";

interface Relations {
  children: Summary[];
  sameKey: Summary[];
}

/** A child is called by its parent and the step that started it. */
const childIds = (saga: Saga, definition: Definition | undefined): string[] => {
  const steps = [...saga.pending, ...saga.steps].filter(
    (run) => definition?.document.steps[run.step]?.call.saga,
  );
  const ids = steps.map((run) => `${saga.id}.${run.step}` + (run.run > 1 ? `.${run.run}` : ""));
  return [...new Set(ids)];
};

async function relationsOf(
  saga: Saga,
  definition: Definition | undefined,
  signal: AbortSignal,
): Promise<Relations> {
  const key = saga.businessKey;
  const [children, page] = await Promise.all([
    Promise.all(childIds(saga, definition).map((id) => findSaga(id))),
    key ? listSagas({ businessKey: key }, { size: 20 }, signal) : { sagas: [] },
  ]);
  return {
    children: children.filter((child) => child !== null),
    sameKey: page.sagas.filter((one) => one.id !== saga.id),
  };
}

export function Related({ saga, definition }: { saga: Saga; definition?: Definition }) {
  const loaded = useLoaded(`related ${saga.id} ${saga.revision}`, (signal) =>
    relationsOf(saga, definition, signal),
  );
  return (
    <WhenLoaded loaded={loaded} what="related sagas">
      {({ children, sameKey }) => (
        <>
          {saga.parent && (
            <p>
              It runs for the step <strong>{saga.parent.step}</strong> of{" "}
              <a href={sagaHref(saga.parent.saga)}>
                <bdi>{saga.parent.saga}</bdi>
              </a>
              .
            </p>
          )}
          {children.length > 0 && (
            <>
              <h3>Sagas that its steps have started</h3>
              <SagaTable sagas={children} label="Children" />
            </>
          )}
          {sameKey.length > 0 && (
            <>
              <h3>
                With the same business key, <bdi>{saga.businessKey}</bdi>
              </h3>
              <SagaTable sagas={sameKey} label="Sagas of the same business key" />
            </>
          )}
          {!saga.parent && children.length === 0 && sameKey.length === 0 && (
            <p class="muted">No other saga has to do with this one.</p>
          )}
        </>
      )}
    </WhenLoaded>
  );
}
