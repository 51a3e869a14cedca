// Where the user is: the address of the page is the whole state of the interface.
import { signal } from "@preact/signals";

export interface Place {
  /** The decoded segments of the path: /sagas/a%2Eb is ["sagas", "a.b"]. */
  path: string[];
  query: URLSearchParams;
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray '%' somebody typed
  }
};

function read(): Place {
  const path = window.location.pathname.split("/").filter(Boolean).map(decoded);
  return { path, query: new URLSearchParams(window.location.search) };
}

export const place = signal<Place>(read());

/** A segment of a path. A dot would look like the beginning of a file's extension. */
export const segment = (text: string): string => encodeURIComponent(text).replaceAll(".", "%2E");

export type Query = Record<string, string | number | undefined>;

export function href(path: string[], query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") parameters.set(name, String(value));
  const search = parameters.toString();
  return "/" + path.map(segment).join("/") + (search ? `?${search}` : "");
}

export const sagaHref = (id: string, query: Query = {}): string => href(["sagas", id], query);
export const definitionHref = (name: string, version?: number): string =>
  href(["definitions", name], { version });

export function go(address: string, { replace = false } = {}): void {
  const before = place.value.path.join("/");
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  place.value = read();
  if (place.value.path.join("/") !== before) arrive();
}

/** A new page begins at its top, and says its name to a screen reader; not to who types already. */
function arrive(): void {
  window.scrollTo(0, 0);
  requestAnimationFrame(() => {
    if (document.activeElement instanceof HTMLInputElement) return;
    document.getElementById("main")?.focus({ preventScroll: true });
  });
}

/** The value of a parameter of the address, or "". */
export const param = (name: string): string => place.value.query.get(name) ?? "";

/** Changes parameters of the address; an empty value removes one. */
export function setParams(changes: Query, { replace = false } = {}): void {
  const query = new URLSearchParams(place.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") query.delete(name);
    else query.set(name, String(value));
  }
  const search = query.toString();
  go(window.location.pathname + (search ? `?${search}` : ""), { replace });
}

/** Links are plain anchors; a plain click on one of ours does not load the page anew. */
export function followLinks(): void {
  window.addEventListener("popstate", () => {
    place.value = read();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = (event.target as Element).closest("a");
    if (!anchor || anchor.target || anchor.hasAttribute("download")) return;
    if (anchor.origin !== window.location.origin) return;
    if (anchor.hash && anchor.pathname === window.location.pathname) return;
    if (anchor.pathname.startsWith("/v1/") || anchor.pathname.includes(".")) return;
    event.preventDefault();
    go(anchor.pathname + anchor.search + anchor.hash);
  });
}
