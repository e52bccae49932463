import type { Editor } from "../Editor";
import { boundsOf } from "../geometry/location";
import type { PixelRect } from "../geometry/MaskRaster";
import type { Bounds, ObjectAnnotation, Point } from "../model/annotation";
import { MaskLayer } from "./MaskLayer";
import { drawCrosshair, drawHandles, drawLocation, drawRing, drawTag } from "./shapes";

/** With more shapes than this on screen, insides are left out while the view moves. */
const manyShapes = 5000;
const settleMs = 80;
/** How long a frame may take to paint masks. */
const paintMs = 10;

export interface Layers {
  readonly media: HTMLCanvasElement;
  readonly masks: HTMLCanvasElement;
  readonly shapes: HTMLCanvasElement;
  readonly active: HTMLCanvasElement;
}

/** Draws the asset's pixels into its layer, given the device pixels for a CSS pixel. */
export type DrawMedia = (context: CanvasRenderingContext2D, ratio: number) => void;

/**
 * Draws one editor on its layers, at most once a frame, each layer only when its own things changed:
 * asset; masks; shapes at rest; what is selected, hovered or being drawn.
 */
export class Painter {
  private readonly contexts: Record<keyof Layers, CanvasRenderingContext2D>;
  private readonly maskLayer: MaskLayer;
  private readonly dirty = new Set<keyof Layers>();
  private strokeRect: PixelRect | null = null;
  private stroking = false;
  private restyled: string[] = [];
  private labelChanged = true;
  private selectedBefore: readonly string[] = [];
  private frame = 0;
  private settle = 0;
  private moving = false;
  private ratio = 1;
  private drawMedia: DrawMedia | null = null;
  private afterPaint: (() => void) | null = null;
  private readonly ends: (() => void)[];
  pointer: Point | null = null;

  constructor(
    private readonly editor: Editor,
    private readonly layers: Layers,
  ) {
    const contextOf = (canvas: HTMLCanvasElement) => {
      const context = canvas.getContext("2d");
      if (!context) throw new Error("This browser cannot draw on a canvas");
      return context;
    };
    this.contexts = {
      media: contextOf(layers.media),
      masks: contextOf(layers.masks),
      shapes: contextOf(layers.shapes),
      active: contextOf(layers.active),
    };
    this.maskLayer = new MaskLayer(editor);
    this.ends = [
      editor.viewport.changed.subscribe(() => this.viewMoved()),
      editor.store.changed.subscribe(() => this.relabelled()),
      editor.selection.changed.subscribe(() => this.reselected()),
      editor.hover.changed.subscribe(() => this.request("active")),
      editor.draftChanged.subscribe(() => this.redrafted()),
      editor.strokeChanged.subscribe((rect) => this.stroked(rect)),
      editor.toolChanged.subscribe(() => this.relabelled()),
    ];
  }

