// The dialog of an action: what will come of it, what has to be given, and what came of it.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { problemOf } from "../api/client";
import type { Json, Problem } from "../api/types";
import { CurlLine, curl } from "../parts/copy";
import { Dialog } from "../parts/dialog";
import { ProblemFindings } from "../parts/notice";

interface Props {
  title: string;
  consequence: string;
  button: string;
  grave?: boolean;
  /** The request; throws an Error whose message says what is missing. */
  request: () => { path: string; body: Json };
  act: (body: Json) => Promise<void>;
  close: () => void;
  children?: ComponentChildren;
}

export function ActionForm(props: Props) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await props.act(props.request().body);
      props.close();
    } catch (error) {
      setProblem(error instanceof Error && !("problem" in error) ? said(error) : problemOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={props.title} close={props.close}>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <p class="consequence">
          <bdi>{props.consequence}</bdi>
        </p>
        {props.children}
        {problem && (
          <div class="form__problem" role="alert">
            <strong>{problem.detail}</strong>
            {problem.hint && <p>{problem.hint}</p>}
            <ProblemFindings problem={problem} />
          </div>
        )}
        <details>
          <summary>As a command</summary>
          <CurlLine command={commandOf(props)} />
        </details>
        <div class="form__buttons">
          <button type="button" onClick={props.close}>
            Do nothing
          </button>
          <button type="submit" class={props.grave ? "grave" : "primary"} disabled={busy}>
            {busy ? "Working …" : props.button}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const said = (error: Error): Problem => ({
  title: "Not yet",
  status: 0,
  code: "FORM",
  detail: error.message,
});

function commandOf(props: Props): string {
  try {
    const { path, body } = props.request();
    return curl("POST", path, body);
  } catch (error) {
    return `# ${(error as Error).message}`;
  }
}

interface TextProps {
  label: string;
  value: string;
  change: (value: string) => void;
  required?: boolean;
  hint?: string;
  rows?: number;
}

/** A field of a form, with its label; several rows for JSON. */
export const TextField = ({ label, value, change, required, hint, rows }: TextProps) => (
  <label class="field">
    <span>
      {label}
      {required && <span class="muted"> (required)</span>}
    </span>
    {rows ? (
      <textarea
        class="code"
        rows={rows}
        spellcheck={false}
        value={value}
        required={required}
        onInput={(event) => change(event.currentTarget.value)}
      />
    ) : (
      <input
        dir="auto"
        value={value}
        required={required}
        maxLength={1000}
        onInput={(event) => change(event.currentTarget.value)}
      />
    )}
    {hint && <span class="muted">{hint}</span>}
  </label>
);
