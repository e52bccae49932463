import type { Editor } from "../Editor";
import { changedTiles, tightBounds, tileSize } from "../geometry/MaskRaster";
import type { PixelRect, Tiles } from "../geometry/MaskRaster";
import type { ObjectAnnotation } from "../model/annotation";
import { rgbOf } from "./shapes";

interface PaintedTile {
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
}

interface Layer {
  readonly tile: Uint8Array;
  /** A stroke is painting on it: where its ones are changes all the time. */
  readonly growing: boolean;
  /** Red, green, blue and opacity in one little-endian number. */
  readonly pixel: number;
}

const whole: PixelRect = { x0: 0, y0: 0, x1: tileSize, y1: tileSize };

/** How many pixels of a mask's border are drawn nearly opaque: what tells masks of one class apart. */
const rimWidth = 2;
const full = new WeakSet<Uint8Array>();

/** All ones: nothing in it is near a border. */
function isFull(tile: Uint8Array, growing: boolean): boolean {
  if (full.has(tile)) return true;
  if (tile.indexOf(0) !== -1) return false;
  if (!growing) full.add(tile);
  return true;
}

/** Colours the ones of a row from `x0` to `x1`, run by run; the tile's own edge is no border. */
function paintRow(pixels: Uint32Array, tile: Uint8Array, y: number, x0: number, x1: number, pixel: number, rim: number): void {
  const start = y * tileSize;
  const row = tile.subarray(start, start + x1);
  // A read outside of the array would be undefined, and very slow.
  const up = y >= rimWidth ? rimWidth * tileSize : 0;
  const down = y < tileSize - rimWidth ? rimWidth * tileSize : 0;
  for (let from = row.indexOf(1, x0); from !== -1; ) {
    const next = row.indexOf(0, from);
    const to = next === -1 ? x1 : next;
    for (let at = start + from; at < start + to; at++) {
      pixels[at] = tile[at - up] === 0 || tile[at + down] === 0 ? rim : pixel;
    }
    if (from > 0 && row[from - 1] === 0) pixels.fill(rim, start + from, start + Math.min(to, from + rimWidth));
    if (to < tileSize && tile[start + to] === 0) pixels.fill(rim, start + Math.max(from, to - rimWidth), start + to);
    from = next === -1 ? -1 : row.indexOf(1, to);
  }
}

