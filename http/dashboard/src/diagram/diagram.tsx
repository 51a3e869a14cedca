// Draws a definition, and where a saga is in it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Document } from "../api/types";
import { Icon } from "../parts/icon";
import type { Card, Figure, Line, Point } from "./figure";
import { graphOf, type Graph } from "./graph";
import { lanesOf } from "./lanes";
import type { Overlay } from "./overlay";

const plain: Overlay = { classesOf: () => "", wasTaken: () => false, wordsOf: () => "" };

const kindSigns: Record<string, string> = {
  compensatable: "",
  pivot: "◆",
  retriable: "↻",
  readonly: "○",
};

/** Rounded corners for lines with right angles, straight pieces for others. */
function pathOf(points: Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${first.x} ${first.y}`;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    const before = points[index];
    if (!next || !before) {
      path += `L${point.x} ${point.y}`;
      return;
    }
    const a = towards(point, before);
    const b = towards(point, next);
    path += `L${a.x} ${a.y}Q${point.x} ${point.y} ${b.x} ${b.y}`;
  });
  return path;
}

/** A point a little away from `point`, on the way to `other`. */
function towards(point: Point, other: Point): Point {
  const length = Math.hypot(other.x - point.x, other.y - point.y) || 1;
  const step = Math.min(7, length / 2) / length;
  return { x: point.x + (other.x - point.x) * step, y: point.y + (other.y - point.y) * step };
}

const short = (text: string, width: number): string => {
  const most = Math.max(4, Math.floor(width / 6.9));
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
};

function DrawnCard({ card, overlay }: { card: Card; overlay: Overlay }) {
  const { node, role } = card;
  const words = overlay.wordsOf(card);
  const name = role === "undo" ? (node.undo ?? "") : node.name;
  const end = node.final ? `card--${node.final}` : "";
  return (
    <g class={`card card--${role} ${end} ${overlay.classesOf(card)}`} data-card={card.key}>
      <title>
        {name}
        {words && `: ${words}`}
      </title>
      <rect
        x={card.x}
        y={card.y}
        width={card.width}
        height={card.height}
        rx={node.final ? card.height / 2 : 6}
      />
      <text x={card.x + card.width / 2} y={role === "composite" ? card.y + 14 : card.y + 19}>
        {role === "undo" && "⤺ "}
        {node.final === "failure" && role === "state" && "✗ "}
        {node.final === "success" && role === "state" && "✓ "}
        {short(name, card.width - 26)}
      </text>
      {role === "state" && node.step && (
        <text class="card__step" x={card.x + card.width / 2} y={card.y + 37}>
          {kindSigns[node.kind ?? ""] ?? ""} {short(`calls ${node.step}`, card.width - 30)}
        </text>
      )}
    </g>
  );
}

function DrawnLine({ line, taken }: { line: Line; taken: boolean }) {
  const labels = line.label ? line.label.split("\n") : [];
  const at = line.labelAt;
  return (
    <g class={`line line--${line.role} ${taken ? "line--taken" : ""}`}>
      <path d={pathOf(line.points)} marker-end={`url(#head-${taken ? "taken" : line.role})`} />
      {at &&
        labels.map((label, index) => (
          <text key={index} x={at.x} y={at.y + (index - (labels.length - 1) / 2) * 13 + 4}>
            {label}
          </text>
        ))}
    </g>
  );
}

const Heads = () => (
  <defs>
    {["forward", "unwind", "undo", "taken"].map((role) => (
      <marker
        key={role}
        id={`head-${role}`}
        class={`head head--${role}`}
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="9"
        markerHeight="9"
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path d="M0 0L8 4L0 8z" />
      </marker>
    ))}
  </defs>
);

interface DrawingProps {
  figure: Figure;
  overlay: Overlay;
  label: string;
  zoom: number;
  /** Made narrower where there is no room, as far as it can be read. */
  fits: boolean;
}

const leastZoom = 0.7;

