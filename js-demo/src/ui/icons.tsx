// The few pictures of the page, drawn in the colour of their text.
import type { SVGAttributes } from "preact";

const icon = (path: string) =>
  function Icon(props: SVGAttributes<SVGSVGElement>) {
    return (
      <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5"
        stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" {...props}>
        <path d={path} />
      </svg>
    );
  };

export const ShareIcon = icon("M6.5 9.5l3-3M7 4.5l1-1a3 3 0 014.3 4.2l-1 1M9 11.5l-1 1a3 3 0 01-4.3-4.2l1-1");
export const ExportIcon = icon("M8 2v8M5 7l3 3 3-3M3 13h10");
export const OpenIcon = icon("M2.5 12.5v-9h4l1.5 2h5.5v7z");
export const ThemeIcon = icon("M13 9.6A5.5 5.5 0 016.4 3 5.5 5.5 0 1013 9.6z");
export const ListIcon = icon("M2.5 4h11M2.5 8h11M2.5 12h7");
export const PlusIcon = icon("M8 3.5v9M3.5 8h9");
export const PenIcon = icon("M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z");
export const CloseIcon = icon("M4.5 4.5l7 7M11.5 4.5l-7 7");
export const CheckIcon = icon("M3.5 8.5l3 3 6-7");
export const PlayIcon = icon("M5 3.5v9l7-4.5z");
export const ChevronIcon = icon("M6 4l4 4-4 4");

export function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#1f3a5f" />
      <path d="M8 26V13a8 8 0 0 1 16 0v13" fill="none" stroke="#fff" stroke-width="3" />
      <path d="M13 26V15m6 11V15" stroke="#7fb4e6" stroke-width="2.6" />
    </svg>
  );
}
