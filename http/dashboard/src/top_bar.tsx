// Navigation, search, and whether what is shown is live.
import { useState } from "preact/hooks";
import { findSaga, listSagas } from "./api/calls";
import { problemOf } from "./api/client";
import { helpShown } from "./keyboard";
import { heardAt, mode } from "./live/connection";
import { useLoaded } from "./live/loaded";
import { Icon, type IconName } from "./parts/icon";
import { say } from "./parts/toast";
import { go, href, place, sagaHref } from "./router";
import { nextTheme, nextZone, theme, zone } from "./settings";
import { now, relative } from "./time";

const pages = [
  { path: [], label: "Overview" },
  { path: ["sagas"], label: "Sagas" },
  { path: ["attention"], label: "Needs attention" },
  { path: ["definitions"], label: "Definitions" },
];

/** At most so many are counted; more are shown as "100+". */
const stuckMax = 100;
/** Milliseconds; it is counted on every page, all the time. */
const countPace = 3000;

function StuckCount() {
  const stuck = useLoaded(
    "stuck",
    (signal) => listSagas({ status: ["stuck"] }, { size: stuckMax }, signal),
    () => true,
    countPace,
  );
  const count = stuck.value?.sagas.length ?? 0;
  if (count === 0) return null;
  const text = stuck.value?.nextPageToken ? `${stuckMax}+` : String(count);
  return (
    <span class="count count--bad">
      {text}
      <span class="unseen"> stuck</span>
    </span>
  );
}

const Navigation = () => (
  <nav aria-label="Pages">
    {pages.map((page) => {
      const here = (place.value.path[0] ?? "") === (page.path[0] ?? "");
      return (
        <a key={page.label} href={href(page.path)} aria-current={here ? "page" : undefined}>
          {page.label}
          {page.path[0] === "attention" && <StuckCount />}
        </a>
      );
    })}
  </nav>
);

/** An id leads to its saga; anything else to the sagas with this business key. */
async function search(text: string): Promise<void> {
  try {
    const saga = await findSaga(text);
    go(saga ? sagaHref(saga.id) : href(["sagas"], { key: text }));
  } catch (error) {
    say(problemOf(error).detail, { bad: true });
  }
}

function Search() {
  const [text, setText] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    const wanted = text.trim();
    if (!wanted) return;
    setText("");
    (document.activeElement as HTMLElement | null)?.blur();
    void search(wanted);
  };
  return (
    <form class="search" role="search" onSubmit={submit}>
      <Icon name="search" />
      <input
        id="search"
        type="search"
        dir="auto"
        aria-label="Saga by id or business key"
        placeholder="Id or business key  /"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}

const words = {
  connecting: "connecting",
  live: "live",
  polling: "every 2 s",
  lost: "no answer",
  hidden: "resting",
};

const Pulse = () => (
  <span class={`pulse pulse--${mode.value}`} role="status" aria-live="off">
    <span class="pulse__dot" aria-hidden="true" />
    {words[mode.value]}
    <span class="muted"> · {relative(Math.min(heardAt.value, now.value), now.value)}</span>
  </span>
);

const themeIcons: Record<string, IconName> = { auto: "auto", light: "sun", dark: "moon" };

export const TopBar = () => (
  <header class="top">
    <a class="brand" href="/">
      <img src="/favicon.svg" alt="" width="20" height="20" />
      Skald
    </a>
    <Navigation />
    <Search />
    <Pulse />
    <div class="top__buttons">
      <a class="button" href="/start">
        <Icon name="plus" />
        Start
      </a>
      <button type="button" class="plain" onClick={nextZone} title="Times in local time or in UTC">
        <span class="unseen">Times in </span>
        {zone.value}
      </button>
      <button
        type="button"
        class="plain"
        onClick={nextTheme}
        title={`Theme: ${theme.value}`}
        aria-label={`Theme: ${theme.value}`}
      >
        <Icon name={themeIcons[theme.value] ?? "auto"} />
      </button>
      <button
        type="button"
        class="plain"
        aria-label="Keys"
        title="Keys (?)"
        onClick={() => {
          helpShown.value = true;
        }}
      >
        <Icon name="help" />
      </button>
    </div>
  </header>
);
