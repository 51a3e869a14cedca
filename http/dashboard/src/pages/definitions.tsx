// What this server can run.
import { listDefinitions } from "../api/calls";
import type { DefinitionRow } from "../api/types";
import { useLoaded } from "../live/loaded";
import { Icon } from "../parts/icon";
import { Empty, WhenLoaded } from "../parts/notice";
import { definitionHref, href } from "../router";

interface Family {
  newest: DefinitionRow;
  versions: number[];
}

function families(rows: DefinitionRow[]): Family[] {
  const names = [...new Set(rows.map((row) => row.name))];
  return names.flatMap((name) => {
    const own = rows.filter((row) => row.name === name);
    const newest = own.find((row) => row.newest) ?? own[own.length - 1];
    return newest ? [{ newest, versions: own.map((row) => row.version) }] : [];
  });
}

const FamilyRow = ({ family: { newest, versions } }: { family: Family }) => (
  <tr class="row">
    <th scope="row">
      <a data-row href={definitionHref(newest.name)}>
        {newest.name}
      </a>
    </th>
    <td class="number">
      {versions.map((version) => (
        <a key={version} class="version" href={definitionHref(newest.name, version)}>
          {version}
        </a>
      ))}
    </td>
    <td>{newest.language === "c++" ? "C++" : "JSON"}</td>
    <td class="wide">
      <bdi>{newest.description}</bdi>
    </td>
    <td class="cell-buttons">
      <a href={href(["sagas"], { definition: newest.name })}>Sagas</a>{" "}
      <a href={href(["start"], { definition: newest.name })}>Start</a>
    </td>
  </tr>
);

export function Definitions() {
  const loaded = useLoaded("definitions", listDefinitions, () => false);
  return (
    <>
      <div class="page-head">
        <h1>Definitions</h1>
        <a class="button" href="/try">
          <Icon name="search" />
          Try a document
        </a>
      </div>
      <WhenLoaded loaded={loaded} what="definitions">
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon="plus" title="There is no definition yet">
              <p>
                <a href="/try">Try a document and register it</a>, or start skald with{" "}
                <code>--definition FILE</code>.
              </p>
            </Empty>
          ) : (
            <table class="table table--definitions">
              <caption class="unseen">Definitions, by name</caption>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Versions</th>
                  <th scope="col">Language</th>
                  <th scope="col">Description</th>
                  <th scope="col">
                    <span class="unseen">Links</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {families(rows).map((family) => (
                  <FamilyRow key={family.newest.name} family={family} />
                ))}
              </tbody>
            </table>
          )
        }
      </WhenLoaded>
    </>
  );
}
