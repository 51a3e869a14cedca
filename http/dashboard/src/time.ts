// Times and spans as people read them.
import { signal } from "@preact/signals";

/** Moves every second, so that ages grow; milliseconds since 1970. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);

const units: [name: string, milliseconds: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** A span in its two largest units: "4.2 s", "3 min 5 s", "2 d 4 h". */
export function span(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < 1000) return `${Math.round(length)} ms`;
  if (length < 10_000) return `${(length / 1000).toFixed(1)} s`;
  const at = units.findIndex(([, size]) => length >= size);
  const [name, size] = units[at] ?? ["s", 1000];
  const whole = Math.floor(length / size);
  const next = units[at + 1];
  const rest = next ? Math.floor((length - whole * size) / next[1]) : 0;
  return next && rest > 0 && whole < 10
    ? `${whole} ${name} ${rest} ${next[0]}`
    : `${whole} ${name}`;
}

/** "12 s ago", "in 3 min", "now". Coarse: one unit. */
export function relative(time: number, at: number): string {
  const distance = Math.abs(at - time);
  if (distance < 1000) return "now";
  const [name, size] = units.find(([, size]) => distance >= size) ?? ["s", 1000];
  const text = `${Math.floor(distance / size)} ${name}`;
  return time <= at ? `${text} ago` : `in ${text}`;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** "2026-11-21 03:10:10.042", in the zone. */
export function exact(iso: string, zone: "local" | "UTC"): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  if (zone === "UTC") return time.toISOString().replace("T", " ").slice(0, 23);
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((n) => pad(n))
    .join(":");
  return `${day} ${clock}.${pad(time.getMilliseconds(), 3)}`;
}

/** Only the time of day. */
export const clock = (iso: string, zone: "local" | "UTC"): string => exact(iso, zone).slice(11);
