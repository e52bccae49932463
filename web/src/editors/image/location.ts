import { boundsOf } from "../core/geometry/location";
import type { Location } from "../core/model/annotation";

/** Where an annotation is in a picture: pixels from its top left corner. */
export function describe(location: Location): string {
  if (location.kind === "unknown") return "cannot be shown here";
  if (location.kind === "point") return `${Math.round(location.x)}, ${Math.round(location.y)}`;
  if (location.kind === "mask" && location.raster.failure) return "could not be loaded";
  if (location.kind === "mask" && location.raster.isLoading) return "loading";
  const { minX, minY, maxX, maxY } = boundsOf(location);
  const size = `${Math.round(maxX - minX)} × ${Math.round(maxY - minY)}`;
  if (location.kind === "polygon" || location.kind === "line") return `${location.points.length} points · ${size}`;
  return size;
}
