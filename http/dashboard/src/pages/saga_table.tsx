// A table of sagas; on narrow screens each row becomes a card.
import type { Summary } from "../api/types";
import { hasEnded } from "../api/types";
import { StatusBadge } from "../parts/status";
import { Span, When } from "../parts/when";
import { definitionHref, href, sagaHref } from "../router";

function SagaRow({ saga }: { saga: Summary }) {
  return (
    <tr class={hasEnded(saga.status) ? "row row--ended" : "row"}>
      <td class="cell-status">
        <StatusBadge status={saga.status} />
      </td>
      <td class="cell-id">
        <a data-row href={sagaHref(saga.id)} title={saga.id}>
          <bdi>{saga.id}</bdi>
        </a>
      </td>
      <td class="cell-key">
        {saga.businessKey && (
          <a href={href(["sagas"], { key: saga.businessKey })} title={saga.businessKey}>
            <bdi>{saga.businessKey}</bdi>
          </a>
        )}
      </td>
      <td class="cell-definition">
        <a href={definitionHref(saga.definition, saga.version)}>
          {saga.definition}
          <span class="muted">@{saga.version}</span>
        </a>
      </td>
      <td class="cell-state">{saga.states?.join(", ")}</td>
      <td class="cell-age number">
        <Span from={saga.created} to={saga.ended} />
      </td>
      <td class="cell-updated number">
        <When at={saga.updated} />
      </td>
      <td class="cell-error" title={saga.stuckReason}>
        <bdi>{saga.stuckReason}</bdi>
      </td>
    </tr>
  );
}

export const SagaTable = ({ sagas, label }: { sagas: Summary[]; label: string }) => (
  <table class="table table--sagas">
    <caption class="unseen">{label}</caption>
    <thead>
      <tr>
        <th scope="col">Status</th>
        <th scope="col">Saga</th>
        <th scope="col">Business key</th>
        <th scope="col">Definition</th>
        <th scope="col">State</th>
        <th scope="col">Age</th>
        <th scope="col">Updated</th>
        <th scope="col">Last error</th>
      </tr>
    </thead>
    <tbody>
      {sagas.map((saga) => (
        <SagaRow key={saga.id} saga={saga} />
      ))}
    </tbody>
  </table>
);
