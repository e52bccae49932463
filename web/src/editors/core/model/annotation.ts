import type { MaskRaster } from "../geometry/MaskRaster";

/** A place in the asset, in pixels of the upright picture, origin top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface RectangleLocation {
  readonly kind: "rectangle";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An open ring: the wire repeats the first point at the end, the editor does not. */
export interface PolygonLocation {
  readonly kind: "polygon";
  readonly points: readonly Point[];
}

export interface LineLocation {
  readonly kind: "line";
  readonly points: readonly Point[];
}

export interface PointLocation {
  readonly kind: "point";
  readonly x: number;
  readonly y: number;
}

export interface MaskLocation {
  readonly kind: "mask";
  readonly raster: MaskRaster;
}

/** Something this editor cannot show; it travels through untouched. */
export interface UnknownLocation {
  readonly kind: "unknown";
}

export type Location =
  | RectangleLocation
  | PolygonLocation
  | LineLocation
  | PointLocation
  | MaskLocation
  | UnknownLocation;

export type LocationKind = Location["kind"];

/** Members of a wire document as they came, kept so that what this editor does not know survives a save. */
export type WireObject = Readonly<Record<string, unknown>>;

export interface OptionAnswer {
  readonly id: string;
  readonly schemaId: string | null;
  readonly name: string;
  readonly answers: readonly ClassificationAnswer[];
  readonly wire: WireObject;
}

export type AnswerKind = "radio" | "checklist" | "text" | "unknown";

export interface ClassificationAnswer {
  readonly id: string;
  readonly schemaId: string | null;
  readonly name: string;
  readonly kind: AnswerKind;
  /** Chosen options: at most one for a radio. */
  readonly options: readonly OptionAnswer[];
  readonly text: string;
  readonly wire: WireObject;
}

/** One object of a label. Immutable: a change makes a new one, so history keeps references, not copies. */
export interface ObjectAnnotation {
  readonly id: string;
  readonly schemaId: string | null;
  readonly name: string;
  readonly location: Location;
  readonly answers: readonly ClassificationAnswer[];
  readonly wire: WireObject;
}
