import { ToolState } from "../Tool";
import type { ToolPointer } from "../Tool";
import { Drawing } from "./Drawing";

/** Ready for the first corner. */
export class Idle extends ToolState {
  override down(pointer: ToolPointer): ToolState {
    return new Drawing(this.board, this, this.board.clamp(pointer.point));
  }
}
