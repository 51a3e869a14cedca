// Where one saga is in its definition: what is lit, what ran, what would be undone.
import type { Event, Explanation, Saga } from "../api/types";
import { hasEnded } from "../api/types";
import type { Card, Line } from "./figure";
import type { Arrow } from "./graph";

export interface Overlay {
  classesOf: (card: Card) => string;
  wasTaken: (line: Line) => boolean;
  /** What a screen reader says of a card, beside its name. */
  wordsOf: (card: Card) => string;
}

/** The words, each also a class, that fit a card. */
function marksOf(card: Card, saga: Saga, explanation: Explanation, visited: Set<string>): string[] {
  const step = card.node.step;
  const runs = saga.steps.filter((run) => run.step === step);
  const last = runs[runs.length - 1];
  const waiting = saga.pending.filter((one) => one.step === step);
  if (card.role === "undo") {
    const marks: string[] = [];
    const pending = waiting.find((one) => one.phase === "undo");
    if (pending) marks.push(pending.waitingFor === "operator" ? "stuck" : "current");
    else if (last?.undo === "undone" || last?.undo === "undoneByHand") marks.push("undone");
    else if (last?.undo === "skipped") marks.push("skipped");
    else if (step && explanation.undoPlan.includes(step) && !hasEnded(saga.status))
      marks.push("planned");
    return marks;
  }
  const marks: string[] = [];
  if (saga.states.includes(card.node.name)) marks.push(hasEnded(saga.status) ? "end" : "current");
  else if (visited.has(card.node.name)) marks.push("visited");
  if (saga.error?.step === step && step) marks.push("failed");
  if (waiting.some((one) => one.phase !== "undo" && one.waitingFor === "operator"))
    marks.push("stuck");
  if (saga.parking?.state === card.node.name) marks.push("stuck");
  return marks;
}

const words: Record<string, string> = {
  current: "is here",
  end: "ended here",
  visited: "was here",
  failed: "its step failed",
  stuck: "waits for an operator",
  undone: "undone",
  skipped: "left as it is",
  planned: "would be undone",
};

const sign = (from: string, to: string): string => `${from}\n${to}`;

/**
 * The arrows that were taken: into each state that was entered, from the latest of the states
 * before it that has an arrow to it.
 */
function takenOf(order: string[], arrows: Arrow[]): Arrow[] {
  return order.flatMap((to, index) => {
    const into = arrows.filter((arrow) => arrow.to === to);
    for (let at = index - 1; at >= 0; at--) {
      const found = into.filter((arrow) => arrow.from === order[at]);
      if (found.length) return found;
    }
    return [];
  });
}

export function overlayOf(
  { saga, explanation, events }: { saga: Saga; explanation: Explanation; events: Event[] },
  arrows: Arrow[],
): Overlay {
  const order = events.flatMap((event) =>
    event.kind === "entered" && event.state ? [event.state] : [],
  );
  const visited = new Set(order);
  const all = takenOf(order, arrows).filter((arrow) => !arrow.unwinds || saga.unwind);
  const taken = new Set(all.map((arrow) => sign(arrow.from, arrow.to)));
  /** In lanes, the way into a state that is entered after the undoing begins at an undo. */
  const afterUndo = new Set(all.filter((arrow) => arrow.unwinds).map((arrow) => arrow.to));
  return {
    classesOf: (card) =>
      marksOf(card, saga, explanation, visited)
        .map((mark) => `card--${mark}`)
        .join(" "),
    wasTaken: (line) =>
      taken.has(sign(line.from, line.to)) || (line.role === "undo" && afterUndo.has(line.to)),
    wordsOf: (card) =>
      marksOf(card, saga, explanation, visited)
        .map((mark) => words[mark])
        .join(", "),
  };
}
