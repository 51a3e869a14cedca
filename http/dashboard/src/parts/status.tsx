// A status: icon, word and colour.
import type { Status } from "../api/types";
import { Icon, type IconName } from "./icon";

const icons: Record<string, IconName> = {
  running: "play",
  compensating: "undo",
  paused: "pause",
  stuck: "alert",
  completed: "done",
  compensated: "undo",
  failed: "cross",
  cancelled: "forbid",
  terminated: "stop",
};

const meanings: Record<string, string> = {
  running: "It goes forward.",
  compensating: "It undoes what ran.",
  paused: "An operator holds it.",
  stuck: "It cannot move without an operator.",
  completed: "It ended as asked.",
  compensated: "Everything that ran was undone.",
  failed: "It was refused before anything had an effect.",
  cancelled: "It was asked to end, and was undone.",
  terminated: "An operator ended it; not everything was undone.",
};

const kindOf = (status: Status): string => (status in icons ? status : "unknown");

export const statusMeaning = (status: Status): string => meanings[status] ?? "";

export const StatusBadge = ({ status }: { status: Status }) => (
  <span class={`status status--${kindOf(status)}`} title={statusMeaning(status)}>
    <Icon name={icons[status] ?? "circle"} />
    {status}
  </span>
);
