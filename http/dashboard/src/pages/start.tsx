// Starts a saga: which definition, with what, under which id.
import { useEffect, useMemo, useState } from "preact/hooks";
import { getDefinition, getSaga, listDefinitions, startSaga } from "../api/calls";
import { newKey, problemOf } from "../api/client";
import type { Definition, Json, Problem } from "../api/types";
import { useLoaded } from "../live/loaded";
import { CurlLine, curl } from "../parts/copy";
import { Empty, ProblemFindings, WhenLoaded } from "../parts/notice";
import { say } from "../parts/toast";
import { go, param, sagaHref, setParams } from "../router";
import { TextField } from "../saga/action_form";
import { parseJson } from "../saga/verbs";
import { fieldsOf, InputForm, inputOf, skeletonOf, textsOf } from "./input_form";

/** The definition to start, and the input of the saga that it should be like. */
interface Subject {
  definition: Definition;
  like?: Json;
}

async function subjectOf(
  name: string,
  version: number | undefined,
  like: string,
  signal: AbortSignal,
): Promise<Subject> {
  const [definition, saga] = await Promise.all([
    getDefinition(name, version, signal),
    like ? getSaga(like, signal) : undefined,
  ]);
  return { definition, like: saga?.input };
}

function requestBody(definition: Definition, input: Json, id: string, key: string): Json {
  const body: { [name: string]: Json } = { definition: definition.name, input };
  if (param("version")) body.version = definition.version;
  if (id.trim()) body.id = id.trim();
  if (key.trim()) body.businessKey = key.trim();
  return body;
}

function StartForm({ subject: { definition, like } }: { subject: Subject }) {
  const schema = definition.document.input;
  const fields = useMemo(() => fieldsOf(schema), [definition]);
  const [asJson, setAsJson] = useState(fields === undefined);
  const [texts, setTexts] = useState<Record<string, string>>(() => textsOf(like ?? {}));
  const [json, setJson] = useState(() => JSON.stringify(like ?? skeletonOf(schema), null, 2));
  const [id, setId] = useState("");
  const [businessKey, setBusinessKey] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const idempotencyKey = useMemo(newKey, [texts, json, id, businessKey, asJson]);

  const input = (): Json => (asJson || !fields ? (parseJson(json) ?? {}) : inputOf(fields, texts));
  const body = (): Json => requestBody(definition, input(), id, businessKey);
  const command = (): string => {
    try {
      return curl("POST", "/v1/sagas", body());
    } catch (error) {
      return `# ${(error as Error).message}`;
    }
  };
  const switchForm = () => {
    try {
      if (asJson) setTexts(textsOf(input()));
      else setJson(JSON.stringify(input(), null, 2));
      setAsJson(!asJson);
    } catch (error) {
      setProblem({ ...problemOf(error), detail: (error as Error).message });
    }
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const saga = await startSaga(body(), idempotencyKey);
      say(`${saga.id} was started.`);
      go(sagaHref(saga.id));
    } catch (error) {
      const known = error instanceof Error && !("problem" in error);
      setProblem(known ? { ...problemOf(error), detail: error.message } : problemOf(error));
      setBusy(false);
    }
  };
  return (
    <form class="form panel" onSubmit={(event) => void submit(event)}>
      {definition.description && (
        <p>
          <bdi>{definition.description}</bdi>
        </p>
      )}
      <div class="bar-row">
        <h2>Input</h2>
        {fields && (
          <button type="button" class="small" onClick={switchForm}>
            {asJson ? "As a form" : "As JSON"}
          </button>
        )}
      </div>
      {asJson || !fields ? (
        <TextField label="Input, as JSON" value={json} change={setJson} rows={12} />
      ) : (
        <InputForm
          fields={fields}
          texts={texts}
          change={(name, text) => setTexts({ ...texts, [name]: text })}
        />
      )}
      <div class="input-form">
        <TextField label="Id" value={id} change={setId} hint="One is made when left empty." />
        <TextField
          label="Business key"
          value={businessKey}
          change={setBusinessKey}
          hint="The one that the definition names, when left empty."
        />
      </div>
      {problem && (
        <div class="form__problem" role="alert">
          <strong>{problem.detail}</strong>
          {problem.hint && <p>{problem.hint}</p>}
          <ProblemFindings problem={problem} />
        </div>
      )}
      <CurlLine command={command()} />
      <div class="form__buttons">
        <button type="submit" class="primary" disabled={busy}>
          {busy ? "Starting …" : "Start the saga"}
        </button>
      </div>
    </form>
  );
}

function Chosen({ name }: { name: string }) {
  const version = Number(param("version")) || undefined;
  const like = param("like");
  const loaded = useLoaded(
    `start ${name} ${version} ${like}`,
    (signal) => subjectOf(name, version, like, signal),
    () => false,
  );
  return (
    <WhenLoaded loaded={loaded} what="the definition">
      {(subject) => <StartForm key={`${name} ${version} ${like}`} subject={subject} />}
    </WhenLoaded>
  );
}

export function StartSaga() {
  const rows = useLoaded("definitions", listDefinitions, () => false);
  const name = param("definition");
  const first = rows.value?.[0]?.name;
  useEffect(() => {
    if (!name && first) setParams({ definition: first }, { replace: true });
  }, [name, first]);
  return (
    <>
      <div class="page-head">
        <h1>Start a saga</h1>
        <WhenLoaded loaded={rows} what="definitions">
          {(value) => (
            <label class="field field--inline">
              Definition
              <select
                value={name}
                onChange={(event) =>
                  setParams({ definition: event.currentTarget.value, version: "", like: "" })
                }
              >
                {[...new Set(value.map((row) => row.name))].map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </select>
            </label>
          )}
        </WhenLoaded>
      </div>
      {rows.value?.length === 0 && (
        <Empty icon="plus" title="There is no definition to start">
          <p>
            <a href="/try">Try a document and register it</a>.
          </p>
        </Empty>
      )}
      {name && <Chosen name={name} />}
    </>
  );
}
