// The layout for sagas that go step after step: forward on the left, top down; the undo of each
// step in the same row on the right, bottom up; what comes after the undoing further right.
import type { Arrow, Graph, StateNode } from "./graph";
import { cardHeight, cardWidth, textWidth, type Card, type Figure, type Line } from "./figure";

const top = 30;
const rowGap = 34;
const margin = 12;

/** The states of the good way, in order; undefined when the definition has more than one. */
function wayOf(graph: Graph): StateNode[] | undefined {
  const named = new Map(graph.nodes.map((node) => [node.name, node]));
  const way: StateNode[] = [];
  let node = graph.nodes.find((one) => one.initial);
  while (node) {
    if (way.includes(node)) return undefined; // it loops
    way.push(node);
    const from = node.name;
    const on: Arrow[] = graph.arrows.filter(
      (arrow) => arrow.from === from && !arrow.unwinds && !endsBadly(graph, named.get(arrow.to)),
    );
    if (on.length > 1) return undefined;
    node = on[0] && named.get(on[0].to);
  }
  return way;
}

function endsBadly(graph: Graph, node: StateNode | undefined): boolean {
  const seen = new Set<string>();
  for (let at = node; at && !seen.has(at.name); ) {
    if (at.final === "failure") return true;
    seen.add(at.name);
    const from: string = at.name;
    const on = graph.arrows.filter((arrow) => arrow.from === from && !arrow.unwinds);
    if (on.length !== 1) return false;
    at = graph.nodes.find((one) => one.name === on[0]?.to);
  }
  return false;
}

/** Whether the lanes suit this definition: one region, one way, little beside it. */
function suits(graph: Graph, way: StateNode[] | undefined): way is StateNode[] {
  if (!way || way.length < 2 || graph.nodes.some((node) => node.composite)) return false;
  if (graph.nodes.filter((node) => node.initial).length !== 1) return false;
  const beside = graph.nodes.length - way.length;
  return way.some((node) => node.step) && beside <= 4;
}

interface Lanes {
  cards: Card[];
  bottoms: number[];
  width: number;
  undoX: number;
  besideX: number;
  besideWidth: number;
}

const widest = (nodes: { width: number }[]): number =>
  Math.max(0, ...nodes.map((node) => node.width));

/** The labels of the way forward need a place beside it. */
function labelRoom(graph: Graph, way: StateNode[], width: number): number {
  const labels = graph.arrows.filter((arrow) => way.some((node) => node.name === arrow.from));
  const longest = Math.max(0, ...labels.flatMap((arrow) => arrow.label.split("\n").map(textWidth)));
  return Math.max(54, longest * 0.9 - width / 2 + 48);
}

function placeCards(graph: Graph, way: StateNode[], beside: StateNode[]): Lanes {
  const width = widest(way.map((node) => ({ width: cardWidth(node) })));
  const undoNodes = way.filter((node) => node.undo);
  const undoWidth = Math.min(
    Math.max(0, ...undoNodes.map((node) => textWidth(node.undo ?? "") + 46)),
    220,
  );
  const undoX = margin + width + labelRoom(graph, way, width);
  const besideX = undoX + undoWidth + (undoNodes.length ? 44 : 0);
  const besideWidth = widest(beside.map((node) => ({ width: cardWidth(node) })));
  const cards: Card[] = [];
  const bottoms: number[] = [];
  let y = top;
  for (const node of way) {
    const height = cardHeight(node);
    cards.push({ key: node.name, node, role: "state", x: margin, y, width, height });
    if (node.undo)
      cards.push({
        key: `undo ${node.name}`,
        node,
        role: "undo",
        x: undoX,
        y: y + height / 2 - 15,
        width: undoWidth,
        height: 30,
      });
    y += height + rowGap;
    bottoms.push(y);
  }
  y = top;
  for (const node of beside) {
    const height = cardHeight(node);
    cards.push({ key: node.name, node, role: "state", x: besideX, y, width: besideWidth, height });
    y += height + rowGap;
    bottoms.push(y);
  }
  return { cards, bottoms, width, undoX, besideX, besideWidth };
}

const middle = (card: Card) => ({ x: card.x + card.width / 2, y: card.y + card.height / 2 });

