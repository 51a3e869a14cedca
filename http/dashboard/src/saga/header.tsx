// Who the saga is, how it stands, and why it waits, in one sentence.
import type { Waiting } from "../api/types";
import { hasEnded } from "../api/types";
import { CopyButton } from "../parts/copy";
import { Icon, type IconName } from "../parts/icon";
import { StatusBadge } from "../parts/status";
import { Exact, Span, When } from "../parts/when";
import { definitionHref, href } from "../router";
import { zone } from "../settings";
import { exact } from "../time";
import { effortName } from "./attempts";
import type { Whole } from "./loading";

const waitIcons: Record<string, IconName> = {
  participant: "arrow",
  retry: "clock",
  operator: "alert",
  signal: "signal",
  timer: "clock",
  locks: "pause",
};

const subject = (waiting: Waiting): string =>
  waiting.step ? effortName(waiting.step, waiting.phase ?? "forward") : (waiting.state ?? "");

function sentence(waiting: Waiting): string {
  switch (waiting.for) {
    case "participant":
      return `${waiting.participant} has to answer`;
    case "retry":
      return "the next attempt comes";
    case "operator":
      return "an operator has to decide";
    case "signal":
      return `waits for ${waiting.names?.join(" or ")}`;
    case "timer":
      return "goes on by itself";
    case "locks":
      return `waits for ${waiting.names?.join(", ")}, which other sagas hold`;
    default:
      return waiting.for;
  }
}

function Wait({ waiting, said }: { waiting: Waiting; said: string }) {
  const { attempt, attemptsMax, until, lastError } = waiting;
  return (
    <li class={waiting.for === "operator" ? "wait wait--bad" : "wait"}>
      <Icon name={waitIcons[waiting.for] ?? "clock"} />
      <div>
        <strong>
          <bdi>{subject(waiting)}</bdi>
        </strong>{" "}
        {sentence(waiting)} {until && <When at={until} />}
        <span class="muted">
          {attempt !== undefined && ` · attempt ${attempt} of ${attemptsMax}`}
          {" · since "}
          <Exact at={waiting.since} short />
        </span>
        {lastError && !said.includes(lastError) && (
          <p class="event__message">
            <bdi>{lastError}</bdi>
          </p>
        )}
      </div>
    </li>
  );
}

/** Times in the sentence are in UTC; they are shown in the zone that was chosen. */
const inZone = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (iso) => exact(iso, zone.value).slice(0, 19))
    .replace(/([.!?])\.$/, "$1");

const Facts = ({ whole: { saga } }: { whole: Whole }) => (
  <dl class="facts">
    <div>
      <dt>Definition</dt>
      <dd>
        <a href={definitionHref(saga.definition, saga.version)}>
          {saga.definition}
          <span class="muted">@{saga.version}</span>
        </a>
      </dd>
    </div>
    {saga.businessKey && (
      <div>
        <dt>Business key</dt>
        <dd>
          <a href={href(["sagas"], { key: saga.businessKey })}>
            <bdi>{saga.businessKey}</bdi>
          </a>
        </dd>
      </div>
    )}
    <div>
      <dt>State</dt>
      <dd>{saga.states.join(", ") || "none yet"}</dd>
    </div>
    <div>
      <dt>Started</dt>
      <dd>
        <Exact at={saga.created} />
      </dd>
    </div>
    <div>
      <dt>{hasEnded(saga.status) ? "Took" : "Age"}</dt>
      <dd>
        <Span from={saga.created} to={saga.ended} />
      </dd>
    </div>
    {saga.deadline && !hasEnded(saga.status) && (
      <div>
        <dt>Deadline</dt>
        <dd>
          <When at={saga.deadline} />
        </dd>
      </div>
    )}
    {saga.pivotPassed && (
      <div>
        <dt>Pivot</dt>
        <dd>passed: it only goes forward</dd>
      </div>
    )}
  </dl>
);

export function Header({ whole }: { whole: Whole }) {
  const { saga, explanation } = whole;
  const causes = [
    saga.error && `${saga.error.step ?? saga.error.code}: ${saga.error.message}`,
    saga.unwind && saga.unwind.reason,
  ].filter(Boolean);
  return (
    <header class={`saga-head saga-head--${saga.status}`}>
      <div class="saga-head__name">
        <StatusBadge status={saga.status} />
        <h1>
          <bdi>{saga.id}</bdi>
        </h1>
        <CopyButton text={saga.id} label="Copy the id" />
      </div>
      <p class="saga-head__why" id="why">
        <bdi>{inZone(explanation.summary)}</bdi>
      </p>
      {hasEnded(saga.status) && causes[0] && (
        <p class="event__message">
          <bdi>{causes[0]}</bdi>
        </p>
      )}
      {explanation.waiting.length > 0 && (
        <ul class="waits" aria-label="What it waits for">
          {explanation.waiting.map((waiting, index) => (
            <Wait key={index} waiting={waiting} said={explanation.summary} />
          ))}
        </ul>
      )}
      <Facts whole={whole} />
    </header>
  );
}
