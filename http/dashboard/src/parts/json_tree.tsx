// JSON to unfold. What is big is shown in part, with its size, and never all at once.
import { useState } from "preact/hooks";
import type { Json } from "../api/types";
import { CopyButton } from "./copy";
import { Icon } from "./icon";

/** Characters of a text shown at first; members shown at first. */
const textMax = 400;
const membersMax = 100;

const isBranch = (value: Json): value is Json[] | { [name: string]: Json } =>
  typeof value === "object" && value !== null;

const sizeOf = (text: string): string =>
  text.length < 1024 ? `${text.length} characters` : `${Math.round(text.length / 1024)} KiB`;

function summary(value: Json[] | { [name: string]: Json }): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  const names = Object.keys(value);
  const some = names.slice(0, 4).join(", ");
  return `{${names.length > 4 ? `${some}, … ${names.length}` : some}}`;
}

function Leaf({ value }: { value: Json }) {
  const [whole, setWhole] = useState(false);
  const text = JSON.stringify(value);
  const kind = value === null ? "null" : typeof value;
  if (text.length <= textMax || whole)
    return (
      <span class={`json__${kind}`}>
        <bdi>{text}</bdi>
      </span>
    );
  return (
    <span class={`json__${kind}`}>
      <bdi>{text.slice(0, textMax)}…</bdi>{" "}
      <button type="button" class="small" onClick={() => setWhole(true)}>
        Show all ({sizeOf(text)})
      </button>
    </span>
  );
}

interface NodeProps {
  name?: string;
  value: Json;
  depth: number;
  open: number;
}

function Node({ name, value, depth, open }: NodeProps) {
  const [unfolded, setUnfolded] = useState(depth < open);
  const [shown, setShown] = useState(membersMax);
  const label = name !== undefined && (
    <>
      <bdi class="json__name">{name}</bdi>:{" "}
    </>
  );
  if (!isBranch(value) || Object.keys(value).length === 0)
    return (
      <div class="json__row">
        {label}
        {isBranch(value) ? (
          <span>{Array.isArray(value) ? "[]" : "{}"}</span>
        ) : (
          <Leaf value={value} />
        )}
      </div>
    );
  const members = Object.entries(value);
  return (
    <div>
      <button
        type="button"
        class="json__row json__fold"
        aria-expanded={unfolded}
        onClick={() => setUnfolded(!unfolded)}
      >
        <Icon name={unfolded ? "down" : "right"} />
        {label}
        <span class="muted">
          <bdi>{summary(value)}</bdi>
        </span>
      </button>
      {unfolded && (
        <div class="json__members">
          {members.slice(0, shown).map(([key, member]) => (
            <Node key={key} name={key} value={member} depth={depth + 1} open={open} />
          ))}
          {members.length > shown && (
            <button type="button" class="small" onClick={() => setShown(shown + 10 * membersMax)}>
              {members.length - shown} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

interface Props {
  label: string;
  value: Json | undefined;
  /** Levels that are unfolded at first. */
  open?: number;
}

export const JsonTree = ({ label, value, open = 2 }: Props) => (
  <section class="json" aria-label={label}>
    <div class="json__head">
      <h3>{label}</h3>
      {value !== undefined && (
        <CopyButton text={() => JSON.stringify(value, null, 2)} label={`Copy ${label} as JSON`} />
      )}
    </div>
    {value === undefined ? (
      <p class="muted">Nothing.</p>
    ) : (
      <div class="json__body" tabIndex={0} role="group" aria-label={`${label}, as JSON`}>
        <Node value={value} depth={0} open={open} />
      </div>
    )}
  </section>
);
