import { isOf } from "../../model/ontology";
import { ToolState } from "../Tool";
import type { ToolPointer } from "../Tool";
import { Stroke } from "./Stroke";

/** Ready for a stroke: on the selected mask of the armed class, or on a new one. */
export class Idle extends ToolState {
  override get cursor(): string {
    return "none";
  }


  override down(pointer: ToolPointer): ToolState {
    const { board } = this;
    const erasing = pointer.alt || board.brush.erasing;
    const only = board.selection.only;
    const selected = only ? board.store.get(only) : null;
    const target =
      selected?.location.kind === "mask" && board.armed && isOf(board.armed, selected) ? selected : null;
    if (target?.location.kind === "mask" && target.location.raster.isLoading) {
      board.say("This mask is still loading");
      return this;
    }
    if (!target && erasing) {
      board.say("Select the mask to erase from first (Tab or a click in the list)");
      return this;
    }
    return new Stroke(board, this, target, pointer.point, erasing);
  }

  /** Enter: the next stroke begins a new mask. */
  override finish(): ToolState | null {
    const only = this.board.selection.only;
    if (!only || this.board.store.get(only)?.location.kind !== "mask") return null;
    this.board.selection.clear();
    return this;
  }
}
