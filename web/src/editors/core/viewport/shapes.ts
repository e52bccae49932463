import type { Location, ObjectAnnotation, Point } from "../model/annotation";
import { handlesOf } from "../geometry/location";
import type { Viewport } from "./Viewport";

type Context = CanvasRenderingContext2D;

const tints = new Map<string, string>();

/** The class colour, mostly see-through, for the inside of shapes. */
function tint(color: string, percent: number): string {
  const key = `${color} ${percent}`;
  let made = tints.get(key);
  if (made === undefined) {
    const [r, g, b] = rgbOf(color);
    made = `rgba(${r}, ${g}, ${b}, ${percent / 100})`;
    tints.set(key, made);
  }
  return made;
}

const known = new Map<string, readonly [number, number, number]>();

/** Any CSS colour (ontologies also hold names such as `black`) as red, green and blue. */
export function rgbOf(color: string): readonly [number, number, number] {
  let rgb = known.get(color);
  if (!rgb) {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    if (!context) return [128, 128, 128];
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    rgb = [r, g, b];
    known.set(color, rgb);
  }
  return rgb;
}

export interface Style {
  readonly color: string;
  readonly width: number;
  readonly dashed: boolean;
  /** Percent of colour inside the shape. */
  readonly fill: number;
}

function trace(context: Context, points: readonly Point[], view: Viewport, close: boolean): void {
  const { scale, offset } = view;
  context.beginPath();
  points.forEach(({ x, y }, i) => {
    if (i === 0) context.moveTo(x * scale + offset.x, y * scale + offset.y);
    else context.lineTo(x * scale + offset.x, y * scale + offset.y);
  });
  if (close) context.closePath();
}

const dash = [5, 4];
const solid: number[] = [];

/** Draws one shape, each as its own path: one path for all of them is several times slower without a GPU. */
export function drawLocation(context: Context, location: Location, view: Viewport, style: Style): void {
  const { scale, offset } = view;
  context.strokeStyle = style.color;
  context.lineWidth = style.width;
  context.setLineDash(style.dashed ? dash : solid);
  switch (location.kind) {
    case "rectangle": {
      const x = location.x * scale + offset.x;
      const y = location.y * scale + offset.y;
      const width = location.width * scale;
      const height = location.height * scale;
      if (width < 3 && height < 3) {
        context.fillStyle = style.color;
        context.fillRect(x, y, Math.max(2, width), Math.max(2, height));
        return;
      }
      if (style.fill > 0) {
        context.fillStyle = tint(style.color, style.fill);
        context.fillRect(x, y, width, height);
      }
      context.strokeRect(x, y, width, height);
      return;
    }
    case "polygon":
      trace(context, location.points, view, true);
      if (style.fill > 0) {
        context.fillStyle = tint(style.color, style.fill);
        context.fill("evenodd");
      }
      context.stroke();
      return;
    case "line":
      trace(context, location.points, view, false);
      context.stroke();
      return;
    case "point": {
      const x = location.x * scale + offset.x;
      const y = location.y * scale + offset.y;
      context.beginPath();
      context.arc(x, y, 3 + style.width, 0, Math.PI * 2);
      context.fillStyle = style.color;
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = "rgba(0, 0, 0, 0.75)";
      context.stroke();
      return;
    }
    default:
      return;
  }
}

/** The handles of a selected shape; `active` is the one under the pointer. */
export function drawHandles(context: Context, object: ObjectAnnotation, view: Viewport, color: string, active: number | null): void {
  if (object.location.kind === "point" || object.location.kind === "mask") return;
  context.setLineDash(solid);
  context.lineWidth = 1.5;
  handlesOf(object.location).forEach((handle, i) => {
    const { x, y } = view.toScreen(handle);
    const half = i === active ? 5 : 3.5;
    context.fillStyle = i === active ? color : "#ffffff";
    context.strokeStyle = i === active ? "#ffffff" : color;
    if (object.location.kind === "rectangle") {
      context.fillRect(x - half, y - half, 2 * half, 2 * half);
      context.strokeRect(x - half, y - half, 2 * half, 2 * half);
    } else {
      context.beginPath();
      context.arc(x, y, half, 0, Math.PI * 2);
      context.fill();
      context.stroke();
    }
  });
}

/** A ring in white on black, to be seen on any picture. */
export function drawRing(context: Context, at: Point, radius: number, dashed: boolean): void {
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, Math.PI * 2);
  context.setLineDash(solid);
  context.lineWidth = 3;
  context.strokeStyle = "rgba(0, 0, 0, 0.6)";
  context.stroke();
  context.setLineDash(dashed ? [4, 3] : solid);
  context.lineWidth = 1.5;
  context.strokeStyle = "#ffffff";
  context.stroke();
}

/** The lines through the pointer that help to place a first corner. */
export function drawCrosshair(context: Context, at: Point, view: Viewport): void {
  const { width, height } = view.screen;
  context.setLineDash(solid);
  context.lineWidth = 1;
  for (const [color, shift] of [["rgba(0, 0, 0, 0.45)", 1], ["rgba(255, 255, 255, 0.55)", 0]] as const) {
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(0, Math.round(at.y) + 0.5 + shift);
    context.lineTo(width, Math.round(at.y) + 0.5 + shift);
    context.moveTo(Math.round(at.x) + 0.5 + shift, 0);
    context.lineTo(Math.round(at.x) + 0.5 + shift, height);
    context.stroke();
  }
}

const font = "600 11px system-ui, sans-serif";

/** A name tag with its lower left corner at `at`. */
export function drawTag(context: Context, text: string, at: Point, color: string): void {
  const [r, g, b] = rgbOf(color);
  const light = r * 0.299 + g * 0.587 + b * 0.114 > 140;
  context.font = font;
  context.textBaseline = "middle";
  const width = context.measureText(text).width + 10;
  const x = Math.round(at.x);
  const y = Math.round(Math.max(0, at.y - 17));
  context.fillStyle = color;
  context.fillRect(x, y, width, 16);
  context.fillStyle = light ? "#0b0d10" : "#ffffff";
  context.fillText(text, x + 5, y + 8.5);
}
