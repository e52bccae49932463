import { withInserted } from "../../geometry/polyline";
import type { ObjectAnnotation } from "../../model/annotation";
import type { Grip } from "../../state/Hover";
import { ToolState } from "../Tool";
import type { ToolPointer } from "../Tool";
import { Brushing } from "./Brushing";
import { Dragging } from "./Dragging";
import { Resizing } from "./Resizing";

/** Nothing is held: a press takes a handle, an object, or empty ground. */
export class Idle extends ToolState {
  override get cursor(): string {
    const grip = this.board.hover.grip;
    if (grip) return this.cursorOf(grip);
    return this.board.hover.id ? "move" : "default";
  }

  private cursorOf(grip: Grip): string {
    const id = this.board.selection.only;
    const object = id ? this.board.store.get(id) : null;
    if (grip.kind === "edge") return "copy";
    if (object?.location.kind !== "rectangle") return "grab";
    return ["nwse-resize", "ns-resize", "nesw-resize", "ew-resize"][grip.index % 4] ?? "grab";
  }

  override down(pointer: ToolPointer): ToolState {
    const { board } = this;
    const grip = board.gripAt(pointer.point);
    const only = board.selection.only;
    const held = only ? board.store.get(only) : null;
    if (grip && held) return this.take(held, grip, pointer);
    const object = board.objectAt(pointer.point);
    if (!object) {
      return new Brushing(board, this, pointer.point, pointer.shift ? board.selection.ids : []);
    }
    if (pointer.shift) {
      board.selection.toggle(object.id);
      return this;
    }
    if (!board.selection.has(object.id)) board.selection.set([object.id]);
    return new Dragging(board, this, pointer.point, object.id);
  }

  private take(object: ObjectAnnotation, grip: Grip, pointer: ToolPointer): ToolState {
    if (grip.kind === "handle") {
      if (pointer.alt && (object.location.kind === "polygon" || object.location.kind === "line")) {
        this.board.removePoint(object.id, grip.index);
        return this;
      }
      return new Resizing(this.board, this, object, object.location, grip.index);
    }
    if (object.location.kind !== "polygon" && object.location.kind !== "line") return this;
    const points = withInserted(object.location.points, grip.index, grip.at);
    return new Resizing(this.board, this, object, { ...object.location, points }, grip.index);
  }

  override move(pointer: ToolPointer): ToolState {
    const { board } = this;
    const grip = board.gripAt(pointer.point);
    board.hover.set(grip ? board.selection.only : (board.objectAt(pointer.point)?.id ?? null), grip);
    return this;
  }
}
