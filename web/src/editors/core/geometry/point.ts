import type { Bounds, Point, PointLocation } from "../model/annotation";

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** How far `p` is from the segment from `a` to `b`. */
export function distanceToSegment(p: Point, a: Point, b: Point): number {
  return distance(p, nearestOnSegment(p, a, b));
}

export function nearestOnSegment(p: Point, a: Point, b: Point): Point {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length));
  return { x: a.x + t * dx, y: a.y + t * dy };
}

/** Hundredths of a pixel are as fine as a person can place; the shorter numbers keep documents small. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

export function boundsOfPoints(points: readonly Point[]): Bounds {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const { x, y } of points) {
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}

export function hitPoint(location: PointLocation, p: Point, tolerance: number): boolean {
  return distance(location, p) <= tolerance;
}

export function movePoint(location: PointLocation, dx: number, dy: number): PointLocation {
  return { ...location, x: rounded(location.x + dx), y: rounded(location.y + dy) };
}

export function handlesOfPoint(location: PointLocation): Point[] {
  return [location];
}

export function moveHandleOfPoint(location: PointLocation, _handle: number, to: Point): PointLocation {
  return { ...location, x: rounded(to.x), y: rounded(to.y) };
}
