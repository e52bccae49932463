import { MaskStroke } from "../../geometry/mask";
import type { ObjectAnnotation, Point } from "../../model/annotation";
import { ToolState } from "../Tool";
import type { Board, Draft, ToolPointer } from "../Tool";

/** One stroke of brush or eraser, from press to release: one step of history. */
export class Stroke extends ToolState {
  private readonly stroke: MaskStroke;
  private readonly radius: number;
  private last: Point;

  constructor(
    board: Board,
    private readonly idle: ToolState,
    private readonly target: ObjectAnnotation | null,
    from: Point,
    private readonly erasing: boolean,
  ) {
    super(board);
    const raster = target?.location.kind === "mask" ? target.location.raster : null;
    this.stroke = new MaskStroke(
      raster?.width ?? board.size.width,
      raster?.height ?? board.size.height,
      raster?.tiles ?? new Map(),
    );
    this.radius = board.brush.radius;
    this.last = from;
    this.paint(from);
  }

  override get cursor(): string {
    return "none";
  }

  override get draft(): Draft {
    return { kind: "stroke", id: this.target?.id ?? null, tiles: this.stroke.current };
  }

  private paint(to: Point): void {
    const rect = this.stroke.stamp(this.last, to, this.radius, this.erasing ? 0 : 1);
    this.last = to;
    if (rect) this.board.strokePainted(rect);
  }

  override move(pointer: ToolPointer): ToolState {
    this.paint(pointer.point);
    return this;
  }

  override up(pointer: ToolPointer): ToolState {
    if (pointer.point.x !== this.last.x || pointer.point.y !== this.last.y) this.paint(pointer.point);
    const raster = this.stroke.finish();
    const { board, target } = this;
    if (target) board.reshape(new Map([[target.id, { ...target, location: { kind: "mask", raster } }]]));
    else if (raster.isEmpty()) board.say("The stroke lies outside the picture");
    else board.add({ kind: "mask", raster });
    return this.idle;
  }

  override back(): ToolState {
    return this.idle;
  }
}
