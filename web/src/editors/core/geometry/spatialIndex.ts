import Flatbush from "flatbush";
import type { Bounds, ObjectAnnotation } from "../model/annotation";
import { boundsOf } from "./location";

/** Changed objects are looked at one by one until there are so many; then the tree is built anew. */
const looseLimit = 64;

/** Which objects are near a place: a packed tree, and a short list of what changed since it was built. */
export class SpatialIndex {
  private tree: Flatbush | null = null;
  private inTree: string[] = [];
  private readonly loose = new Map<string, Bounds>();
  private readonly stale = new Set<string>();

  rebuild(objects: Iterable<ObjectAnnotation>): void {
    this.loose.clear();
    this.stale.clear();
    this.inTree = [];
    const boxes: Bounds[] = [];
    for (const object of objects) {
      if (object.location.kind === "unknown") continue;
      this.inTree.push(object.id);
      boxes.push(boundsOf(object.location));
    }
    if (boxes.length === 0) {
      this.tree = null;
      return;
    }
    const tree = new Flatbush(boxes.length);
    for (const { minX, minY, maxX, maxY } of boxes) tree.add(minX, minY, maxX, maxY);
    tree.finish();
    this.tree = tree;
  }

  /** Notes that an object was added, changed (its new form) or removed (null). */
  update(id: string, object: ObjectAnnotation | null): void {
    this.stale.add(id);
    if (object && object.location.kind !== "unknown") this.loose.set(id, boundsOf(object.location));
    else this.loose.delete(id);
  }

  get needsRebuild(): boolean {
    return this.stale.size > looseLimit;
  }

  /** Ids of the objects whose bounds touch `area`, in no order. */
  within(area: Bounds): string[] {
    const found: string[] = [];
    if (this.tree) {
      for (const i of this.tree.search(area.minX, area.minY, area.maxX, area.maxY)) {
        const id = this.inTree[i];
        if (id !== undefined && !this.stale.has(id)) found.push(id);
      }
    }
    for (const [id, box] of this.loose) {
      if (box.maxX >= area.minX && box.minX <= area.maxX && box.maxY >= area.minY && box.minY <= area.maxY) {
        found.push(id);
      }
    }
    return found;
  }
}
