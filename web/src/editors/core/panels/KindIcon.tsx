import type { ReactNode } from "react";
import type { LocationKind } from "../model/annotation";

const shapes: Readonly<Record<LocationKind, ReactNode>> = {
  rectangle: <rect x="2" y="3" width="10" height="8" />,
  polygon: <path d="M3 11 2 4.5 8 2l4 5-2.5 4.5z" />,
  line: <path d="m2 11 3.5-6 3.5 4 3-6.5" fill="none" />,
  point: <circle cx="7" cy="7" r="3" />,
  mask: <path d="M2.5 8C2 4.5 5 1.8 8 2.5s4.5 4 3 6.5-7.8 3-8.5-1z" />,
  unknown: <path d="M3 7h8" fill="none" />,
};

/** A class's colour and shape in one sign, so that colour is not the only one. */
export function KindIcon({ kind, color }: { readonly kind: LocationKind; readonly color: string }) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 14 14"
      aria-hidden="true"
      stroke={color}
      fill={color}
      fillOpacity={kind === "mask" ? 0.85 : 0.3}
      strokeWidth="1.6"
      strokeLinejoin="round"
    >
      {shapes[kind]}
    </svg>
  );
}
