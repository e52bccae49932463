import type { Point } from "../model/annotation";
import { Signal } from "./Signal";

/** A handle of the selected shape, or a place on its edge where a point could be inserted. */
export type Grip =
  | { readonly kind: "handle"; readonly index: number; readonly at: Point }
  | { readonly kind: "edge"; readonly index: number; readonly at: Point };

/** What is under the pointer. */
export class Hover {
  private object: string | null = null;
  private held: Grip | null = null;
  readonly changed = new Signal();

  get id(): string | null {
    return this.object;
  }

  get grip(): Grip | null {
    return this.held;
  }

  set(id: string | null, grip: Grip | null = null): void {
    const same =
      this.held?.kind === grip?.kind &&
      this.held?.index === grip?.index &&
      this.held?.at.x === grip?.at.x &&
      this.held?.at.y === grip?.at.y;
    if (id === this.object && same) return;
    this.object = id;
    this.held = grip;
    this.changed.emit();
  }
}
