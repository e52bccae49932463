import { rounded } from "../../geometry/point";
import { ToolState } from "../Tool";
import type { ToolPointer } from "../Tool";

/** Every press is a point. */
export class Idle extends ToolState {
  override down(pointer: ToolPointer): ToolState {
    const { x, y } = this.board.clamp(pointer.point);
    this.board.add({ kind: "point", x: rounded(x), y: rounded(y) });
    return this;
  }
}