function pixelOf(color: string, opacity: number): number {
  const [r, g, b] = rgbOf(color);
  return ((opacity << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** All masks as coloured tiles of the asset's size; only tiles that hold something exist. */
export class MaskLayer {
  private readonly painted = new Map<number, PaintedTile>();
  private masks: readonly ObjectAnnotation[] = [];
  /** Tiles that a stroke in the making has painted on, with the pixels it painted. */
  private readonly touched = new Map<number, Uint8Array | undefined>();
  /** Tiles that have to be painted anew. */
  private readonly pending = new Set<number>();
  private shownTiles = new Map<string, Tiles>();
  private readonly image = new ImageData(tileSize, tileSize);
  private readonly pixels = new Uint32Array(this.image.data.buffer);

  constructor(private readonly editor: Editor) {}

  private get columns(): number {
    return Math.ceil(this.editor.size.width / tileSize);
  }

  /** Takes in changes of the label and of what is selected; `work` paints them. */
  refresh(restyled: readonly string[]): void {
    const { editor } = this;
    const masks = editor.store.objects.filter((object) => object.location.kind === "mask" && !editor.hidden.has(object.id));
    const stroking = editor.draft?.kind === "stroke";
    // A stroke that ended or was abandoned: what it had painted is looked at again.
    const dirty = this.pending;
    const waiting = new Set(dirty);
    if (!stroking) for (const index of this.touched.keys()) dirty.add(index);
    const shown = new Map<string, Tiles>();
    for (const object of masks) {
      if (object.location.kind !== "mask") continue;
      const { tiles } = object.location.raster;
      shown.set(object.id, tiles);
      const before = this.shownTiles.get(object.id) ?? new Map<number, Uint8Array>();
      if (before !== tiles) for (const index of changedTiles(before, tiles)) dirty.add(index);
      if (restyled.includes(object.id)) for (const index of tiles.keys()) dirty.add(index);
    }
    for (const [id, tiles] of this.shownTiles) {
      if (!shown.has(id)) for (const index of tiles.keys()) dirty.add(index);
    }
    this.masks = masks;
    this.shownTiles = shown;
    if (!stroking) {
      // What the stroke painted became a mask as it is: it need not be painted again.
      const selected = masks.flatMap(({ id }) => (editor.selection.has(id) ? (shown.get(id) ?? []) : []));
      for (const [index, tile] of this.touched) {
        if (tile && !waiting.has(index) && selected.some((tiles) => tiles.get(index) === tile)) dirty.delete(index);
      }
      this.touched.clear();
    }
  }

  /** Paints what is pending for about so many milliseconds; returns whether all of it is done. */
  work(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    for (const index of this.pending) {
      if (performance.now() > end) return false;
      this.pending.delete(index);
      this.paintTile(index, whole);
    }
    return true;
  }

  /** Repaints the pixels of a stroke in the making, and the borders that it may have moved; returns which. */
  paintStroke(stroked: PixelRect): PixelRect {
    const { columns } = this;
    const draft = this.editor.draft?.kind === "stroke" ? this.editor.draft : null;
    const { width, height } = this.editor.size;
    const rect = {
      x0: Math.max(0, stroked.x0 - rimWidth),
      y0: Math.max(0, stroked.y0 - rimWidth),
      x1: Math.min(width, stroked.x1 + rimWidth),
      y1: Math.min(height, stroked.y1 + rimWidth),
    };
    for (let row = Math.floor(rect.y0 / tileSize); row * tileSize < rect.y1; row++) {
      for (let column = Math.floor(rect.x0 / tileSize); column * tileSize < rect.x1; column++) {
        const left = column * tileSize;
        const top = row * tileSize;
        this.touched.set(row * columns + column, draft?.tiles.get(row * columns + column));
        this.paintTile(row * columns + column, {
          x0: Math.max(0, rect.x0 - left),
          y0: Math.max(0, rect.y0 - top),
          x1: Math.min(tileSize, rect.x1 - left),
          y1: Math.min(tileSize, rect.y1 - top),
        });
      }
    }
    return rect;
  }

  private layersAt(index: number): Layer[] {
    const { editor } = this;
    const draft = editor.draft?.kind === "stroke" ? editor.draft : null;
    const layers: Layer[] = [];
    for (const object of this.masks) {
      if (object.location.kind !== "mask") continue;
      const growing = draft?.id === object.id;
      const tile = (growing ? draft.tiles : object.location.raster.tiles).get(index);
      if (!tile) continue;
      const opacity = editor.selection.has(object.id) ? 165 : 105;
      layers.push({ tile, growing, pixel: pixelOf(editor.colorOf(object), opacity) });
    }
    const begun = draft?.id === null ? draft.tiles.get(index) : undefined;
    if (begun && editor.armed) layers.push({ tile: begun, growing: true, pixel: pixelOf(editor.armed.color, 165) });
    return layers;
  }

  private paintTile(index: number, { x0, y0, x1, y1 }: PixelRect): void {
    const layers = this.layersAt(index);
    let tile = this.painted.get(index);
    if (layers.length === 0) {
      this.painted.delete(index);
      return;
    }
    if (!tile) {
      const canvas = new OffscreenCanvas(tileSize, tileSize);
      const context = canvas.getContext("2d");
      if (!context) return;
      tile = { canvas, context };
      this.painted.set(index, tile);
    }
    const { pixels } = this;
    for (let y = y0; y < y1; y++) pixels.fill(0, y * tileSize + x0, y * tileSize + x1);
    for (const { tile: source, growing, pixel } of layers) {
      const rim = (pixel | 0xe0000000) >>> 0;
      const ones = growing ? whole : tightBounds(source);
      if (!ones) continue;
      const inside = isFull(source, growing);
      const left = Math.max(x0, ones.x0);
      const right = Math.min(x1, ones.x1);
      for (let y = Math.max(y0, ones.y0); y < Math.min(y1, ones.y1); y++) {
        if (inside) pixels.fill(pixel, y * tileSize + left, y * tileSize + right);
        else paintRow(pixels, source, y, left, right, pixel, rim);
      }
    }
    tile.context.putImageData(this.image, 0, 0, x0, y0, x1 - x0, y1 - y0);
  }

  /** Draws the tiles on screen; with `only`, just those pixels of the asset. */
  draw(context: CanvasRenderingContext2D, only: PixelRect | null): void {
    const { viewport } = this.editor;
    const { scale, offset } = viewport;
    const ratio = context.getTransform().a;
    // Whole device pixels, so that neighbouring tiles meet without a seam.
    const snap = (value: number) => Math.round(value * ratio) / ratio;
    const seen = only
      ? { minX: only.x0, minY: only.y0, maxX: only.x1, maxY: only.y1 }
      : viewport.visible;
    context.save();
    if (only) {
      const x = snap(only.x0 * scale + offset.x) - 1;
      const y = snap(only.y0 * scale + offset.y) - 1;
      const width = (only.x1 - only.x0) * scale + 3;
      const height = (only.y1 - only.y0) * scale + 3;
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      context.clearRect(x, y, width, height);
    }
    context.imageSmoothingEnabled = false;
    for (const [index, { canvas }] of this.painted) {
      const left = (index % this.columns) * tileSize;
      const top = Math.floor(index / this.columns) * tileSize;
      if (left > seen.maxX + 2 || top > seen.maxY + 2 || left + tileSize < seen.minX - 2 || top + tileSize < seen.minY - 2) continue;
      const x = snap(left * scale + offset.x);
      const y = snap(top * scale + offset.y);
      const right = snap((left + tileSize) * scale + offset.x);
      const bottom = snap((top + tileSize) * scale + offset.y);
      context.drawImage(canvas, x, y, right - x, bottom - y);
    }
    context.restore();
  }
}
