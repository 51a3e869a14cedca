// What the REST API gives, as http/api/openapi.json describes it; only what is shown.

export const statuses = [
  "running",
  "compensating",
  "paused",
  "stuck",
  "completed",
  "compensated",
  "failed",
  "cancelled",
  "terminated",
] as const;

/** A status of a newer server is shown as it is. */
export type Status = (typeof statuses)[number] | (string & {});
export const underWay: Status[] = ["running", "compensating", "paused", "stuck"];
export const hasEnded = (status: Status): boolean => !underWay.includes(status);

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface Summary {
  id: string;
  definition: string;
  version: number;
  status: Status;
  states?: string[];
  businessKey: string;
  stuckReason?: string;
  created: string;
  updated: string;
  ended?: string;
  revision: number;
}

export interface SagaPage {
  sagas: Summary[];
  nextPageToken?: string;
}

export interface SagaError {
  step?: string;
  code: string;
  message: string;
  details?: Json;
}

export interface StepRun {
  step: string;
  run: number;
  kind: string;
  confirmed: boolean;
  undo: "standing" | "undone" | "undoneByHand" | "skipped" | "notNeeded";
  outcome?: string;
  input: Json;
  output: Json;
  item?: Json;
  at: string;
}

export interface Pending {
  step: string;
  run: number;
  phase: Phase;
  attempt: number;
  waitingFor: "participant" | "retry" | "operator";
  since: string;
  until?: string;
  lastError?: string;
}

export type Phase = "forward" | "undo" | "probe";

export interface Saga extends Summary {
  states: string[];
  tags: Record<string, string>;
  input: Json;
  data?: Json;
  output?: Json;
  error?: SagaError;
  steps: StepRun[];
  pending: Pending[];
  unwind?: { cause: string; reason: string; target?: string; finished: boolean };
  parking?: { reason: string; state: string; target?: string };
  parent?: { saga: string; step: string; run: number };
  pivotPassed: boolean;
  deadline?: string;
  allowedActions: string[];
}

export interface Waiting {
  for: "participant" | "retry" | "operator" | "signal" | "timer" | "locks";
  state?: string;
  names?: string[];
  step?: string;
  phase?: Phase;
  participant?: string;
  attempt?: number;
  attemptsMax?: number;
  failures?: number;
  since: string;
  until?: string;
  lastError?: string;
}

export interface Explanation {
  id: string;
  status: Status;
  summary: string;
  waiting: Waiting[];
  undoPlan: string[];
  allowedActions: string[];
}

export interface Event {
  revision: number;
  at: string;
  kind: string;
  step?: string;
  phase?: Phase;
  attempt?: number;
  state?: string;
  message?: string;
  until?: string;
  payload?: Json;
}

export interface EventPage {
  events: Event[];
  nextAfter?: number;
}

export interface DefinitionRow {
  name: string;
  version: number;
  newest: boolean;
  language: string;
  hash?: string;
  description?: string;
}

export interface Definition extends DefinitionRow {
  form: "full" | "steps";
  document: Document;
}

export interface Operation {
  name?: string;
  http?: string;
  function?: string;
  publish?: string;
  saga?: string;
}

export interface StepDefinition {
  call: Operation;
  undo?: Operation;
  kind?: string;
  done?: string;
  failed?: string;
  events?: Record<string, string>;
}

export type Action = string | Record<string, Json>;
export type Actions = Action | Action[];

export interface StateDefinition {
  final?: "success" | "failure";
  onEntry?: Actions;
  initial?: string | string[];
  states?: Record<string, StateDefinition>;
}

export interface Transition {
  from: string;
  to?: string;
  on?: string;
  after?: Json;
  at?: Json;
  always?: boolean;
  joined?: boolean;
  any?: boolean;
  unexpected?: Json;
  when?: Json;
  do?: Actions;
}

/** The full form of a definition. */
export interface Document {
  saga: string;
  version: number;
  description?: string;
  input?: Json;
  signals?: Record<string, { payload?: Json }>;
  steps: Record<string, StepDefinition>;
  initial: string | string[];
  states: Record<string, StateDefinition>;
  transitions: Transition[];
}

export interface Finding {
  pointer: string;
  detail: string;
  code: string;
}

export interface Problem {
  title: string;
  status: number;
  detail: string;
  code: string;
  hint?: string;
  errors?: Finding[];
}

export interface Migration {
  fromVersion: number;
  toVersion: number;
  dryRun: boolean;
  status: Status;
  states: string[];
}

export interface CountGroup {
  definition: string;
  status: Status;
  count: number;
}
