// What a person prefers, kept in this browser.
import { effect, signal } from "@preact/signals";

function stored<T extends string>(name: string, values: readonly [T, ...T[]]) {
  const read = (): T => {
    try {
      const value = localStorage.getItem(`skald.${name}`);
      return values.find((one) => one === value) ?? values[0];
    } catch {
      return values[0]; // no storage for this page: nothing is remembered
    }
  };
  const setting = signal<T>(read());
  effect(() => {
    try {
      localStorage.setItem(`skald.${name}`, setting.value);
    } catch {
      // as above
    }
  });
  const next = () => {
    setting.value = values[(values.indexOf(setting.value) + 1) % values.length] ?? values[0];
  };
  return { setting, next };
}

export const { setting: theme, next: nextTheme } = stored("theme", ["auto", "light", "dark"]);
export const { setting: zone, next: nextZone } = stored("zone", ["local", "UTC"]);

/** The style sheet reads the theme from the root element. */
export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
}
