// One exchange with the REST API.
import type { Json, Problem } from "./types";

/** The server said no, or did not answer (status 0). */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

const unreachable: Problem = {
  title: "No answer",
  status: 0,
  code: "UNREACHABLE",
  detail: "The server does not answer.",
  hint: "Is skald still running, and is the network up? The page goes on when it is back.",
};

const unreadable = (status: number): Problem => ({
  title: "Unreadable answer",
  status,
  code: "UNREADABLE",
  detail: `The server answered ${status} with something that is not JSON.`,
  hint: "A proxy between here and skald may have answered.",
});

export interface Options {
  method?: string;
  body?: Json;
  /** Sent as it is, instead of `body`. */
  text?: string;
  key?: string;
  signal?: AbortSignal;
}

export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const body = options.text ?? (options.body === undefined ? undefined : encode(options.body));
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (options.key) headers["Idempotency-Key"] = `"${options.key}"`;
  const init: RequestInit = { method: options.method ?? "GET", headers };
  if (body !== undefined) init.body = body;
  if (options.signal) init.signal = options.signal;
  const answer = await fetch(path, init).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw new Refusal(unreachable);
  });
  const value: unknown = await answer.json().catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw new Refusal(unreadable(answer.status));
  });
  if (!answer.ok) throw new Refusal(value as Problem);
  return value as T;
}

const encode = (body: Json): string => JSON.stringify(body);

/** A key under which a repeated request is the same request. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return "ui-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const problemOf = (error: unknown): Problem =>
  error instanceof Refusal
    ? error.problem
    : { title: "Defect", status: 0, code: "DEFECT", detail: String(error) };
