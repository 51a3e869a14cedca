// The one stream of this browser: what happened to sagas, as it happens.
//
// Browsers open six connections to one server at most, so one tab, the leader, holds the stream and
// tells the others. While there is no stream, it asks every two seconds instead.
import { batch, signal } from "@preact/signals";
import type { Summary } from "../api/types";
import { Leadership } from "./leadership";

/** Sagas that moved; or `resync`: what is shown may be old, load it again. */
export type Update = { kind: "sagas"; sagas: Summary[] } | { kind: "resync" };

export type Mode = "connecting" | "live" | "polling" | "lost" | "hidden";

export const mode = signal<Mode>("connecting");
/** When the server was last heard, in milliseconds since 1970. */
export const heardAt = signal(Date.now());

type Handler = (update: Update) => void;
const handlers = new Set<Handler>();

/** Calls `handler` for every update until the returned function is called. */
export function onUpdate(handler: Handler): () => void {
  handlers.add(handler);
  return () => handlers.delete(handler);
}

type Message = { update?: Update; mode: Mode };
const pollEvery = 2000;
const streamAgainAfter = 10_000;

function receive(message: Message): void {
  batch(() => {
    mode.value = message.mode;
    if (message.mode === "live" || message.mode === "polling") heardAt.value = Date.now();
  });
  const { update } = message;
  if (update) for (const handler of handlers) handler(update);
}

/** Reads the stream, or polls, and tells every tab. Runs in the leading tab only. */
class Reader {
  #source?: EventSource;
  #poll?: number;
  #again?: number;
  #gathered = new Map<string, Summary>();
  #flush?: number;
  #mode: Mode = "connecting";

  constructor(private readonly tell: (message: Message) => void) {
    this.#open();
  }

  close(): void {
    this.#source?.close();
    clearInterval(this.#poll);
    clearTimeout(this.#again);
    clearTimeout(this.#flush);
  }

  #say(mode: Mode, update?: Update): void {
    this.#mode = mode;
    this.tell(update ? { mode, update } : { mode });
  }

  #open(): void {
    const source = new EventSource("/v1/stream");
    this.#source = source;
    source.addEventListener("hello", () => {
      clearInterval(this.#poll);
      this.#poll = undefined;
      this.#say("live", { kind: "resync" });
    });
    source.addEventListener("resync", () => this.#say("live", { kind: "resync" }));
    source.addEventListener("saga", (event) => this.#gather((event as MessageEvent).data));
    source.addEventListener("error", () => this.#interrupted(source));
  }

  /** The browser connects again by itself, unless the server refused. */
  #interrupted(source: EventSource): void {
    this.#startPolling();
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#again);
    this.#again = window.setTimeout(() => this.#open(), streamAgainAfter);
  }

  #startPolling(): void {
    if (this.#poll !== undefined) return;
    const look = async () => {
      const up = await fetch("/livez").then(
        (answer) => answer.ok,
        () => false,
      );
      if (this.#poll === undefined) return; // the stream came back meanwhile
      if (up && this.#mode === "lost" && this.#source?.readyState === EventSource.CLOSED) {
        clearTimeout(this.#again);
        this.#open();
      }
      this.#say(up ? "polling" : "lost", up ? { kind: "resync" } : undefined);
    };
    this.#poll = window.setInterval(() => void look(), pollEvery);
    void look();
  }

  /** Many sagas may move at once: they are told four times a second. */
  #gather(data: string): void {
    const saga = JSON.parse(data) as Summary;
    this.#gathered.set(saga.id, saga);
    this.#flush ??= window.setTimeout(() => {
      this.#flush = undefined;
      const sagas = [...this.#gathered.values()];
      this.#gathered.clear();
      this.#say("live", { kind: "sagas", sagas });
    }, 250);
  }

  /** What a tab that has just come needs to know. */
  repeat(): void {
    this.#say(this.#mode, { kind: "resync" });
  }
}

export function connect(): void {
  const channel = new BroadcastChannel("skald.live");
  let reader: Reader | undefined;
  const tellAll = (message: Message) => {
    channel.postMessage(message);
    receive(message);
  };
  const leadership = new Leadership("skald.live", {
    begin: () => {
      reader = new Reader(tellAll);
    },
    end: () => {
      reader?.close();
      reader = undefined;
    },
  });
  channel.addEventListener("message", (event: MessageEvent<Message | "hello">) => {
    if (event.data === "hello") reader?.repeat();
    else if (!document.hidden) receive(event.data);
  });
  const visibility = () => {
    if (document.hidden) {
      leadership.resign();
      mode.value = "hidden";
    } else {
      mode.value = "connecting";
      leadership.seek();
      channel.postMessage("hello");
    }
  };
  document.addEventListener("visibilitychange", visibility);
  if (!document.hidden) visibility();
}
