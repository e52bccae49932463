import { fewestPointsOfLine } from "../../geometry/polyline";
import { ToolState } from "../Tool";
import type { ToolPointer } from "../Tool";
import { PathDrawing } from "./PathDrawing";

/** Ready for the first point of a line. */
export class Idle extends ToolState {
  override down(pointer: ToolPointer): ToolState {
    return new PathDrawing(this.board, this, this.board.clamp(pointer.point), {
      closed: false,
      fewest: fewestPointsOfLine,
    });
  }
}
