// A definition as nodes and arrows.
import type {
  Action,
  Actions,
  Document,
  StateDefinition,
  StepDefinition,
  Transition,
} from "../api/types";

export interface StateNode {
  name: string;
  /** The state around it, or "". */
  parent: string;
  /** Has states inside. */
  composite: boolean;
  initial: boolean;
  final?: "success" | "failure";
  /** The step its entry calls. */
  step?: string;
  undo?: string;
  kind?: string;
}

export interface Arrow {
  from: string;
  to: string;
  label: string;
  unwinds: boolean;
}

export interface Graph {
  nodes: StateNode[];
  arrows: Arrow[];
}

const listed = (actions: Actions | undefined): Action[] =>
  actions === undefined ? [] : Array.isArray(actions) ? actions : [actions];

const initialsOf = (initial: string | string[] | undefined): string[] =>
  initial === undefined ? [] : Array.isArray(initial) ? initial : [initial];

function calledStep(state: StateDefinition): string | undefined {
  for (const action of listed(state.onEntry))
    if (typeof action === "object" && typeof action.call === "string") return action.call;
  return undefined;
}

/** What the undo of a step is called; undefined when it has none. */
export function undoName(name: string, step: StepDefinition | undefined): string | undefined {
  const undo = step?.undo;
  if (!undo) return undefined;
  return undo.name ?? undo.function ?? (undo.saga ? `unwind ${undo.saga}` : `undo ${name}`);
}

function nodeOf(
  document: Document,
  name: string,
  state: StateDefinition,
  parent: string,
  initials: string[],
): StateNode {
  const stepName = calledStep(state);
  const step = stepName === undefined ? undefined : document.steps[stepName];
  return {
    name,
    parent,
    composite: state.states !== undefined,
    initial: initials.includes(name),
    final: state.final,
    step: stepName,
    undo: stepName === undefined ? undefined : undoName(stepName, step),
    kind: stepName === undefined ? undefined : (step?.kind ?? "compensatable"),
  };
}

const isUnwind = (action: Action): boolean =>
  action === "unwind" || (typeof action === "object" && "unwind" in action);

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** What a transition waits for, in a few words. */
export function triggerOf(row: Transition): string {
  if (row.on !== undefined) return row.on;
  if (row.after !== undefined) return `after ${textOf(row.after)}`;
  if (row.at !== undefined) return `at ${textOf(row.at)}`;
  if (row.joined) return "joined";
  if (row.any) return "any event";
  if (row.unexpected !== undefined)
    return row.unexpected === true ? "unexpected" : `unexpected ${textOf(row.unexpected)}`;
  return "";
}

export const guardOf = (row: Transition): string =>
  row.when === undefined ? "" : textOf(row.when).replace(/^\$\{(.*)\}$/s, "$1");

function actionText(action: Action): string {
  if (typeof action === "string") return action;
  return Object.entries(action)
    .map(([name, value]) => (typeof value === "string" ? `${name} ${value}` : name))
    .join(", ");
}

export const actionsOf = (row: Transition): string => listed(row.do).map(actionText).join("; ");

const short = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

function labelOf(row: Transition): string {
  const guard = guardOf(row);
  const parks = listed(row.do).some((action) => typeof action === "object" && "park" in action);
  const parts = [triggerOf(row), guard && `[${short(guard, 24)}]`, parks ? "/ park" : ""];
  return short(parts.filter(Boolean).join(" "), 34);
}

export function graphOf(document: Document): Graph {
  const nodes: StateNode[] = [];
  const visit = (
    states: Record<string, StateDefinition>,
    initial: string | string[] | undefined,
    parent: string,
  ) => {
    const initials = initialsOf(initial);
    for (const [name, state] of Object.entries(states)) {
      nodes.push(nodeOf(document, name, state, parent, initials));
      if (state.states) visit(state.states, state.initial, name);
    }
  };
  visit(document.states, document.initial, "");
  const arrows = document.transitions.flatMap((row) =>
    row.to === undefined
      ? []
      : [
          {
            from: row.from,
            to: row.to,
            label: labelOf(row),
            unwinds: listed(row.do).some(isUnwind),
          },
        ],
  );
  return { nodes, arrows: merged(arrows) };
}

/** Arrows between the same two states become one, with all their labels. */
function merged(arrows: Arrow[]): Arrow[] {
  const byEnds = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const ends = `${arrow.from}\n${arrow.to}\n${arrow.unwinds}`;
    const known = byEnds.get(ends);
    if (!known) byEnds.set(ends, { ...arrow });
    else if (arrow.label)
      known.label = known.label ? `${known.label}\n${arrow.label}` : arrow.label;
  }
  return [...byEnds.values()];
}
