import type { Bounds, Point, WireObject } from "../model/annotation";

/** Side of a tile in pixels: what one undo step of a stroke keeps, and what one repaint touches. */
export const tileSize = 256;
const tileArea = tileSize * tileSize;

export type Tiles = ReadonlyMap<number, Uint8Array>;

/** Pixels in whole numbers; the upper ends are exclusive. */
export interface PixelRect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

const boundsOfTile = new WeakMap<Uint8Array, PixelRect>();

/** The smallest rectangle around a tile's ones, in the tile's own pixels. Scanned once: for tiles that no stroke still paints on. */
export function tightBounds(tile: Uint8Array): PixelRect | null {
  const known = boundsOfTile.get(tile);
  if (known) return known;
  const first = tile.indexOf(1);
  if (first === -1) return null;
  const y0 = Math.floor(first / tileSize);
  const y1 = Math.floor(tile.lastIndexOf(1) / tileSize) + 1;
  let x0 = tileSize;
  let x1 = 0;
  for (let y = y0; y < y1; y++) {
    const row = tile.subarray(y * tileSize, (y + 1) * tileSize);
    const left = row.indexOf(1);
    if (left === -1) continue;
    if (left < x0) x0 = left;
    const right = row.lastIndexOf(1) + 1;
    if (right > x1) x1 = right;
  }
  const found = { x0, y0, x1, y1 };
  boundsOfTile.set(tile, found);
  return found;
}

/**
 * The pixels of one mask, one byte each, in tiles of 256 x 256; a missing tile is all zero.
 * Tiles are shared between versions: a stroke copies only those it touches.
 */
export class MaskRaster {
  private tilesOfMask: Tiles;
  private size: { width: number; height: number };
  private loading: boolean;
  private problem: string | null = null;
  private known: Bounds | null = null;

  private constructor(
    width: number,
    height: number,
    tiles: Tiles | null,
    /** The wire's mask when it was not changed here; sent back as it came. */
    readonly source: WireObject | null,
  ) {
    this.size = { width, height };
    this.tilesOfMask = tiles ?? new Map();
    this.loading = tiles === null;
  }

  static ofTiles(width: number, height: number, tiles: Tiles, source: WireObject | null = null): MaskRaster {
    return new MaskRaster(width, height, tiles, source);
  }

  /** A mask whose picture is still on its way. */
  static awaiting(source: WireObject): MaskRaster {
    return new MaskRaster(0, 0, null, source);
  }

  /** Fills in the pixels of an awaited mask; not a change of the label. */
  arrive(width: number, height: number, tiles: Tiles): void {
    this.size = { width, height };
    this.tilesOfMask = tiles;
    this.loading = false;
    this.known = null;
  }

  fail(problem: string): void {
    this.problem = problem;
  }

  get width(): number {
    return this.size.width;
  }

  get height(): number {
    return this.size.height;
  }

  get columns(): number {
    return Math.ceil(this.size.width / tileSize);
  }

  get rows(): number {
    return Math.ceil(this.size.height / tileSize);
  }

  get tiles(): Tiles {
    return this.tilesOfMask;
  }

  get isLoading(): boolean {
    return this.loading;
  }

  get failure(): string | null {
    return this.problem;
  }

  has(p: Point): boolean {
    const x = Math.floor(p.x);
    const y = Math.floor(p.y);
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return false;
    const tile = this.tilesOfMask.get(Math.floor(y / tileSize) * this.columns + Math.floor(x / tileSize));
    return tile?.[(y % tileSize) * tileSize + (x % tileSize)] === 1;
  }

  /** The smallest rectangle around the ones; an empty one at the origin when there are none. */
  bounds(): Bounds {
    if (this.known) return this.known;
    let minX = Infinity;
    let minY = Infinity;
    let maxX = -Infinity;
    let maxY = -Infinity;
    for (const [index, tile] of this.tilesOfMask) {
      const rect = tightBounds(tile);
      if (!rect) continue;
      const left = (index % this.columns) * tileSize;
      const top = Math.floor(index / this.columns) * tileSize;
      minX = Math.min(minX, left + rect.x0);
      minY = Math.min(minY, top + rect.y0);
      maxX = Math.max(maxX, left + rect.x1);
      maxY = Math.max(maxY, top + rect.y1);
    }
    this.known = minX === Infinity ? { minX: 0, minY: 0, maxX: 0, maxY: 0 } : { minX, minY, maxX, maxY };
    return this.known;
  }

  isEmpty(): boolean {
    for (const tile of this.tilesOfMask.values()) if (tightBounds(tile)) return false;
    return true;
  }
}

/** The tiles in which two versions of a mask differ; shared tiles are equal without a look inside. */
export function changedTiles(before: Tiles, after: Tiles): number[] {
  const changed: number[] = [];
  for (const [index, tile] of before) if (after.get(index) !== tile) changed.push(index);
  for (const index of after.keys()) if (!before.has(index)) changed.push(index);
  return changed;
}

export function newTile(): Uint8Array {
  return new Uint8Array(tileArea);
}
