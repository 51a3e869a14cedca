// When each step ran, and each undo: one line per step and phase, one bar per attempt.
import type { Saga } from "../api/types";
import { now, span } from "../time";
import { effortName, effortsOf, type Attempt, type Effort } from "./attempts";
import { timescale, type Timescale } from "./timescale";

const barClass: Record<string, string> = {
  done: "done",
  refused: "bad",
  unknown: "unknown",
  settled: "settled",
  exhausted: "bad",
};

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

function describe(attempt: Attempt): string {
  const length = attempt.ended
    ? ` after ${span(Date.parse(attempt.ended) - Date.parse(attempt.began))}`
    : "";
  const why = attempt.message ? `: ${attempt.message}` : "";
  return `attempt ${attempt.attempt} ${attempt.outcome}${length}${why}`;
}

function Bar({ attempt, scale, end }: { attempt: Attempt; scale: Timescale; end: number }) {
  const from = scale.place(Date.parse(attempt.began));
  const to = scale.place(attempt.ended ? Date.parse(attempt.ended) : end);
  return (
    <rect
      class={`bar bar--${barClass[attempt.outcome] ?? "open"}`}
      x={percent(from)}
      width={percent(Math.max(to - from, 0.008))}
      y="4"
      height="12"
      rx="2"
    >
      <title>{describe(attempt)}</title>
    </rect>
  );
}

function Line({ effort, scale, end }: { effort: Effort; scale: Timescale; end: number }) {
  const last = effort.attempts[effort.attempts.length - 1];
  const name = effortName(effort.step, effort.phase);
  return (
    <tr>
      <th scope="row" class={effort.phase === "undo" ? "undo" : ""} title={name}>
        {name}
      </th>
      <td class="timeline__bars">
        <svg
          width="100%"
          height="20"
          role="img"
          aria-label={`${name}: ${effort.attempts.map(describe).join("; ")}`}
        >
          {scale.gaps.map((gap) => (
            <line
              key={gap.from}
              class="gap"
              x1={percent(gap.at)}
              x2={percent(gap.at)}
              y1="0"
              y2="20"
            />
          ))}
          {effort.attempts.map((attempt) => (
            <Bar key={attempt.began + attempt.attempt} attempt={attempt} scale={scale} end={end} />
          ))}
        </svg>
      </td>
      <td class="number muted">
        {effort.attempts.length > 1 && `${effort.attempts.length}× `}
        {last?.outcome}
      </td>
    </tr>
  );
}

export function Timeline({ saga, attempts }: { saga: Saga; attempts: Attempt[] }) {
  if (attempts.length === 0) return <p class="muted">No step has been called yet.</p>;
  const times = attempts.flatMap((one) => [
    Date.parse(one.began),
    Date.parse(one.ended ?? one.began),
  ]);
  const from = Math.min(...times);
  const open = attempts.some((attempt) => !attempt.ended);
  const end = open && !saga.ended ? Math.max(now.value, ...times) : Math.max(...times, from + 1);
  const busy = attempts.map((attempt) => ({
    from: Date.parse(attempt.began),
    to: attempt.ended ? Date.parse(attempt.ended) : end,
  }));
  const scale = timescale(from, end, busy);
  const waited = scale.gaps.map((gap) => span(gap.to - gap.from));
  return (
    <table class="timeline">
      <caption class="unseen">Attempts of each step over time</caption>
      <colgroup>
        <col class="timeline__name" />
        <col />
        <col class="timeline__outcome" />
      </colgroup>
      <tbody>
        {effortsOf(attempts).map((effort) => (
          <Line key={effort.step + effort.phase} effort={effort} scale={scale} end={end} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td />
          <td colSpan={2} class="muted">
            {span(end - from)}
            {waited.length > 0 && `, with waits of ${waited.slice(0, 4).join(", ")} cut short (┊)`}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
