// Times: relative to read, exact on hover.
import { zone } from "../settings";
import { clock, exact, now, relative, span } from "../time";

/** "12 s ago", or "in 3 min". */
export const When = ({ at }: { at: string }) => (
  <time dateTime={at} title={`${exact(at, zone.value)} ${zone.value}`}>
    {relative(Date.parse(at), now.value)}
  </time>
);

/** The exact time, in the zone that was chosen. */
export const Exact = ({ at, short = false }: { at: string; short?: boolean }) => (
  <time dateTime={at} title={`${exact(at, zone.value)} ${zone.value} · ${at}`}>
    {short ? clock(at, zone.value) : exact(at, zone.value)}
  </time>
);

/** How long from one time to another, or until now. */
export const Span = ({ from, to }: { from: string; to?: string }) => {
  const end = to === undefined ? now.value : Date.parse(to);
  return <span class="number">{span(end - Date.parse(from))}</span>;
};