  dispose(): void {
    for (const end of this.ends) end();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settle);
  }

  setMedia(draw: DrawMedia, afterPaint: () => void): void {
    this.drawMedia = draw;
    this.afterPaint = afterPaint;
    this.request("media", "masks", "shapes", "active");
  }

  /** Fits the canvases to their frame; a CSS pixel may be several device pixels. */
  resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio;
    for (const canvas of Object.values(this.layers) as HTMLCanvasElement[]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.request("media", "masks", "shapes", "active");
  }

  request(...layers: (keyof Layers)[]): void {
    for (const layer of layers) this.dirty.add(layer);
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint());
  }

  private viewMoved(): void {
    this.moving = true;
    clearTimeout(this.settle);
    this.settle = window.setTimeout(() => {
      this.moving = false;
      if (this.editor.store.size > manyShapes) this.request("shapes");
    }, settleMs);
    this.request("media", "masks", "shapes", "active");
  }

  private relabelled(): void {
    this.labelChanged = true;
    this.request("masks", "shapes", "active");
  }

  private reselected(): void {
    this.restyled.push(...this.selectedBefore, ...this.editor.selection.ids);
    this.selectedBefore = this.editor.selection.ids;
    this.relabelled();
  }

  private redrafted(): void {
    const stroking = this.editor.draft?.kind === "stroke";
    if (this.stroking && !stroking) {
      this.labelChanged = true;
      this.request("masks");
    }
    this.stroking = stroking;
    this.request("active");
  }

  private stroked(rect: PixelRect): void {
    const before = this.strokeRect;
    this.strokeRect = before
      ? {
          x0: Math.min(before.x0, rect.x0),
          y0: Math.min(before.y0, rect.y0),
          x1: Math.max(before.x1, rect.x1),
          y1: Math.max(before.y1, rect.y1),
        }
      : rect;
    this.request("active");
  }

  private paint(): void {
    this.frame = 0;
    const hidden = this.editor.held.has("hideAll");
    if (this.labelChanged) {
      this.labelChanged = false;
      this.maskLayer.refresh(this.restyled);
      this.restyled = [];
    }
    // Many large masks take several frames rather than one long one.
    const unfinished = !this.maskLayer.work(paintMs);
    const rect = this.strokeRect && this.maskLayer.paintStroke(this.strokeRect);
    this.strokeRect = null;
    if (this.dirty.has("media") && this.drawMedia) this.drawMedia(this.cleared("media"), this.ratio);
    if (this.dirty.has("masks")) {
      const context = this.cleared("masks");
      if (!hidden) this.maskLayer.draw(context, null);
    } else if (rect && !hidden) {
      this.maskLayer.draw(this.scaled("masks"), rect);
    }
    if (this.dirty.has("shapes")) this.paintShapes(this.cleared("shapes"), hidden);
    if (this.dirty.has("active")) this.paintActive(this.cleared("active"), hidden);
    this.dirty.clear();
    if (unfinished) this.request("masks");
    const { afterPaint } = this;
    this.afterPaint = null;
    // The frame after this one begins when this one is on the screen.
    if (afterPaint) requestAnimationFrame(afterPaint);
  }

  private scaled(layer: keyof Layers): CanvasRenderingContext2D {
    const context = this.contexts[layer];
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return context;
  }

  private cleared(layer: keyof Layers): CanvasRenderingContext2D {
    const context = this.contexts[layer];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    return this.scaled(layer);
  }

  private paintShapes(context: CanvasRenderingContext2D, hidden: boolean): void {
    const { editor } = this;
    if (hidden) return;
    const { viewport } = editor;
    const objects = editor.objectsNear(viewport.visible);
    const fill = this.moving && objects.length > manyShapes ? 0 : 12;
    for (const object of objects) {
      if (editor.hidden.has(object.id) || editor.selection.has(object.id)) continue;
      const color = editor.colorOf(object);
      drawLocation(context, object.location, viewport, { color, width: 1.5, dashed: editor.isPrelabel(object), fill });
    }
    if (!editor.showsNames || objects.length > 1000) return;
    for (const object of objects) if (!editor.hidden.has(object.id)) this.tag(context, object);
  }

  private tag(context: CanvasRenderingContext2D, object: ObjectAnnotation): void {
    const { editor } = this;
    const bounds = boundsOf(object.location);
    const at = editor.viewport.toScreen({ x: bounds.minX, y: bounds.minY });
    drawTag(context, object.name, at, editor.colorOf(object));
  }

  private paintActive(context: CanvasRenderingContext2D, hidden: boolean): void {
    const { editor } = this;
    const { viewport, draft } = editor;
    if (!hidden) {
      const moved = draft?.kind === "moved" ? draft.objects : null;
      const hovered = editor.hover.id && !editor.selection.has(editor.hover.id) ? editor.store.get(editor.hover.id) : null;
      if (hovered && !editor.hidden.has(hovered.id)) {
        drawLocation(context, hovered.location, viewport, { color: editor.colorOf(hovered), width: 2.5, dashed: false, fill: 20 });
        this.tag(context, hovered);
      }
      for (const id of editor.selection.ids) {
        const object = moved?.get(id) ?? editor.store.get(id);
        if (object && !editor.hidden.has(id)) this.paintSelected(context, object, moved !== null);
      }
      this.paintDraft(context);
    }
    this.paintPointer(context);
  }

  private paintSelected(context: CanvasRenderingContext2D, object: ObjectAnnotation, moving: boolean): void {
    const { editor } = this;
    const color = editor.colorOf(object);
    if (object.location.kind === "mask") this.outline(context, boundsOf(object.location), color);
    drawLocation(context, object.location, editor.viewport, { color: "rgba(0, 0, 0, 0.55)", width: 4.5, dashed: false, fill: 0 });
    drawLocation(context, object.location, editor.viewport, { color, width: 2.5, dashed: false, fill: moving ? 8 : 18 });
    if (editor.selection.only === object.id && !moving) {
      const { grip } = editor.hover;
      drawHandles(context, object, editor.viewport, color, grip?.kind === "handle" ? grip.index : null);
      if (grip?.kind === "edge") drawRing(context, editor.viewport.toScreen(grip.at), 4, false);
    }
    if (object.location.kind === "point") {
      drawRing(context, editor.viewport.toScreen(object.location), 9, false);
    }
    if (!moving && editor.armed === null) this.tag(context, object);
  }

  private outline(context: CanvasRenderingContext2D, bounds: Bounds, color: string): void {
    const { viewport } = this.editor;
    const from = viewport.toScreen({ x: bounds.minX, y: bounds.minY });
    const to = viewport.toScreen({ x: bounds.maxX, y: bounds.maxY });
    context.setLineDash([3, 4]);
    context.lineWidth = 1;
    context.strokeStyle = color;
    context.strokeRect(from.x, from.y, to.x - from.x, to.y - from.y);
  }

  private paintDraft(context: CanvasRenderingContext2D): void {
    const { editor } = this;
    const { draft, viewport } = editor;
    const color = editor.armed?.color ?? "#ffffff";
    if (draft?.kind === "shape") {
      drawLocation(context, draft.location, viewport, { color, width: 2, dashed: false, fill: 12 });
      return;
    }
    if (draft?.kind === "marquee") {
      this.outline(context, draft.bounds, "#ffffff");
      return;
    }
    if (draft?.kind !== "path") return;
    const points = draft.pointer && !draft.closing ? [...draft.points, draft.pointer] : draft.points;
    const kind = draft.closed && points.length > 2 ? "polygon" : "line";
    drawLocation(context, { kind, points }, viewport, { color, width: 2, dashed: false, fill: 10 });
    context.fillStyle = "#ffffff";
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.setLineDash([]);
    draft.points.forEach((point, i) => {
      const { x, y } = viewport.toScreen(point);
      context.beginPath();
      context.arc(x, y, draft.closing && i === 0 ? 7 : 3, 0, Math.PI * 2);
      context.fill();
      context.stroke();
    });
  }

  private paintPointer(context: CanvasRenderingContext2D): void {
    const { editor, pointer } = this;
    if (!pointer || !editor.armed || editor.held.has("pan")) return;
    if (editor.armed.kind === "mask") {
      drawRing(context, pointer, Math.max(2, editor.brush.radius * editor.viewport.scale), editor.brush.erasing);
    } else if (editor.armed.kind === "rectangle" && editor.draft === null) {
      drawCrosshair(context, pointer, editor.viewport);
    }
  }
}
