import { distance } from "../../geometry/point";
import type { Bounds, Point } from "../../model/annotation";
import { ToolState } from "../Tool";
import type { Board, Draft, ToolPointer } from "../Tool";

/** Draws a marquee over empty ground: selects what lies wholly inside it. */
export class Brushing extends ToolState {
  private shown: Draft | null = null;

  constructor(
    board: Board,
    private readonly idle: ToolState,
    private readonly from: Point,
    private readonly kept: readonly string[],
  ) {
    super(board);
  }

  override get cursor(): string {
    return "default";
  }

  override get draft(): Draft | null {
    return this.shown;
  }

  override move(pointer: ToolPointer): ToolState {
    if (!this.shown && distance(pointer.point, this.from) < this.board.tolerance / 2) return this;
    const bounds: Bounds = {
      minX: Math.min(this.from.x, pointer.point.x),
      minY: Math.min(this.from.y, pointer.point.y),
      maxX: Math.max(this.from.x, pointer.point.x),
      maxY: Math.max(this.from.y, pointer.point.y),
    };
    this.shown = { kind: "marquee", bounds };
    return this;
  }

  override up(): ToolState {
    const inside = this.shown?.kind === "marquee" ? this.board.objectsWithin(this.shown.bounds) : [];
    const ids = inside.map((object) => object.id).filter((id) => !this.kept.includes(id));
    this.board.selection.set([...this.kept, ...ids]);
    return this.idle;
  }

  override back(): ToolState {
    return this.idle;
  }
}
