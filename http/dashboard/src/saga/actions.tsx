// What an operator can do with this saga now.
import { useState } from "preact/hooks";
import { sagaPath } from "../api/calls";
import { CopyButton, curl } from "../parts/copy";
import { Icon } from "../parts/icon";
import { hasEnded } from "../api/types";
import { MigrateDialog, SettleDialog, SignalDialog, VerbDialog } from "./action_dialogs";
import type { Whole } from "./loading";
import { settleable, signalsOf, verbNamed } from "./verbs";

/** Dialogs of their own; the others are all alike. */
const ownDialogs = ["settle", "signal", "migrate"];

/** A dialog stays when its action is not allowed any more: the refusal says what happened. */
export function Actions({ whole }: { whole: Whole }) {
  const { saga, explanation, definition } = whole;
  const [chosen, choose] = useState<string>();
  const close = () => choose(undefined);
  const allowed = explanation.allowedActions.filter((name) => name !== "skip");
  const settle = explanation.allowedActions.includes("skip") && settleable(saga.pending).length > 0;
  const alive = !hasEnded(saga.status);
  const signals = alive ? signalsOf(definition, whole) : [];
  return (
    <div class="actions" role="group" aria-label="Actions">
      {allowed.map((name) => {
        const verb = verbNamed(name);
        return (
          <button
            key={name}
            type="button"
            class={name === "retry" ? "primary" : ""}
            onClick={() => choose(name)}
          >
            <Icon name={verb.icon} />
            {verb.label}
          </button>
        );
      })}
      {settle && (
        <button type="button" onClick={() => choose("settle")}>
          <Icon name="skip" />
          Settle by hand
        </button>
      )}
      {signals.length > 0 && (
        <button type="button" onClick={() => choose("signal")}>
          <Icon name="signal" />
          Send a signal
        </button>
      )}
      {alive && (
        <button type="button" onClick={() => choose("migrate")}>
          <Icon name="arrow" />
          Migrate
        </button>
      )}
      <a class="button" href={startLike(whole)}>
        <Icon name="plus" />
        Start one like it
      </a>
      <CopyButton text={curl("GET", sagaPath(saga.id))} label="Copy as curl" word="curl" />
      {chosen === "settle" && <SettleDialog whole={whole} close={close} />}
      {chosen === "signal" && <SignalDialog whole={whole} names={signals} close={close} />}
      {chosen === "migrate" && <MigrateDialog whole={whole} close={close} />}
      {chosen && !ownDialogs.includes(chosen) && (
        <VerbDialog verb={verbNamed(chosen)} whole={whole} close={close} />
      )}
    </div>
  );
}

const startLike = ({ saga }: Whole): string =>
  `/start?${new URLSearchParams({ definition: saga.definition, like: saga.id })}`;
