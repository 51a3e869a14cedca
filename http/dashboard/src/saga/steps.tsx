// The completion log: what ran, or may have run, and what became of it.
import type { Saga, StepRun } from "../api/types";
import { Icon, type IconName } from "../parts/icon";
import { JsonTree } from "../parts/json_tree";
import { Exact } from "../parts/when";

const undoWords: Record<StepRun["undo"], [string, IconName]> = {
  standing: ["stands", "done"],
  undone: ["undone", "undo"],
  undoneByHand: ["undone by hand", "undo"],
  skipped: ["left as it is", "skip"],
  notNeeded: ["nothing to undo", "circle"],
};

function Run({ run }: { run: StepRun }) {
  const [word, icon] = undoWords[run.undo] ?? [run.undo, "circle"];
  return (
    <li class="step">
      <div class="step__head">
        <strong>{run.step}</strong>
        {run.run > 1 && <span class="muted">run {run.run}</span>}
        <span class="tag">{run.kind}</span>
        {run.outcome && <span class="tag">{run.outcome}</span>}
        <span class={`effect effect--${run.undo}`}>
          <Icon name={icon} />
          {word}
        </span>
        {!run.confirmed && (
          <span class="effect effect--doubtful">
            <Icon name="help" />
            may have run
          </span>
        )}
        <span class="muted number">
          <Exact at={run.at} short />
        </span>
      </div>
      <div class="pair">
        <JsonTree label="Sent" value={run.input} open={1} />
        <JsonTree label="Answered" value={run.output} open={1} />
      </div>
    </li>
  );
}

export const Steps = ({ saga }: { saga: Saga }) =>
  saga.steps.length === 0 ? (
    <p class="muted">No step has ended yet.</p>
  ) : (
    <ol class="steps">
      {saga.steps.map((run) => (
        <Run key={`${run.step}.${run.run}.${run.at}`} run={run} />
      ))}
    </ol>
  );
