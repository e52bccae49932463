import type { Size } from "../geometry/location";
import type { PixelRect, Tiles } from "../geometry/MaskRaster";
import type { Bounds, Location, ObjectAnnotation, Point } from "../model/annotation";
import type { Tool as OntologyTool } from "../model/ontology";
import type { AnnotationStore } from "../state/AnnotationStore";
import type { Grip, Hover } from "../state/Hover";
import type { Selection } from "../state/Selection";

/** The pointer as a tool sees it: in pixels of the asset. */
export interface ToolPointer {
  readonly point: Point;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** What is being drawn or dragged and is not yet in the label. */
export type Draft =
  | { readonly kind: "shape"; readonly location: Location }
  | {
      readonly kind: "path";
      readonly points: readonly Point[];
      readonly pointer: Point | null;
      readonly closed: boolean;
      /** The next click ends the shape. */
      readonly closing: boolean;
    }
  | { readonly kind: "moved"; readonly objects: ReadonlyMap<string, ObjectAnnotation> }
  | { readonly kind: "marquee"; readonly bounds: Bounds }
  | { readonly kind: "stroke"; readonly id: string | null; readonly tiles: Tiles };

/** What a tool may see and do. */
export interface Board {
  readonly size: Size;
  readonly store: AnnotationStore;
  readonly selection: Selection;
  readonly hover: Hover;
  readonly armed: OntologyTool | null;
  readonly brush: { readonly radius: number; readonly erasing: boolean };
  /** How many pixels of the asset a pointer may miss a thing by. */
  readonly tolerance: number;
  objectAt(point: Point): ObjectAnnotation | null;
  objectsWithin(bounds: Bounds): ObjectAnnotation[];
  gripAt(point: Point): Grip | null;
  clamp(point: Point): Point;
  /** Adds an object of the armed class, selects it, and returns its id. */
  add(location: Location): string | null;
  reshape(changes: ReadonlyMap<string, ObjectAnnotation>): void;
  removePoint(id: string, index: number): void;
  /** Pixels of the stroke in the making have changed. */
  strokePainted(rect: PixelRect): void;
  say(message: string): void;
}

/** One state of a drawing tool. Each event returns the state that follows. */
export abstract class ToolState {
  constructor(protected readonly board: Board) {}

  get draft(): Draft | null {
    return null;
  }

  /** A CSS cursor. */
  get cursor(): string {
    return "crosshair";
  }

  down(_pointer: ToolPointer): ToolState {
    return this;
  }

  move(_pointer: ToolPointer): ToolState {
    return this;
  }

  up(_pointer: ToolPointer): ToolState {
    return this;
  }

  /** Enter or a double click: ends what is being drawn; null when there is nothing to end. */
  finish(): ToolState | null {
    return null;
  }

  /** One step back inside what is being drawn; null when there is none. */
  back(): ToolState | null {
    return null;
  }

  /** Takes the last step back again. */
  forward(): ToolState | null {
    return null;
  }
}
