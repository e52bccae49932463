import type { Bounds, Point, RectangleLocation } from "../model/annotation";
import { rounded } from "./point";

/** The rectangle between two opposite corners, in any order. */
export function rectangleBetween(a: Point, b: Point): RectangleLocation {
  const x = rounded(Math.min(a.x, b.x));
  const y = rounded(Math.min(a.y, b.y));
  return {
    kind: "rectangle",
    x,
    y,
    width: rounded(Math.max(a.x, b.x) - x),
    height: rounded(Math.max(a.y, b.y) - y),
  };
}

export function boundsOfRectangle(location: RectangleLocation): Bounds {
  return {
    minX: location.x,
    minY: location.y,
    maxX: location.x + location.width,
    maxY: location.y + location.height,
  };
}

export function hitRectangle(location: RectangleLocation, p: Point, tolerance: number): boolean {
  return (
    p.x >= location.x - tolerance &&
    p.x <= location.x + location.width + tolerance &&
    p.y >= location.y - tolerance &&
    p.y <= location.y + location.height + tolerance
  );
}

export function moveRectangle(location: RectangleLocation, dx: number, dy: number): RectangleLocation {
  return { ...location, x: rounded(location.x + dx), y: rounded(location.y + dy) };
}

/** Eight handles, clockwise from the top left corner. */
export function handlesOfRectangle({ x, y, width, height }: RectangleLocation): Point[] {
  const midX = x + width / 2;
  const midY = y + height / 2;
  return [
    { x, y },
    { x: midX, y },
    { x: x + width, y },
    { x: x + width, y: midY },
    { x: x + width, y: y + height },
    { x: midX, y: y + height },
    { x, y: y + height },
    { x, y: midY },
  ];
}

const movesLeft = new Set([0, 6, 7]);
const movesRight = new Set([2, 3, 4]);
const movesTop = new Set([0, 1, 2]);
const movesBottom = new Set([4, 5, 6]);

/** Moves one handle; drawn past the opposite side the rectangle turns over instead of vanishing. */
export function moveHandleOfRectangle(location: RectangleLocation, handle: number, to: Point): RectangleLocation {
  const { minX, minY, maxX, maxY } = boundsOfRectangle(location);
  return rectangleBetween(
    { x: movesLeft.has(handle) ? to.x : minX, y: movesTop.has(handle) ? to.y : minY },
    { x: movesRight.has(handle) ? to.x : maxX, y: movesBottom.has(handle) ? to.y : maxY },
  );
}
