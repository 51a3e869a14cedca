// Places on an axis of time on which long waits are short.

export interface Span {
  from: number;
  to: number;
}

export interface Gap extends Span {
  /** Where it is drawn, from 0 to 1. */
  at: number;
}

export interface Timescale {
  /** From 0 to 1. */
  place: (time: number) => number;
  gaps: Gap[];
}

/** Spans that touch each other, made one; in order. */
function merged(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result[result.length - 1];
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else result.push({ ...span });
  }
  return result;
}

/** A wait is cut when it takes more than this share of all the rest. */
const longShare = 0.4;
/** What a cut wait, and an instant, take of the rest. */
const cutShare = 0.08;
const leastShare = 0.01;

/**
 * The axis from `from` to `to`. `busy` are the spans in which something happened: a wait between
 * them that is longer than all of them is drawn short.
 */
export function timescale(from: number, to: number, busy: Span[]): Timescale {
  const active = merged(busy.filter((span) => span.to >= from && span.from <= to));
  const total = active.reduce((sum, span) => sum + span.to - span.from, 0) || 1;
  const pieces: (Span & { width: number; cut: boolean })[] = [];
  let at = from;
  const add = (until: number, isBusy: boolean) => {
    const length = until - at;
    const cut = !isBusy && length > total * longShare;
    const least = isBusy ? total * leastShare : 0;
    const width = cut ? total * cutShare : Math.max(length, least);
    pieces.push({ from: at, to: until, width, cut });
    at = until;
  };
  for (const span of active) {
    if (span.from > at) add(span.from, false);
    add(Math.max(span.to, at), true);
  }
  if (to > at) add(to, false);
  return scaleOf(pieces);
}

function scaleOf(pieces: (Span & { width: number; cut: boolean })[]): Timescale {
  const whole = pieces.reduce((sum, piece) => sum + piece.width, 0) || 1;
  const starts: number[] = [];
  let sum = 0;
  for (const piece of pieces) {
    starts.push(sum / whole);
    sum += piece.width;
  }
  const place = (time: number): number => {
    const found = pieces.findIndex((piece) => time <= piece.to);
    const index = found < 0 ? pieces.length - 1 : found;
    const piece = pieces[index];
    if (!piece) return 0;
    const length = piece.to - piece.from;
    const share = length > 0 ? Math.min(Math.max((time - piece.from) / length, 0), 1) : 0;
    return (starts[index] ?? 0) + (share * piece.width) / whole;
  };
  const gaps = pieces.flatMap((piece, index) =>
    piece.cut
      ? [{ from: piece.from, to: piece.to, at: (starts[index] ?? 0) + piece.width / whole / 2 }]
      : [],
  );
  return { place, gaps };
}
