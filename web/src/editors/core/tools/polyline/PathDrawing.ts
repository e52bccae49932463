import { distance, rounded } from "../../geometry/point";
import type { Point } from "../../model/annotation";
import { ToolState } from "../Tool";
import type { Board, Draft, ToolPointer } from "../Tool";

export interface PathRule {
  /** A ring (polygon) or an open path (line). */
  readonly closed: boolean;
  readonly fewest: number;
}

/**
 * Point after point, by clicks or by a drag (freehand). A click on the first point, a double click or
 * Enter ends it; one step back takes the last point away.
 */
export class PathDrawing extends ToolState {
  private points: Point[];
  private undone: Point[] = [];
  private pointer: Point | null = null;
  private held = true;

  constructor(
    board: Board,
    private readonly idle: ToolState,
    first: Point,
    private readonly rule: PathRule,
  ) {
    super(board);
    this.points = [exact(first)];
  }

  override get draft(): Draft {
    return {
      kind: "path",
      points: this.points,
      pointer: this.pointer,
      closed: this.rule.closed,
      closing: this.pointer !== null && this.closesAt(this.pointer),
    };
  }

  private closesAt(p: Point): boolean {
    const first = this.points[0];
    const reach = this.board.tolerance * 1.5;
    return this.rule.closed && this.points.length >= this.rule.fewest && first !== undefined && distance(p, first) <= reach;
  }

  override down(pointer: ToolPointer): ToolState {
    const p = this.board.clamp(pointer.point);
    this.held = true;
    this.pointer = p;
    if (this.closesAt(p)) return this.finish() ?? this;
    const last = this.points.at(-1);
    // The second press of a double click lands where the first did: it ends the shape.
    if (last && distance(p, last) <= this.board.tolerance / 2) return this.finish() ?? this;
    this.points = [...this.points, exact(p)];
    this.undone = [];
    return this;
  }

  override move(pointer: ToolPointer): ToolState {
    const p = this.board.clamp(pointer.point);
    this.pointer = p;
    const last = this.points.at(-1);
    if (this.held && last && distance(p, last) >= this.board.tolerance * 1.5) {
      if (this.closesAt(p) && this.points.length > 8) return this.finish() ?? this;
      this.points = [...this.points, exact(p)];
      this.undone = [];
    }
    return this;
  }

  override up(): ToolState {
    this.held = false;
    return this;
  }

  override finish(): ToolState | null {
    if (this.points.length < this.rule.fewest) {
      this.board.say(`${this.rule.closed ? "A polygon" : "A line"} needs at least ${this.rule.fewest} points`);
      return this;
    }
    this.board.add({ kind: this.rule.closed ? "polygon" : "line", points: this.points });
    return this.idle;
  }

  override back(): ToolState {
    const last = this.points.at(-1);
    if (!last || this.points.length === 1) return this.idle;
    this.undone = [...this.undone, last];
    this.points = this.points.slice(0, -1);
    return this;
  }

  override forward(): ToolState {
    const next = this.undone.at(-1);
    if (!next) return this;
    this.undone = this.undone.slice(0, -1);
    this.points = [...this.points, next];
    return this;
  }
}

function exact({ x, y }: Point): Point {
  return { x: rounded(x), y: rounded(y) };
}
