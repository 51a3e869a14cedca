// Small line icons, drawn here so that they look the same everywhere.

const paths = {
  running: "M8 2a6 6 0 1 1-5.2 3M5.5 8.2l1.8 1.8 3.2-4",
  play: "M5 3.5v9l7.5-4.5z",
  undo: "M6 3L2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 8H7",
  pause: "M5.5 3v10M10.5 3v10",
  alert: "M8 2L1.5 13.5h13zM8 6.5v3.2M8 11.6v.2",
  done: "M3 8.5l3.5 3.5L13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  stop: "M4 4h8v8H4z",
  circle: "M8 2.5a5.5 5.5 0 1 0 .01 0",
  forbid: "M8 2.5a5.5 5.5 0 1 0 .01 0M4.2 4.2l7.6 7.6",
  skip: "M3 4l5 4-5 4zM9 4l5 4-5 4z",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  down: "M4 6l4 4 4-4",
  right: "M6 4l4 4-4 4",
  sun: "M8 5a3 3 0 1 0 .01 0M8 1v1M8 14v1M1 8h1M14 8h1M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
  moon: "M12.5 9.8A5.5 5.5 0 0 1 6.2 3.5a5.5 5.5 0 1 0 6.3 6.3z",
  auto: "M8 2.5a5.5 5.5 0 1 0 .01 0M8 2.5v11M8 5h3.5M8 8h5M8 11h3.5",
  help: "M6 6a2 2 0 1 1 2.6 1.9C8.2 8 8 8.4 8 9v.5M8 11.8v.2",
  search: "M7 2.5a4.5 4.5 0 1 0 .01 0M10.3 10.3l3.2 3.2",
  signal: "M2 8h3l2-5 2 10 2-5h3",
  clock: "M8 2.5a5.5 5.5 0 1 0 .01 0M8 5v3.2l2.2 1.4",
  plus: "M8 3v10M3 8h10",
  arrow: "M2 8h11M9 4l4 4-4 4",
} as const;

export type IconName = keyof typeof paths;

/** Decoration: a word stands beside it, or the button has a label. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
