// The dialogs of the actions.
import { useState } from "preact/hooks";
import { actOn, listDefinitions, migrateSaga, sagaPath, sendSignal } from "../api/calls";
import type { Json, Migration } from "../api/types";
import { problemOf } from "../api/client";
import { useLoaded } from "../live/loaded";
import { Dialog } from "../parts/dialog";
import { say } from "../parts/toast";
import { go, sagaHref } from "../router";
import { ActionForm, TextField } from "./action_form";
import { effortName } from "./attempts";
import type { Whole } from "./loading";
import { parseJson, settleable, settlingsOf, type Verb } from "./verbs";

interface Props {
  whole: Whole;
  close: () => void;
}

const trimmed = (reason: string): Record<string, Json> =>
  reason.trim() ? { reason: reason.trim() } : {};

/** What became of it, with a way to the history. */
const tell = (what: string, id: string, status: string) =>
  say(`${what}. The saga is now ${status}.`, { href: sagaHref(id) });

export function VerbDialog({ verb, whole, close }: Props & { verb: Verb }) {
  const [reason, setReason] = useState("");
  const { id } = whole.saga;
  return (
    <ActionForm
      title={`${verb.label}?`}
      consequence={verb.consequence(whole)}
      button={verb.label}
      grave={verb.grave}
      close={close}
      request={() => ({ path: `${sagaPath(id)}/${verb.name}`, body: trimmed(reason) })}
      act={async (body) => {
        const saga = await actOn(id, verb.name, body);
        tell(verb.done, saga.id, saga.status);
        if (saga.id !== id) go(sagaHref(saga.id));
      }}
    >
      {verb.reason !== "none" && (
        <TextField
          label="Reason"
          value={reason}
          change={setReason}
          required={verb.reason === "required"}
          hint="Kept in the history of the saga."
        />
      )}
    </ActionForm>
  );
}

export function SettleDialog({ whole, close }: Props) {
  const open = settleable(whole.saga.pending);
  const [at, setAt] = useState(0);
  const [as, setAs] = useState("done");
  const [output, setOutput] = useState("");
  const [reason, setReason] = useState("");
  const pending = open[at] ?? open[0];
  if (!pending)
    return (
      <Dialog title="Settle by hand" close={close}>
        <p>Nothing waits to be settled any more.</p>
      </Dialog>
    );
  const settlings = settlingsOf(pending);
  const settling = settlings.find((one) => one.as === as) ?? settlings[0];
  if (!settling) return null;
  const gives = pending.phase !== "undo" && settling.as === "done";
  const request = () => {
    const given = gives ? parseJson(output) : undefined;
    const body: Record<string, Json> = { step: pending.step, as: settling.as, reason };
    if (given !== undefined) body.output = given;
    return { path: `${sagaPath(whole.saga.id)}/skip`, body };
  };
  return (
    <ActionForm
      title="Settle by hand"
      consequence={settling.consequence}
      button={settling.label}
      grave={settling.as === "skipped"}
      close={close}
      request={request}
      act={async (body) => {
        const saga = await actOn(whole.saga.id, "skip", body);
        tell("Settled by hand", saga.id, saga.status);
      }}
    >
      {open.length > 1 && (
        <label class="field">
          Step
          <select value={at} onChange={(event) => setAt(Number(event.currentTarget.value))}>
            {open.map((one, index) => (
              <option key={index} value={index}>
                {effortName(one.step, one.phase)}
              </option>
            ))}
          </select>
        </label>
      )}
      <fieldset class="choices">
        <legend>{effortName(pending.step, pending.phase)}</legend>
        {settlings.map((one) => (
          <label key={one.as}>
            <input
              type="radio"
              name="as"
              checked={one === settling}
              onChange={() => setAs(one.as)}
            />
            {one.label}
          </label>
        ))}
      </fieldset>
      {gives && (
        <TextField
          label="Output, as JSON"
          value={output}
          change={setOutput}
          rows={4}
          hint="What the participant would have answered; later steps may read it."
        />
      )}
      <TextField
        label="Reason"
        value={reason}
        change={setReason}
        required
        hint="Kept in the history of the saga."
      />
    </ActionForm>
  );
}

export function SignalDialog({ whole, names, close }: Props & { names: string[] }) {
  const [name, setName] = useState(names[0] ?? "");
  const [payload, setPayload] = useState("{}");
  const { id } = whole.saga;
  const awaited = whole.explanation.waiting.some((one) => one.names?.includes(name));
  return (
    <ActionForm
      title="Send a signal"
      consequence={
        awaited
          ? `The saga waits for “${name}” and takes it now.`
          : `The saga does not wait for “${name}” now; it is kept, refused or dropped, ` +
            "as the definition says."
      }
      button="Send"
      close={close}
      request={() => ({
        path: `${sagaPath(id)}/signals/${encodeURIComponent(name)}`,
        body: parseJson(payload) ?? {},
      })}
      act={async (body) => {
        const saga = await sendSignal(id, name, body);
        tell(`“${name}” was sent`, saga.id, saga.status);
      }}
    >
      <label class="field">
        Signal
        <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
          {names.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <TextField label="Payload, as JSON" value={payload} change={setPayload} rows={4} />
    </ActionForm>
  );
}

/** What a dry run said. */
type Verdict = { version: number; migration?: Migration; refusal?: string; findings?: string[] };

export function MigrateDialog({ whole, close }: Props) {
  const { id, definition, version } = whole.saga;
  const rows = useLoaded("definitions", listDefinitions, () => false);
  const versions = (rows.value ?? [])
    .filter((row) => row.name === definition && row.version !== version)
    .map((row) => row.version);
  const [wanted, setWanted] = useState<number>();
  const [verdict, setVerdict] = useState<Verdict>();
  const to = wanted ?? versions[versions.length - 1];
  const tryOut = async () => {
    if (to === undefined) return;
    try {
      setVerdict({ version: to, migration: await migrateSaga(id, to, true) });
    } catch (error) {
      const problem = problemOf(error);
      const findings = problem.errors?.map((one) => `${one.pointer}: ${one.detail}`);
      setVerdict({ version: to, refusal: problem.detail, findings });
    }
  };
  const judged = verdict?.version === to ? verdict : undefined;
  return (
    <ActionForm
      title="Migrate to another version"
      consequence={
        to === undefined
          ? `There is no other version of ${definition} than ${version}.`
          : `It goes on by ${definition}@${to} instead of @${version}. Calls that are out stay out.`
      }
      button="Migrate"
      close={close}
      request={() => {
        if (to === undefined) throw new Error("Register another version first.");
        return { path: `${sagaPath(id)}/migrate`, body: { toVersion: to, dryRun: false } };
      }}
      act={async () => {
        if (to === undefined) throw new Error("Register another version first.");
        const done = await migrateSaga(id, to, false);
        tell(`It goes on by version ${done.toVersion}`, id, done.status);
      }}
    >
      {versions.length > 0 && (
        <div class="bar-row">
          <label class="field field--inline">
            To version
            <select value={to} onChange={(event) => setWanted(Number(event.currentTarget.value))}>
              {versions.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
          <button type="button" onClick={() => void tryOut()}>
            Dry run
          </button>
        </div>
      )}
      <div role="status">
        {judged?.migration && (
          <p>
            It can: it would be <strong>{judged.migration.status}</strong> in{" "}
            <strong>{judged.migration.states.join(", ")}</strong>.
          </p>
        )}
        {judged?.refusal && (
          <div class="form__problem">
            <strong>It cannot: {judged.refusal}</strong>
            <ul class="findings">
              {judged.findings?.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </ActionForm>
  );
}
