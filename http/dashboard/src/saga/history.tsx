// What happened, newest first: compact (the attempts of a step in one row), all, or raw.
import { useState } from "preact/hooks";
import type { Event } from "../api/types";
import { Icon, type IconName } from "../parts/icon";
import { JsonTree } from "../parts/json_tree";
import { Exact } from "../parts/when";
import { param, setParams } from "../router";
import { span } from "../time";
import { effortName } from "./attempts";

const looks = ["compact", "all", "raw"] as const;
type Look = (typeof looks)[number];

const words: Record<string, string> = {
  started: "started",
  entered: "entered",
  called: "called",
  done: "done",
  refused: "refused",
  unknown: "outcome unknown",
  stillWorking: "still working",
  exhausted: "no attempt left",
  unwinding: "unwinding begins",
  unwound: "everything is undone",
  stuck: "stuck",
  deadlinePassed: "deadline passed",
  retried: "retried by an operator",
  skipped: "settled by an operator",
  compensateAsked: "an operator asks for compensation",
  cancelAsked: "cancel is asked for",
  ended: "ended",
  timerDue: "its time has come",
  signalled: "signal",
  kept: "kept for later",
  probed: "asked whether it took effect",
  parked: "waits for an operator",
  locksHeld: "holds its locks",
  wentOn: "went on",
  abandoned: "its result is not needed",
  migrated: "moved to another version",
};

const icons: Record<string, IconName> = {
  done: "done",
  refused: "cross",
  unknown: "help",
  stuck: "alert",
  parked: "alert",
  exhausted: "alert",
  deadlinePassed: "clock",
  unwinding: "undo",
  unwound: "undo",
  called: "arrow",
  entered: "circle",
  started: "play",
  ended: "stop",
  signalled: "signal",
  timerDue: "clock",
};

const bad = new Set(["refused", "stuck", "exhausted", "deadlinePassed", "parked"]);

/** Events that one row tells of: a single one, or all attempts of one step in one phase. */
interface Row {
  key: string;
  events: Event[];
}

const isAttempt = (event: Event): boolean =>
  !!event.step && ["called", "done", "refused", "unknown", "stillWorking"].includes(event.kind);

/** Attempts of the same step and phase in a row; entering a state is not worth one of its own. */
function compactRows(events: Event[]): Row[] {
  const rows: Row[] = [];
  const open = new Map<string, Row>();
  events.forEach((event, index) => {
    if (!isAttempt(event)) {
      rows.push({ key: `${event.revision}.${index}`, events: [event] });
      return;
    }
    const sign = `${event.step} ${event.phase}`;
    let row = open.get(sign);
    if (!row) {
      row = { key: `${event.revision}.${index}`, events: [] };
      rows.push(row);
      open.set(sign, row);
    }
    row.events.push(event);
    if (event.kind === "done" || event.kind === "refused") open.delete(sign);
  });
  return rows;
}

const marks: Record<string, string> = { done: "✔", refused: "✖", unknown: "?" };

/** "✖✖✔ 3 attempts · 4.2 s" */
function attemptsText(events: Event[]): string {
  const calls = events.filter((event) => event.kind === "called").length;
  const signs = events.map((event) => marks[event.kind] ?? "").join("");
  const first = events[0];
  const last = events[events.length - 1];
  const length = first && last ? Date.parse(last.at) - Date.parse(first.at) : 0;
  const parts = [calls > 1 ? `${calls} attempts` : "", length > 0 ? span(length) : ""];
  return [signs.slice(-20), ...parts.filter(Boolean)].filter(Boolean).join(" · ");
}

const subject = (event: Event): string =>
  event.step ? effortName(event.step, event.phase ?? "forward") : (event.state ?? "");

function HistoryRow({ row }: { row: Row }) {
  const [open, setOpen] = useState(false);
  const first = row.events[0];
  const last = row.events[row.events.length - 1];
  if (!first || !last) return null;
  const several = row.events.length > 1;
  const payloads = row.events.filter((event) => event.payload !== undefined);
  const message = [...row.events].reverse().find((event) => event.message)?.message;
  const alarming = bad.has(last.kind) || last.kind === "unknown";
  return (
    <li class={`event ${bad.has(last.kind) ? "event--bad" : ""} event--${last.kind}`}>
      <span class="event__time number">
        <Exact at={first.at} short />
      </span>
      <Icon name={icons[last.kind] ?? "circle"} />
      <div class="event__text">
        <strong>
          <bdi>{subject(last)}</bdi>
        </strong>{" "}
        {words[last.kind] ?? last.kind}
        {several && <span class="muted"> · {attemptsText(row.events)}</span>}
        {!several && last.attempt !== undefined && (
          <span class="muted"> · attempt {last.attempt}</span>
        )}
        {payloads.length > 0 && (
          <button
            type="button"
            class="small event__more"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? "Hide data" : "Data"}
          </button>
        )}
        {message && (
          <p class={alarming ? "event__message" : "muted"}>
            <bdi>{message}</bdi>
          </p>
        )}
        {open &&
          payloads.map((event, index) => (
            <JsonTree key={index} label={words[event.kind] ?? event.kind} value={event.payload} />
          ))}
      </div>
      <span class="event__revision muted number" title={`Revision ${last.revision}`}>
        {last.revision}
      </span>
    </li>
  );
}

interface Props {
  events: Event[];
  /** How many revisions came before those. */
  earlier: number;
  loadEarlier: () => void;
}

const kinds = (event: Event): "failures" | "moves" | "other" =>
  bad.has(event.kind) || event.kind === "unknown"
    ? "failures"
    : event.kind === "entered" || event.kind === "started" || event.kind === "ended"
      ? "moves"
      : "other";

export function History({ events, earlier, loadEarlier }: Props) {
  const look = looks.find((one) => one === param("look")) ?? "compact";
  const only = param("only");
  const chosen = only ? events.filter((event) => kinds(event) === only) : events;
  const rows =
    look === "compact" && !only
      ? compactRows(chosen)
      : chosen.map((event, index) => ({ key: `${event.revision}.${index}`, events: [event] }));
  return (
    <section aria-label="History">
      <div class="bar-row">
        <Choice look={look} />
        <label class="field field--inline">
          Only
          <select value={only} onChange={(event) => setParams({ only: event.currentTarget.value })}>
            <option value="">everything</option>
            <option value="failures">failures</option>
            <option value="moves">states entered</option>
          </select>
        </label>
      </div>
      {look === "raw" ? (
        <JsonTree label="History" value={chosen as never} open={1} />
      ) : (
        <ol class="history" reversed>
          {[...rows].reverse().map((row) => (
            <HistoryRow key={row.key} row={row} />
          ))}
        </ol>
      )}
      {chosen.length === 0 && <p class="muted">Nothing of this kind has happened.</p>}
      {earlier > 0 && (
        <button type="button" onClick={loadEarlier}>
          Show earlier ({earlier} revisions)
        </button>
      )}
    </section>
  );
}

const Choice = ({ look }: { look: Look }) => (
  <div class="views" role="group" aria-label="Look of the history">
    {looks.map((one) => (
      <button
        key={one}
        type="button"
        aria-pressed={one === look}
        onClick={() => setParams({ look: one === "compact" ? "" : one }, { replace: true })}
      >
        {one}
      </button>
    ))}
  </div>
);
