import type { Bounds, Location, LocationKind } from "../model/annotation";
import { clampTo } from "./location";
import type { Size } from "./location";
import { MaskStroke } from "./mask";
import { rounded } from "./point";
import { rectangleBetween } from "./rectangle";

/** A shape in the middle of the view, for those who draw by keyboard; null for kinds without a shape. */
export function defaultLocation(kind: LocationKind, view: Bounds, size: Size, brushRadius: number): Location | null {
  const from = clampTo({ x: view.minX, y: view.minY }, size);
  const to = clampTo({ x: view.maxX, y: view.maxY }, size);
  const at = (right: number, down: number) => ({
    x: rounded(from.x + (to.x - from.x) * right),
    y: rounded(from.y + (to.y - from.y) * down),
  });
  switch (kind) {
    case "rectangle":
      return rectangleBetween(at(0.375, 0.375), at(0.625, 0.625));
    case "polygon":
      return { kind, points: [at(0.5, 0.375), at(0.625, 0.5), at(0.5, 0.625), at(0.375, 0.5)] };
    case "line":
      return { kind, points: [at(0.375, 0.5), at(0.625, 0.5)] };
    case "point":
      return { kind, ...at(0.5, 0.5) };
    case "mask": {
      const stroke = new MaskStroke(size.width, size.height, new Map());
      const centre = at(0.5, 0.5);
      stroke.stamp(centre, centre, brushRadius, 1);
      return { kind, raster: stroke.finish() };
    }
    default:
      return null;
  }
}
