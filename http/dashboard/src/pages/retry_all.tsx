// Retries every saga of a group, one after the other, and tells what became of each.
import { useRef, useState } from "preact/hooks";
import { actOn } from "../api/calls";
import { problemOf } from "../api/client";
import { Dialog } from "../parts/dialog";
import { TextField } from "../saga/action_form";
import { sagaHref } from "../router";
import type { Group } from "./failure_groups";

interface Refused {
  id: string;
  why: string;
}

interface Progress {
  done: number;
  refused: Refused[];
  running: boolean;
}

export function RetryAll({ group, close }: { group: Group; close: () => void }) {
  const ids = group.sagas.map((saga) => saga.id);
  const [progress, setProgress] = useState<Progress>();
  const [reason, setReason] = useState("");
  const stopped = useRef(false);
  const run = async (event: Event) => {
    event.preventDefault();
    const refused: Refused[] = [];
    for (const [index, id] of ids.entries()) {
      if (stopped.current) break;
      setProgress({ done: index, refused, running: true });
      try {
        await actOn(id, "retry", reason.trim() ? { reason: reason.trim() } : {});
      } catch (error) {
        refused.push({ id, why: problemOf(error).detail });
      }
      setProgress({ done: index + 1, refused, running: true });
    }
    setProgress((last) => ({ ...(last ?? { done: 0, refused }), running: false }));
  };
  const end = () => {
    stopped.current = true;
    close();
  };
  return (
    <Dialog
      title={ids.length === 1 ? "Retry this saga?" : `Retry ${ids.length} sagas?`}
      close={end}
    >
      <form class="form" onSubmit={(event) => void run(event)}>
        <p class="consequence">
          {group.where} is tried again now in each of the sagas shown ({ids.length}), one after the
          other. Participants see the same idempotency keys as before.
        </p>
        {!progress && (
          <TextField
            label="Reason"
            value={reason}
            change={setReason}
            hint="Kept in the history of each saga."
          />
        )}
        {progress && <Report progress={progress} total={ids.length} />}
        <div class="form__buttons">
          <button type="button" onClick={end}>
            {progress ? (progress.running ? "Stop" : "Close") : "Do nothing"}
          </button>
          {!progress && (
            <button type="submit" class="primary">
              {ids.length === 1 ? "Retry" : `Retry all ${ids.length}`}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

const Report = ({ progress, total }: { progress: Progress; total: number }) => (
  <div role="status">
    <progress max={total} value={progress.done} aria-label="Progress" />
    <p>
      {progress.done} of {total} asked; {progress.done - progress.refused.length} accepted,{" "}
      {progress.refused.length} refused.
      {!progress.running && progress.refused.length === 0 && " Whether they succeed shows here."}
    </p>
    {progress.refused.length > 0 && (
      <ul class="findings">
        {progress.refused.map((one) => (
          <li key={one.id}>
            <a href={sagaHref(one.id)}>
              <bdi>{one.id}</bdi>
            </a>{" "}
            {one.why}
          </li>
        ))}
      </ul>
    )}
  </div>
);
