// The requests that the pages make.
import { Refusal, newKey, request } from "./client";
import type {
  CountGroup,
  Definition,
  DefinitionRow,
  EventPage,
  Explanation,
  Finding,
  Json,
  Migration,
  Saga,
  SagaPage,
  Status,
} from "./types";

const part = encodeURIComponent;
export const sagaPath = (id: string): string => `/v1/sagas/${part(id)}`;
export const definitionPath = (name: string, version?: number): string =>
  `/v1/definitions/${part(name)}` + (version ? `?version=${version}` : "");

export interface SagaFilter {
  status?: Status[];
  definition?: string;
  businessKey?: string;
}

export function listSagas(
  filter: SagaFilter,
  page: { size?: number; token?: string } = {},
  signal?: AbortSignal,
): Promise<SagaPage> {
  const query = new URLSearchParams();
  if (filter.status?.length) query.set("status", filter.status.join(","));
  if (filter.definition) query.set("definition", filter.definition);
  if (filter.businessKey) query.set("businessKey", filter.businessKey);
  query.set("pageSize", String(page.size ?? 50));
  if (page.token) query.set("pageToken", page.token);
  return request(`/v1/sagas?${query}`, { signal });
}

export const getSaga = (id: string, signal?: AbortSignal): Promise<Saga> =>
  request(sagaPath(id), { signal });

/** The saga, or null when there is none of this id. */
export async function findSaga(id: string): Promise<Saga | null> {
  try {
    return await getSaga(id);
  } catch (error) {
    if (error instanceof Refusal && [400, 404].includes(error.problem.status)) return null;
    throw error;
  }
}

export const explainSaga = (id: string, signal?: AbortSignal): Promise<Explanation> =>
  request(`${sagaPath(id)}/explain`, { signal });

export const listEvents = (
  id: string,
  after: number,
  size: number,
  signal?: AbortSignal,
): Promise<EventPage> =>
  request(`${sagaPath(id)}/events?after=${after}&pageSize=${size}`, { signal });

export const actOn = (id: string, action: string, body: Json): Promise<Saga> =>
  request(`${sagaPath(id)}/${part(action)}`, { method: "POST", body, key: newKey() });

export const sendSignal = (id: string, name: string, payload: Json): Promise<Saga> =>
  request(`${sagaPath(id)}/signals/${part(name)}`, {
    method: "POST",
    body: payload,
    key: newKey(),
  });

export const migrateSaga = (id: string, toVersion: number, dryRun: boolean): Promise<Migration> =>
  request(`${sagaPath(id)}/migrate`, { method: "POST", body: { toVersion, dryRun } });

export const listDefinitions = async (signal?: AbortSignal): Promise<DefinitionRow[]> =>
  (await request<{ definitions: DefinitionRow[] }>("/v1/definitions", { signal })).definitions;

export const getDefinition = (
  name: string,
  version?: number,
  signal?: AbortSignal,
): Promise<Definition> => request(definitionPath(name, version), { signal });

export const validateDocument = (
  text: string,
  signal?: AbortSignal,
): Promise<{ valid: boolean; findings: Finding[] }> =>
  request("/v1/definitions/validate", { method: "POST", text, signal });

export const registerDocument = (text: string): Promise<Definition> =>
  request("/v1/definitions", { method: "POST", text });

export const startSaga = (body: Json, key: string): Promise<Saga> =>
  request("/v1/sagas", { method: "POST", body, key });

/** How many sagas there are, by definition and status; `atLeast` when not all were counted. */
export async function countSagas(
  signal?: AbortSignal,
): Promise<{ groups: CountGroup[]; atLeast: boolean }> {
  try {
    const path = "/v1/sagas/count?groupBy=definition,status";
    const { groups } = await request<{ groups: CountGroup[] }>(path, { signal });
    return { groups, atLeast: false };
  } catch (error) {
    if (!(error instanceof Refusal) || ![400, 404].includes(error.problem.status)) throw error;
    return countListed(signal);
  }
}

/** For servers that do not count: those of the newest thousand. */
async function countListed(signal?: AbortSignal) {
  const page = await listSagas({}, { size: 1000 }, signal);
  const groups = new Map<string, CountGroup>();
  for (const { definition, status } of page.sagas) {
    const name = `${definition} ${status}`;
    const group = groups.get(name) ?? { definition, status, count: 0 };
    groups.set(name, { ...group, count: group.count + 1 });
  }
  return { groups: [...groups.values()], atLeast: page.nextPageToken !== undefined };
}
