// What a page says when it has nothing to show: it loads, is empty, or could not be loaded.
import type { ComponentChildren } from "preact";
import type { Problem } from "../api/types";
import type { Loaded } from "../live/loaded";
import { Icon, type IconName } from "./icon";

export const Loading = ({ what }: { what: string }) => (
  <p class="notice notice--loading" role="status">
    Loading {what} …
  </p>
);

interface EmptyProps {
  icon?: IconName;
  title: string;
  children?: ComponentChildren;
}

export const Empty = ({ icon = "circle", title, children }: EmptyProps) => (
  <div class="notice">
    <Icon name={icon} />
    <h2>{title}</h2>
    {children}
  </div>
);

interface ProblemProps {
  problem: Problem;
  retry?: () => void;
}

export const ProblemNotice = ({ problem, retry }: ProblemProps) => (
  <div class="notice notice--bad" role="alert">
    <Icon name="alert" />
    <h2>{problem.title || "It did not work"}</h2>
    <p>{problem.detail}</p>
    {problem.hint && <p class="muted">{problem.hint}</p>}
    <ProblemFindings problem={problem} />
    <p class="muted">
      <code>{problem.code}</code>
    </p>
    {retry && (
      <button type="button" onClick={retry}>
        Try again
      </button>
    )}
  </div>
);

/** Each thing that was wrong with a request. */
export const ProblemFindings = ({ problem }: { problem: Problem }) =>
  problem.errors?.length ? (
    <ul class="findings">
      {problem.errors.map((finding) => (
        <li key={finding.pointer + finding.code}>
          <code>{finding.pointer || "/"}</code> {finding.detail}
        </li>
      ))}
    </ul>
  ) : null;

interface LoadedProps<T> {
  loaded: Loaded<T>;
  what: string;
  children: (value: T) => ComponentChildren;
}

/** The value once it is there; what is old stays, with a word that it is, when loading fails. */
export function WhenLoaded<T>({ loaded, what, children }: LoadedProps<T>) {
  if (loaded.value === undefined)
    return loaded.problem ? (
      <ProblemNotice problem={loaded.problem} retry={loaded.reload} />
    ) : (
      <Loading what={what} />
    );
  return (
    <>
      {loaded.problem && (
        <p class="stale" role="status">
          <Icon name="alert" /> This may be old: {loaded.problem.detail}
        </p>
      )}
      {children(loaded.value)}
    </>
  );
}