const Drawing = ({ figure, overlay, label, zoom, fits }: DrawingProps) => (
  <svg
    class={figure.headings.length ? "diagram diagram--lanes" : "diagram"}
    viewBox={`0 0 ${figure.width} ${figure.height}`}
    style={{
      width: `${figure.width * zoom}px`,
      maxWidth: fits ? "100%" : "none",
      minWidth: fits ? `${figure.width * leastZoom}px` : "0",
    }}
    role="img"
    aria-label={label}
  >
    <Heads />
    {figure.headings.map((heading) => (
      <text key={heading.text} class="diagram__heading" x={heading.x} y={heading.y}>
        {heading.text}
      </text>
    ))}
    {figure.cards
      .filter((card) => card.role === "composite")
      .map((card) => (
        <DrawnCard key={card.key} card={card} overlay={overlay} />
      ))}
    {figure.lines.map((line) => (
      <DrawnLine key={line.key} line={line} taken={overlay.wasTaken(line)} />
    ))}
    {figure.cards
      .filter((card) => card.role !== "composite")
      .map((card) => (
        <DrawnCard key={card.key} card={card} overlay={overlay} />
      ))}
  </svg>
);

/** Steps in lanes at once; other machines when their layout is loaded. */
function useFigure(graph: Graph): Figure | undefined {
  const lanes = useMemo(() => lanesOf(graph), [graph]);
  const [layered, setLayered] = useState<{ graph: Graph; figure: Figure }>();
  useEffect(() => {
    if (lanes) return;
    let stopped = false;
    void import("./layered").then(({ layeredOf }) => {
      if (!stopped) setLayered({ graph, figure: layeredOf(graph) });
    });
    return () => {
      stopped = true;
    };
  }, [graph, lanes]);
  return lanes ?? (layered?.graph === graph ? layered.figure : undefined);
}

interface Props {
  document: Document;
  overlay?: Overlay;
}

/** What the picture says, for those who do not see it: the states with their marks. */
function describe(figure: Figure, overlay: Overlay, name: string): string {
  const marked = figure.cards.flatMap((card) => {
    const words = overlay.wordsOf(card);
    return words ? [`${card.role === "undo" ? card.node.undo : card.node.name} ${words}`] : [];
  });
  return [`State machine of ${name}`, ...marked].join("; ");
}

const zooms = [0.6, 0.8, 1, 1.3, 1.6];
const plainZoom = 2;

/** Brings the place where the saga is into view, within the picture. */
function showMark(scroll: HTMLElement | null): void {
  const mark = scroll?.querySelector(".card--stuck, .card--current, .card--end");
  if (!scroll || !mark) return;
  const outer = scroll.getBoundingClientRect();
  const inner = mark.getBoundingClientRect();
  scroll.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  scroll.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}

export function Diagram({ document, overlay = plain }: Props) {
  const graph = useMemo(() => graphOf(document), [document]);
  const figure = useFigure(graph);
  const [zoom, setZoom] = useState<number>();
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => showMark(scroll.current), [figure]);
  if (!figure) return <p class="muted">Drawing …</p>;
  const step = (by: number) =>
    setZoom(Math.min(Math.max((zoom ?? plainZoom) + by, 0), zooms.length - 1));
  return (
    <div class="diagram-frame">
      <div
        class="diagram-scroll"
        ref={scroll}
        tabIndex={0}
        role="group"
        aria-label="Diagram, scrolls"
      >
        <Drawing
          figure={figure}
          overlay={overlay}
          zoom={zooms[zoom ?? plainZoom] ?? 1}
          fits={zoom === undefined}
          label={describe(figure, overlay, document.saga)}
        />
      </div>
      <div class="diagram-zoom">
        <button type="button" class="plain" aria-label="Smaller" onClick={() => step(-1)}>
          −
        </button>
        <button type="button" class="plain" aria-label="Larger" onClick={() => step(1)}>
          <Icon name="plus" />
        </button>
      </div>
    </div>
  );
}
