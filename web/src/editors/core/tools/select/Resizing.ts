import { moveHandle } from "../../geometry/location";
import type { Location, ObjectAnnotation } from "../../model/annotation";
import { ToolState } from "../Tool";
import type { Board, Draft, ToolPointer } from "../Tool";

/** Drags one handle of one object. */
export class Resizing extends ToolState {
  private shown: Draft;

  constructor(
    board: Board,
    private readonly idle: ToolState,
    private readonly object: ObjectAnnotation,
    /** The shape before the drag; already holds the point that a press on an edge inserts. */
    private readonly start: Location,
    private readonly handle: number,
  ) {
    super(board);
    this.shown = this.moved(start);
  }

  override get cursor(): string {
    return "grabbing";
  }

  override get draft(): Draft {
    return this.shown;
  }

  private moved(location: Location): Draft {
    return { kind: "moved", objects: new Map([[this.object.id, { ...this.object, location }]]) };
  }

  override move(pointer: ToolPointer): ToolState {
    this.shown = this.moved(moveHandle(this.start, this.handle, this.board.clamp(pointer.point)));
    return this;
  }

  override up(): ToolState {
    if (this.shown.kind === "moved") this.board.reshape(this.shown.objects);
    return this.idle;
  }

  override back(): ToolState {
    return this.idle;
  }
}
