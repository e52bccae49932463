import { moveWithin } from "../../geometry/location";
import { distance } from "../../geometry/point";
import type { ObjectAnnotation, Point } from "../../model/annotation";
import { ToolState } from "../Tool";
import type { Board, Draft, ToolPointer } from "../Tool";

/** Moves the selected objects; a press that does not travel is a plain click. */
export class Dragging extends ToolState {
  private shown: Draft | null = null;
  private readonly start: readonly ObjectAnnotation[];

  constructor(
    board: Board,
    private readonly idle: ToolState,
    private readonly from: Point,
    private readonly pressed: string,
  ) {
    super(board);
    this.start = board.selection.ids.flatMap((id) => board.store.get(id) ?? []);
  }

  override get cursor(): string {
    return "move";
  }

  override get draft(): Draft | null {
    return this.shown;
  }

  override move(pointer: ToolPointer): ToolState {
    const { board, from } = this;
    if (!this.shown && distance(pointer.point, from) < board.tolerance / 2) return this;
    const dx = pointer.point.x - from.x;
    const dy = pointer.point.y - from.y;
    const objects = new Map(
      this.start.map((object) => [
        object.id,
        { ...object, location: moveWithin(object.location, dx, dy, board.size) },
      ]),
    );
    this.shown = { kind: "moved", objects };
    return this;
  }

  override up(): ToolState {
    if (this.shown?.kind === "moved") this.board.reshape(this.shown.objects);
    else this.board.selection.set([this.pressed]);
    return this.idle;
  }

  override back(): ToolState {
    return this.idle;
  }
}
