// One definition: its picture, its table, its steps, its source.
import { definitionPath, getDefinition, listDefinitions } from "../api/calls";
import { request } from "../api/client";
import type { Definition, StepDefinition } from "../api/types";
import { Diagram } from "../diagram/diagram";
import { actionsOf, guardOf, triggerOf, undoName } from "../diagram/graph";
import { useLoaded } from "../live/loaded";
import { CopyButton } from "../parts/copy";
import { Icon } from "../parts/icon";
import { WhenLoaded } from "../parts/notice";
import { Tabs } from "../parts/tabs";
import { href, param, setParams } from "../router";

const Transitions = ({ definition }: { definition: Definition }) => (
  <div class="scroll" tabIndex={0} role="group" aria-label="Transitions, scrolls">
    <table class="table table--plain">
      <caption class="unseen">Transitions</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Event</th>
          <th scope="col">Guard</th>
          <th scope="col">Actions</th>
          <th scope="col">Target</th>
        </tr>
      </thead>
      <tbody>
        {definition.document.transitions.map((row, index) => (
          <tr key={index} class="row">
            <th scope="row">{row.from}</th>
            <td>{triggerOf(row) || <span class="muted">at once</span>}</td>
            <td>{guardOf(row) && <code>{guardOf(row)}</code>}</td>
            <td>{actionsOf(row)}</td>
            <td>{row.to ?? <span class="muted">stays</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const callOf = (step: StepDefinition): string =>
  step.call.http ??
  step.call.function ??
  (step.call.saga ? `saga ${step.call.saga}` : `publish ${step.call.publish ?? ""}`);

const StepTable = ({ definition }: { definition: Definition }) => (
  <div class="scroll" tabIndex={0} role="group" aria-label="Steps, scrolls">
    <table class="table table--plain">
      <caption class="unseen">Steps</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Kind</th>
          <th scope="col">Calls</th>
          <th scope="col">Undo</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(definition.document.steps).map(([name, step]) => (
          <tr key={name} class="row">
            <th scope="row">{name}</th>
            <td>{step.kind ?? "compensatable"}</td>
            <td>
              <code>{callOf(step)}</code>
            </td>
            <td>{undoName(name, step) ?? <span class="muted">none</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** The short form where there is one, else the full one. */
async function sourceOf(definition: Definition, form: string, signal: AbortSignal) {
  const path = definitionPath(definition.name, definition.version);
  const asked = form === "steps" ? `${path}&form=steps` : path;
  const { document } = await request<Definition>(asked, { signal });
  return JSON.stringify(document, null, 2);
}

function Source({ definition }: { definition: Definition }) {
  const form = param("form") === "steps" ? "steps" : "full";
  const key = `source ${definition.name} ${definition.version} ${form}`;
  const loaded = useLoaded(
    key,
    (signal) => sourceOf(definition, form, signal),
    () => false,
  );
  const raw = `/v1/definitions/${encodeURIComponent(definition.name)}/diagram`;
  return (
    <section aria-label="Source">
      <div class="bar-row">
        <div class="views" role="group" aria-label="Form">
          {["full", "steps"].map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === form}
              onClick={() => setParams({ form: one === "full" ? "" : one }, { replace: true })}
            >
              {one === "full" ? "states" : "list of steps"}
            </button>
          ))}
        </div>
        <CopyButton text={() => loaded.value ?? ""} label="Copy the source" word="Copy" />
        {["mermaid", "dot", "plantuml", "svg"].map((format) => (
          <a
            key={format}
            href={`${raw}?format=${format}&version=${definition.version}`}
            target="_blank"
            rel="noopener"
          >
            {format}
          </a>
        ))}
      </div>
      <WhenLoaded loaded={loaded} what="the source">
        {(text) => (
          <pre class="source" tabIndex={0}>
            {text}
          </pre>
        )}
      </WhenLoaded>
    </section>
  );
}

function Versions({ name, chosen }: { name: string; chosen: number }) {
  const loaded = useLoaded("definitions", listDefinitions, () => false);
  const versions = (loaded.value ?? []).filter((row) => row.name === name);
  if (versions.length < 2) return <span class="tag">version {chosen}</span>;
  return (
    <label class="field field--inline">
      Version
      <select
        value={chosen}
        onChange={(event) => setParams({ version: event.currentTarget.value })}
      >
        {versions.map((row) => (
          <option key={row.version} value={row.version}>
            {row.version}
            {row.newest ? " (newest)" : ""}
          </option>
        ))}
      </select>
    </label>
  );
}

function Body({ definition }: { definition: Definition }) {
  const { name, version } = definition;
  return (
    <>
      <div class="page-head">
        <h1>{name}</h1>
        <Versions name={name} chosen={version} />
        <span class="tag">{definition.language === "c++" ? "C++" : "JSON"}</span>
        <a class="button" href={href(["sagas"], { definition: name })}>
          Its sagas
        </a>
        <a class="button" href={href(["start"], { definition: name, version })}>
          <Icon name="plus" />
          Start one
        </a>
      </div>
      {definition.description && (
        <p>
          <bdi>{definition.description}</bdi>
        </p>
      )}
      <section class="panel" aria-label="Diagram">
        <h2>State machine</h2>
        <Diagram document={definition.document} />
        <p class="muted small-print">◆ pivot · ↻ retriable · ○ readonly · ⤺ undo · ✗ bad end</p>
      </section>
      <Tabs
        name="tab"
        label="Parts of the definition"
        tabs={[
          {
            id: "transitions",
            label: "Transitions",
            count: definition.document.transitions.length,
            show: () => <Transitions definition={definition} />,
          },
          {
            id: "steps",
            label: "Steps",
            count: Object.keys(definition.document.steps).length,
            show: () => <StepTable definition={definition} />,
          },
          { id: "source", label: "Source", show: () => <Source definition={definition} /> },
        ]}
      />
    </>
  );
}

export function DefinitionPage({ name }: { name: string }) {
  const version = Number(param("version")) || undefined;
  const loaded = useLoaded(
    `definition ${name} ${version}`,
    (signal) => getDefinition(name, version, signal),
    () => false,
  );
  return (
    <WhenLoaded loaded={loaded} what="the definition">
      {(definition) => <Body definition={definition} />}
    </WhenLoaded>
  );
}
