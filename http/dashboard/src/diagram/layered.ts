// The layout for state machines of any shape, by layers. Loaded only when it is needed.
import dagre from "@dagrejs/dagre";
import type { Arrow, Graph, StateNode } from "./graph";
import { cardHeight, cardWidth, textWidth, type Card, type Figure, type Line } from "./figure";

const margin = 20;
/** What the name of a composite state takes above what is in it. */
const titleHeight = 10;

interface Ends {
  from: StateNode;
  to: StateNode;
}

const inside = (graph: Graph, name: string): StateNode[] =>
  graph.nodes.filter((node) => node.parent === name);

/** Arrows of a composite state are drawn from and to a state in it: its first, or its last. */
function leafOf(graph: Graph, node: StateNode, entering: boolean): StateNode {
  const members = inside(graph, node.name);
  const finals = members.filter((member) => member.final);
  const initials = members.filter((member) => member.initial);
  const next = (entering ? initials[0] : finals[finals.length - 1]) ?? members[0];
  return next && next !== node ? leafOf(graph, next, entering) : node;
}

function endsOf(graph: Graph, arrow: Arrow): Ends | undefined {
  const find = (name: string) => graph.nodes.find((node) => node.name === name);
  const from = find(arrow.from);
  const to = find(arrow.to);
  if (!from || !to) return undefined;
  return { from: leafOf(graph, from, false), to: leafOf(graph, to, true) };
}

/** The layout wants one line per pair of cards, and none from a card to itself. */
function layout(graph: Graph, ends: (Ends | undefined)[]) {
  const g = new dagre.graphlib.Graph({ compound: true, multigraph: true });
  g.setGraph({ rankdir: "TB", nodesep: 34, ranksep: 34, marginx: margin, marginy: margin });
  for (const node of graph.nodes) {
    if (node.composite) g.setNode(node.name, {});
    else g.setNode(node.name, { width: cardWidth(node), height: cardHeight(node) });
  }
  for (const node of graph.nodes) if (node.parent) g.setParent(node.name, node.parent);
  graph.arrows.forEach((arrow, index) => {
    const pair = ends[index];
    if (!pair || pair.from === pair.to) return;
    const rows = arrow.label ? arrow.label.split("\n").length : 0;
    const size = { width: rows && labelWidth(arrow.label) + 8, height: rows * 14, labelpos: "c" };
    g.setEdge(pair.from.name, pair.to.name, size, String(index));
  });
  dagre.layout(g);
  return g;
}

const labelWidth = (label: string): number => Math.max(...label.split("\n").map(textWidth)) * 0.9;

/** A self-transition: an arc at the right side. */
function loop(card: Card, arrow: Arrow, index: number): Line {
  const x = card.x + card.width;
  const y = card.y + card.height / 2;
  const points = [
    { x, y: y - 9 },
    { x: x + 20, y: y - 9 },
    { x: x + 20, y: y + 9 },
    { x, y: y + 9 },
  ];
  const labelAt = { x: x + 24 + labelWidth(arrow.label) / 2, y };
  return {
    key: `${index}`,
    from: arrow.from,
    to: arrow.to,
    points,
    label: arrow.label,
    labelAt,
    role: arrow.unwinds ? "unwind" : "forward",
  };
}

export function layeredOf(graph: Graph): Figure {
  const ends = graph.arrows.map((arrow) => endsOf(graph, arrow));
  const g = layout(graph, ends);
  const cards = graph.nodes.map((node): Card => {
    const at = g.node(node.name) as { x: number; y: number; width: number; height: number };
    const title = node.composite ? titleHeight : 0;
    return {
      key: node.name,
      node,
      role: node.composite ? "composite" : "state",
      x: at.x - at.width / 2,
      y: at.y - at.height / 2 - title,
      width: at.width,
      height: at.height + title,
    };
  });
  const lines = graph.arrows.flatMap((arrow, index): Line[] => {
    const pair = ends[index];
    if (!pair) return [];
    if (pair.from === pair.to) {
      const card = cards.find((one) => one.key === pair.from.name);
      return card ? [loop(card, arrow, index)] : [];
    }
    const edge = g.edge(pair.from.name, pair.to.name, String(index)) as {
      points: { x: number; y: number }[];
      x?: number;
      y?: number;
    };
    const labelAt =
      edge.x !== undefined && edge.y !== undefined ? { x: edge.x, y: edge.y } : undefined;
    return [
      {
        key: String(index),
        from: arrow.from,
        to: arrow.to,
        points: edge.points,
        label: arrow.label,
        labelAt,
        role: arrow.unwinds ? "unwind" : "forward",
      },
    ];
  });
  const size = g.graph() as { width?: number; height?: number };
  const loops = lines.filter((_, index) => ends[index]?.from === ends[index]?.to);
  const wide = Math.max(
    0,
    ...loops.map((line) => (line.labelAt?.x ?? 0) + labelWidth(line.label) / 2),
  );
  return {
    width: Math.max(size.width ?? 0, wide + margin),
    height: size.height ?? 0,
    cards: [...cards].sort(
      (a, b) => Number(b.role === "composite") - Number(a.role === "composite"),
    ),
    lines,
    headings: [],
  };
}
