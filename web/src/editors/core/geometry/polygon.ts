import type { Point, PolygonLocation } from "../model/annotation";
import { distanceToSegment } from "./point";

export const fewestPointsOfPolygon = 3;

/** Even-odd rule, so that a ring that crosses itself has holes where it looks as if it had. */
export function insidePolygon(points: readonly Point[], p: Point): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const a = points[i];
    const b = points[j];
    if (!a || !b) continue;
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

export function hitPolygon(location: PolygonLocation, p: Point, tolerance: number): boolean {
  const { points } = location;
  if (insidePolygon(points, p)) return true;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const a = points[i];
    const b = points[j];
    if (a && b && distanceToSegment(p, a, b) <= tolerance) return true;
  }
  return false;
}

/** Area of the ring, never negative. */
export function areaOfPolygon(points: readonly Point[]): number {
  let twice = 0;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const a = points[i];
    const b = points[j];
    if (a && b) twice += b.x * a.y - a.x * b.y;
  }
  return Math.abs(twice) / 2;
}
