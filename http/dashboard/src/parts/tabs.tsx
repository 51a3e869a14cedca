// Tabs whose choice is a parameter of the address.
import type { ComponentChildren } from "preact";
import { param, setParams } from "../router";

export interface Tab {
  id: string;
  label: string;
  count?: number;
  show: () => ComponentChildren;
}

const shift: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

export function Tabs({ name, label, tabs }: { name: string; label: string; tabs: Tab[] }) {
  const chosen = tabs.find((tab) => tab.id === param(name)) ?? tabs[0];
  if (!chosen) return null;
  const choose = (tab: Tab) => setParams({ [name]: tab === tabs[0] ? "" : tab.id });
  const move = (event: KeyboardEvent) => {
    const by = shift[event.key];
    if (!by) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(chosen) + by + tabs.length) % tabs.length] ?? chosen;
    choose(next);
    document.getElementById(`tab-${name}-${next.id}`)?.focus();
  };
  return (
    <section class="tabs">
      <div class="tabs__list" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`tab-${name}-${tab.id}`}
            aria-selected={tab === chosen}
            aria-controls={`panel-${name}`}
            tabIndex={tab === chosen ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {tab.label}
            {tab.count !== undefined && <span class="count">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`panel-${name}`} aria-labelledby={`tab-${name}-${chosen.id}`}>
        {chosen.show()}
      </div>
    </section>
  );
}
