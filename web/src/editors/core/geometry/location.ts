import type { Bounds, Location, Point } from "../model/annotation";
import { boundsOfPoints, handlesOfPoint, hitPoint, moveHandleOfPoint, movePoint, rounded } from "./point";
import { hitLine, movedPoints, withPoint } from "./polyline";
import { areaOfPolygon, hitPolygon } from "./polygon";
import { boundsOfRectangle, handlesOfRectangle, hitRectangle, moveHandleOfRectangle, moveRectangle } from "./rectangle";

/** What every shape can do, in one place: the dispatch over kinds that the rest of the editor needs. */
export function boundsOf(location: Location): Bounds {
  switch (location.kind) {
    case "rectangle":
      return boundsOfRectangle(location);
    case "polygon":
    case "line":
      return boundsOfPoints(location.points);
    case "point":
      return { minX: location.x, minY: location.y, maxX: location.x, maxY: location.y };
    case "mask":
      return location.raster.bounds();
    case "unknown":
      return { minX: 0, minY: 0, maxX: 0, maxY: 0 };
  }
}

export function hits(location: Location, p: Point, tolerance: number): boolean {
  switch (location.kind) {
    case "rectangle":
      return hitRectangle(location, p, tolerance);
    case "polygon":
      return hitPolygon(location, p, tolerance);
    case "line":
      return hitLine(location, p, tolerance);
    case "point":
      return hitPoint(location, p, tolerance * 1.5);
    case "mask":
      return location.raster.has(p);
    case "unknown":
      return false;
  }
}

export function handlesOf(location: Location): readonly Point[] {
  switch (location.kind) {
    case "rectangle":
      return handlesOfRectangle(location);
    case "polygon":
    case "line":
      return location.points;
    case "point":
      return handlesOfPoint(location);
    default:
      return [];
  }
}

export function moveHandle(location: Location, handle: number, to: Point): Location {
  switch (location.kind) {
    case "rectangle":
      return moveHandleOfRectangle(location, handle, to);
    case "polygon":
    case "line":
      return { ...location, points: withPoint(location.points, handle, to) };
    case "point":
      return moveHandleOfPoint(location, handle, to);
    default:
      return location;
  }
}

function moved(location: Location, dx: number, dy: number): Location {
  switch (location.kind) {
    case "rectangle":
      return moveRectangle(location, dx, dy);
    case "polygon":
    case "line":
      return { ...location, points: movedPoints(location.points, dx, dy) };
    case "point":
      return movePoint(location, dx, dy);
    default:
      return location;
  }
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Moves a shape as far as the asset's edge allows; shape and size stay. */
export function moveWithin(location: Location, dx: number, dy: number, size: Size): Location {
  const { minX, minY, maxX, maxY } = boundsOf(location);
  const x = Math.max(Math.min(0, -minX), Math.min(dx, Math.max(0, size.width - maxX)));
  const y = Math.max(Math.min(0, -minY), Math.min(dy, Math.max(0, size.height - maxY)));
  return x === 0 && y === 0 ? location : moved(location, x, y);
}

/** Makes a shape wider and higher by so many pixels, its top left corner fixed; never smaller than a pixel. */
export function resizeWithin(location: Location, dw: number, dh: number, size: Size): Location {
  const { minX, minY, maxX, maxY } = boundsOf(location);
  const width = Math.min(Math.max(1, maxX - minX + dw), size.width - minX);
  const height = Math.min(Math.max(1, maxY - minY + dh), size.height - minY);
  switch (location.kind) {
    case "rectangle":
      return { ...location, width: rounded(width), height: rounded(height) };
    case "polygon":
    case "line": {
      const sx = maxX > minX ? width / (maxX - minX) : 1;
      const sy = maxY > minY ? height / (maxY - minY) : 1;
      const points = location.points.map(({ x, y }) => ({
        x: rounded(minX + (x - minX) * sx),
        y: rounded(minY + (y - minY) * sy),
      }));
      return { ...location, points };
    }
    default:
      return location;
  }
}

/** How much of the asset a shape covers: of two shapes under the pointer the smaller one is meant. */
export function extentOf(location: Location): number {
  if (location.kind === "polygon") return areaOfPolygon(location.points);
  if (location.kind === "line" || location.kind === "point") return 0;
  const { minX, minY, maxX, maxY } = boundsOf(location);
  return (maxX - minX) * (maxY - minY);
}

export function clampTo(p: Point, size: Size): Point {
  return { x: Math.max(0, Math.min(size.width, p.x)), y: Math.max(0, Math.min(size.height, p.y)) };
}