function straight(from: Card, to: Card, role: Line["role"], label: string): Line {
  const x = middle(from).x;
  const down = to.y > from.y;
  const points = down
    ? [
        { x, y: from.y + from.height },
        { x, y: to.y },
      ]
    : [
        { x, y: from.y },
        { x, y: to.y + to.height },
      ];
  const labelAt = { x: x + 8, y: (points[0]!.y + points[1]!.y) / 2 - 1 };
  return { key: `${from.key}>${to.key}`, from: from.key, to: to.key, points, label, labelAt, role };
}

/** From the right side of one card to the left side of another. */
function across(from: Card, to: Card, role: Line["role"], label: string, shift = 0): Line {
  const a = { x: from.x + from.width, y: middle(from).y + shift };
  const b = { x: to.x, y: middle(to).y };
  const bend = b.x - 18;
  const points = a.y === b.y ? [a, b] : [a, { x: bend, y: a.y }, { x: bend, y: b.y }, b];
  return { key: `${from.key}>${to.key}`, from: from.key, to: to.key, points, label, role };
}

/** Over the heads of the other lanes, when there is nothing to undo on the way. */
function around(from: Card, to: Card, label: string, bottom: number, bend: number): Line {
  const a = { x: from.x + from.width, y: middle(from).y + 8 };
  const b = { x: middle(to).x, y: to.y + to.height };
  const points = [a, { x: bend, y: a.y }, { x: bend, y: bottom }, { x: b.x, y: bottom }, b];
  return {
    key: `${from.key}>${to.key}`,
    from: from.key,
    to: to.key,
    points,
    label,
    role: "forward",
  };
}

/** Gives undefined when the definition does not go step after step. */
export function lanesOf(graph: Graph): Figure | undefined {
  const way = wayOf(graph);
  if (!suits(graph, way)) return undefined;
  const beside = graph.nodes.filter((node) => !way.includes(node));
  const lanes = placeCards(graph, way, beside);
  const card = (key: string) => lanes.cards.find((one) => one.key === key);
  const undos = lanes.cards.filter((one) => one.role === "undo");
  const bottom = Math.max(...lanes.bottoms) - rowGap + 14;
  const lines: Line[] = [];
  const add = (line: Line) => {
    if (!lines.some((one) => one.key === line.key)) lines.push(line);
  };
  /** The undo that an unwinding from this card begins with: of this row, or of one above. */
  const firstUndo = (from: Card) => [...undos].reverse().find((undo) => undo.y <= from.y + 20);

  undos.forEach((undo, index) => {
    const next = undos[index - 1];
    if (next) add(straight(undo, next, "undo", ""));
  });
  const begin = (from: Card, label: string) => {
    const undo = firstUndo(from);
    if (undo) add(across(from, undo, "unwind", label));
    return undo;
  };
  for (const node of way) {
    const from = card(node.name);
    if (from && node.step && node.kind !== "retriable" && node.kind !== "readonly") begin(from, "");
  }
  for (const arrow of graph.arrows) {
    const from = card(arrow.from);
    const to = card(arrow.to);
    if (!from || !to) continue;
    const both = way.some((n) => n.name === arrow.from) === way.some((n) => n.name === arrow.to);
    if (arrow.unwinds && begin(from, "")) {
      const last = undos[0];
      if (last) add(across(last, to, "undo", arrow.label));
    } else if (both) add(straight(from, to, "forward", arrow.label));
    else add(around(from, to, arrow.label, bottom, lanes.undoX - 30));
  }
  return figureOf(lanes, lines, beside, undos, bottom);
}

function figureOf(
  lanes: Lanes,
  lines: Line[],
  beside: StateNode[],
  undos: Card[],
  bottom: number,
): Figure {
  const right = Math.max(...lanes.cards.map((one) => one.x + one.width));
  const headings = [{ x: margin, y: 16, text: "forward ↓" }];
  if (undos.length) headings.push({ x: lanes.undoX, y: 16, text: "undo ↑" });
  if (beside.length) headings.push({ x: lanes.besideX, y: 16, text: "otherwise" });
  return {
    width: right + margin,
    height: bottom + 12,
    cards: lanes.cards,
    lines,
    headings,
  };
}
