/** The few icons of the page, as strokes in a box of 24. They stand beside words, so a screen reader skips them. */
const paths = {
  pulse: 'M3 12h4l3-8 4 16 3-8h4',
  heart: 'M12 20s-7-4.4-9-9a5 5 0 0 1 9-4 5 5 0 0 1 9 4c-2 4.6-9 9-9 9z',
  send: 'M4 12l16-8-5 16-4-6-7-2zM11 14l4-5',
  check: 'M5 13l4 4L19 7',
  undo: 'M9 8L5 12l4 4M5 12h10a4 4 0 0 1 0 8h-2',
  mute: 'M6 9a6 6 0 0 1 9-5M18 9c0 6 2 7 2 7H8M6 12c-.4 3-2 4-2 4M10 20h4M3 3l18 18',
  speaker: 'M4 10v4h4l5 4V6l-5 4zM16 9a4 4 0 0 1 0 6',
  down: 'M6 9l6 6 6-6',
  up: 'M6 15l6-6 6 6',
  drag: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  right: 'M9 6l6 6-6 6',
  left: 'M15 6l-6 6 6 6',
  out: 'M14 4h6v6M20 4l-9 9M18 14v5H5V6h5',
  book: 'M5 4h9a4 4 0 0 1 4 4v12H9a4 4 0 0 1-4-4zM5 16a4 4 0 0 1 4-4h9',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c1-4 4-5 8-5s7 1 8 5',
  x: 'M6 6l12 12M18 6L6 18',
  retry: 'M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2 19c.7-3.6 3.4-5 7-5s6.300 1.400 7 5M16 5a3.500 3.500 0 0 1 0 7M18 14.500c2.300.600 3.600 2.100 4 4.500',
  group: 'M4 5h16M7 10h10M10 15h4M11 20h2',
  source: 'M5 12a7 7 0 0 1 7-7M5 12a7 7 0 0 0 7 7M2 12h6M12 5h8M12 19h8M12 12h8',
  peers:
    'M6 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM18 14a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM9 7h6a3 3 0 0 1 3 3v4M15 17H9a3 3 0 0 1-3-3v-4',
  audit: 'M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  question:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.3-1 .8-1 1.700M12 17h.01',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l9-9M16 7l3 3',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
