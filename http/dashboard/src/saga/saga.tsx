// One saga: where it is, why it waits, what can be done.
import { useMemo } from "preact/hooks";
import { sagaPath } from "../api/calls";
import { Diagram } from "../diagram/diagram";
import { graphOf } from "../diagram/graph";
import { overlayOf } from "../diagram/overlay";
import { CopyButton, curl } from "../parts/copy";
import { JsonTree } from "../parts/json_tree";
import { WhenLoaded } from "../parts/notice";
import { Tabs } from "../parts/tabs";
import { Actions } from "./actions";
import { attemptsOf } from "./attempts";
import { Header } from "./header";
import { History } from "./history";
import { useWhole, type Whole } from "./loading";
import { Related } from "./related";
import { Steps } from "./steps";
import { Timeline } from "./timeline";

const Data = ({ saga }: Pick<Whole, "saga">) => (
  <div class="pair">
    <JsonTree label="Input" value={saga.input} />
    <JsonTree label="Data" value={saga.data} />
    <JsonTree label="Output" value={saga.output} />
    <JsonTree label="Tags" value={saga.tags} />
    {saga.error && <JsonTree label="Error" value={saga.error as never} />}
  </div>
);

const Raw = ({ saga, explanation }: Whole) => (
  <>
    <div class="bar-row">
      <CopyButton text={curl("GET", sagaPath(saga.id))} label="Copy as curl" word="Copy as curl" />
    </div>
    <JsonTree label="Saga" value={saga as never} />
    <JsonTree label="Explanation" value={explanation as never} />
  </>
);

interface Props {
  whole: Whole;
  loadEarlier: () => void;
}

function Picture({ whole }: { whole: Whole }) {
  const { saga, explanation, events, definition } = whole;
  const overlay = useMemo(() => {
    const arrows = definition ? graphOf(definition.document).arrows : [];
    return overlayOf({ saga, explanation, events }, arrows);
  }, [whole]);
  if (!definition)
    return (
      <p class="muted">
        {saga.definition}@{saga.version} is not registered any more, so there is no picture.
      </p>
    );
  return <Diagram document={definition.document} overlay={overlay} />;
}

const legend: [mark: string, word: string][] = [
  ["current", "is here"],
  ["visited", "was here"],
  ["failed", "failed"],
  ["stuck", "needs an operator"],
  ["planned", "would be undone"],
  ["undone", "undone"],
];

const Legend = () => (
  <ul class="legend" aria-label="Marks in the diagram">
    {legend.map(([mark, word]) => (
      <li key={mark}>
        <span class={`legend__mark legend__mark--${mark}`} aria-hidden="true" />
        {word}
      </li>
    ))}
  </ul>
);

function Body({ whole, loadEarlier }: Props) {
  const { saga, events, earlier, definition } = whole;
  const attempts = useMemo(() => attemptsOf(events), [events]);
  return (
    <>
      <Header whole={whole} />
      <Actions whole={whole} />
      <div class="saga-grid">
        <section class="panel" aria-label="Diagram">
          <h2>Where it is</h2>
          <Picture whole={whole} />
          <Legend />
        </section>
        <section class="panel" aria-label="Timeline">
          <h2>Attempts</h2>
          <Timeline saga={saga} attempts={attempts} />
        </section>
      </div>
      <Tabs
        name="tab"
        label="Details"
        tabs={[
          {
            id: "history",
            label: "History",
            show: () => <History events={events} earlier={earlier} loadEarlier={loadEarlier} />,
          },
          {
            id: "steps",
            label: "Steps",
            count: saga.steps.length,
            show: () => <Steps saga={saga} />,
          },
          { id: "data", label: "Data", show: () => <Data saga={saga} /> },
          {
            id: "related",
            label: "Related",
            show: () => <Related saga={saga} definition={definition} />,
          },
          { id: "raw", label: "Raw", show: () => <Raw {...whole} /> },
        ]}
      />
    </>
  );
}

export function SagaView({ id }: { id: string }) {
  const [loaded, loadEarlier] = useWhole(id);
  return (
    <WhenLoaded loaded={loaded} what="the saga">
      {(whole) => <Body whole={whole} loadEarlier={loadEarlier} />}
    </WhenLoaded>
  );
}
