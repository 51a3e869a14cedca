// The keys that work everywhere, and the page that names them.
import { signal } from "@preact/signals";
import { go } from "./router";
import { Dialog } from "./parts/dialog";

export const helpShown = signal(false);

const places: Record<string, string> = {
  o: "/",
  s: "/sagas",
  a: "/attention",
  d: "/definitions",
};

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-row]")];

/** Moves to the next or previous row of the page. */
function moveRow(by: number): void {
  const all = rows();
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
  const row = all[Math.min(Math.max(next, 0), all.length - 1)];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

const types = (element: Element | null): boolean =>
  !!element?.closest("input, textarea, select, [contenteditable]");

/** Set while the key after a `g` is awaited. */
let going = false;

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target as HTMLElement;
  if (event.key === "Escape" && types(target)) return target.blur();
  if (types(target) || document.querySelector("dialog[open]")) return;
  const wasGoing = going;
  going = event.key === "g";
  if (wasGoing && places[event.key]) {
    event.preventDefault();
    return go(places[event.key] ?? "/");
  }
  const act = actions[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

const actions: Record<string, () => void> = {
  "/": () => document.getElementById("search")?.focus(),
  "?": () => {
    helpShown.value = true;
  },
  j: () => moveRow(1),
  k: () => moveRow(-1),
};

export const listenToKeys = (): void => document.addEventListener("keydown", pressed);

const keys: [key: string, what: string][] = [
  ["/", "search a saga by its id or business key"],
  ["j  k", "next and previous row"],
  ["Enter", "open the row"],
  ["g o", "go to the overview"],
  ["g s", "go to the sagas"],
  ["g a", "go to what needs attention"],
  ["g d", "go to the definitions"],
  ["?", "this page"],
  ["Esc", "close, or leave a field"],
];

export const Help = () =>
  helpShown.value ? (
    <Dialog
      title="Keys"
      close={() => {
        helpShown.value = false;
      }}
    >
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(/\s+/).map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  ) : null;
