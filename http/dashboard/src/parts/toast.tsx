// Short messages on what came of an action; read out by screen readers.
import { signal } from "@preact/signals";
import { Icon } from "./icon";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  href?: string;
}

const toasts = signal<Toast[]>([]);
let lastId = 0;

export function say(text: string, { bad = false, href }: { bad?: boolean; href?: string } = {}) {
  const id = ++lastId;
  toasts.value = [...toasts.value.slice(-3), href ? { id, text, bad, href } : { id, text, bad }];
  setTimeout(() => dismiss(id), bad ? 20_000 : 7000);
}

const dismiss = (id: number) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map((toast) => (
      <div key={toast.id} class={`toast ${toast.bad ? "toast--bad" : ""}`}>
        <Icon name={toast.bad ? "alert" : "done"} />
        <span>
          {toast.text} {toast.href && <a href={toast.href}>Show it</a>}
        </span>
        <button class="plain" aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
          <Icon name="cross" />
        </button>
      </div>
    ))}
  </div>
);
