// What is drawn: boxes and lines with places, however they were found.
import type { StateNode } from "./graph";

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

/** A state; or the undo of the step that a state calls. */
export interface Card extends Box {
  key: string;
  node: StateNode;
  role: "state" | "undo" | "composite";
}

export interface Line {
  key: string;
  from: string;
  to: string;
  points: Point[];
  label: string;
  /** The middle of its label. */
  labelAt?: Point;
  role: "forward" | "unwind" | "undo";
}

export interface Heading extends Point {
  text: string;
}

export interface Figure {
  width: number;
  height: number;
  cards: Card[];
  lines: Line[];
  headings: Heading[];
}

export const cardHeight = (node: StateNode): number => (node.step ? 46 : 30);

/** About as wide as the text is at 12 px. */
export const textWidth = (text: string): number => [...text].length * 6.7;

export function cardWidth(node: StateNode): number {
  const lines = [textWidth(node.name) + 34, node.step ? textWidth(`calls ${node.step}`) + 44 : 0];
  return Math.min(Math.max(110, ...lines), 260);
}
