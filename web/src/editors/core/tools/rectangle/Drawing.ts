import { distance } from "../../geometry/point";
import { rectangleBetween } from "../../geometry/rectangle";
import type { Point } from "../../model/annotation";
import { ToolState } from "../Tool";
import type { Board, Draft, ToolPointer } from "../Tool";

/** From the first corner to the second: by a drag, or by a second click. */
export class Drawing extends ToolState {
  private shown: Draft;
  private dragged = false;
  private released = false;

  constructor(
    board: Board,
    private readonly idle: ToolState,
    private readonly from: Point,
  ) {
    super(board);
    this.shown = { kind: "shape", location: rectangleBetween(from, from) };
  }

  override get draft(): Draft {
    return this.shown;
  }

  private shape(to: Point) {
    return rectangleBetween(this.from, this.board.clamp(to));
  }

  override move(pointer: ToolPointer): ToolState {
    this.dragged ||= distance(pointer.point, this.from) > this.board.tolerance / 2;
    this.shown = { kind: "shape", location: this.shape(pointer.point) };
    return this;
  }

  override down(pointer: ToolPointer): ToolState {
    this.shown = { kind: "shape", location: this.shape(pointer.point) };
    return this;
  }

  override up(pointer: ToolPointer): ToolState {
    const location = this.shape(pointer.point);
    if (!this.dragged && !this.released) {
      this.released = true;
      return this;
    }
    if (location.width < 1 || location.height < 1) {
      this.board.say("A box needs some width and height");
      return this.idle;
    }
    this.board.add(location);
    return this.idle;
  }

  /** Enter must not place a second box while the first is being drawn. */
  override finish(): ToolState {
    return this;
  }

  override back(): ToolState {
    return this.idle;
  }
}
