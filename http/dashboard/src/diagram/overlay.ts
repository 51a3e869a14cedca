// Where one saga is in its definition: what is lit, what ran, what would be undone.
import type { Event, Explanation, Saga } from "../api/types";
import { hasEnded } from "../api/types";
import type { Card, Line } from "./figure";

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

export function overlayOf(saga: Saga, explanation: Explanation, events: Event[]): Overlay {
  const order = events.flatMap((event) =>
    event.kind === "entered" && event.state ? [event.state] : [],
  );
  const visited = new Set(order);
  const taken = new Set(order.slice(1).map((name, index) => `${order[index]}>${name}`));
  const undone = new Set(saga.steps.filter((run) => run.undo !== "standing").map((run) => run.step));
  return {
    classesOf: (card) =>
      marksOf(card, saga, explanation, visited)
        .map((mark) => `card--${mark}`)
        .join(" "),
    wasTaken: (line) =>
      line.role === "forward" ? taken.has(`${line.from}>${line.to}`) : undone.size > 0 && false,
    wordsOf: (card) =>
      marksOf(card, saga, explanation, visited)
        .map((mark) => words[mark])
        .join(", "),
  };
}
