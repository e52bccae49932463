import { fewestPointsOfPolygon } from "../../geometry/polygon";
import { ToolState } from "../Tool";
import type { ToolPointer } from "../Tool";
import { PathDrawing } from "../polyline/PathDrawing";

/** Ready for the first point of a ring. */
export class Idle extends ToolState {
  override down(pointer: ToolPointer): ToolState {
    return new PathDrawing(this.board, this, this.board.clamp(pointer.point), {
      closed: true,
      fewest: fewestPointsOfPolygon,
    });
  }
}
