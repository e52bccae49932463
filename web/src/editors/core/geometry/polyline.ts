import type { LineLocation, Point } from "../model/annotation";
import { distanceToSegment, nearestOnSegment, rounded } from "./point";

export const fewestPointsOfLine = 2;

export function hitLine(location: LineLocation, p: Point, tolerance: number): boolean {
  const { points } = location;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (a && b && distanceToSegment(p, a, b) <= tolerance) return true;
  }
  return false;
}

export function movedPoints(points: readonly Point[], dx: number, dy: number): Point[] {
  return points.map(({ x, y }) => ({ x: rounded(x + dx), y: rounded(y + dy) }));
}

export function withPoint(points: readonly Point[], index: number, to: Point): Point[] {
  return points.map((point, i) => (i === index ? { x: rounded(to.x), y: rounded(to.y) } : point));
}

export function withoutPoint(points: readonly Point[], index: number): Point[] {
  return points.filter((_, i) => i !== index);
}

export function withInserted(points: readonly Point[], index: number, point: Point): Point[] {
  const inserted = { x: rounded(point.x), y: rounded(point.y) };
  return [...points.slice(0, index), inserted, ...points.slice(index)];
}

export interface EdgePlace {
  /** Where a new point would be inserted. */
  readonly index: number;
  readonly point: Point;
}

/** The place on the nearest edge, if one is within `tolerance`. */
export function nearestEdge(points: readonly Point[], closed: boolean, p: Point, tolerance: number): EdgePlace | null {
  let best: EdgePlace | null = null;
  let bestDistance = tolerance;
  const last = closed ? points.length : points.length - 1;
  for (let i = 0; i < last; i++) {
    const a = points[i];
    const b = points[(i + 1) % points.length];
    if (!a || !b) continue;
    const point = nearestOnSegment(p, a, b);
    const away = Math.hypot(p.x - point.x, p.y - point.y);
    if (away <= bestDistance) {
      bestDistance = away;
      best = { index: i + 1, point };
    }
  }
  return best;
}
