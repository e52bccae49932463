import type { LocationKind } from "../model/annotation";
import { Idle as MaskIdle } from "./mask/Idle";
import { Idle as PointIdle } from "./point/Idle";
import { Idle as PolygonIdle } from "./polygon/Idle";
import { Idle as PolylineIdle } from "./polyline/Idle";
import { Idle as RectangleIdle } from "./rectangle/Idle";
import type { Board, ToolState } from "./Tool";

type IdleClass = new (board: Board) => ToolState;

const drawingTools: Partial<Record<LocationKind, IdleClass>> = {
  rectangle: RectangleIdle,
  polygon: PolygonIdle,
  line: PolylineIdle,
  point: PointIdle,
  mask: MaskIdle,
};

/** The drawing tool for a kind of annotation; null for kinds that nobody draws here. */
export function drawingTool(kind: LocationKind, board: Board): ToolState | null {
  const Idle = drawingTools[kind];
  return Idle ? new Idle(board) : null;
}

export function canDraw(kind: LocationKind): boolean {
  return drawingTools[kind] !== undefined;
}
