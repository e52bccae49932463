import type { Point } from "../model/annotation";
import { MaskRaster, newTile, tileSize } from "./MaskRaster";
import type { PixelRect, Tiles } from "./MaskRaster";

/** The stretch of row `y` (at its centre) covered by a circle, or null. */
function circleSpan(y: number, centre: Point, radius: number): [number, number] | null {
  const dy = y - centre.y;
  if (Math.abs(dy) > radius) return null;
  const half = Math.sqrt(radius * radius - dy * dy);
  return [centre.x - half, centre.x + half];
}

/** The stretch of row `y` covered by the brush on its way from `a` to `b`: convex, so one stretch. */
function capsuleSpan(y: number, a: Point, b: Point, radius: number): [number, number] | null {
  let min = Infinity;
  let max = -Infinity;
  for (const span of [circleSpan(y, a, radius), circleSpan(y, b, radius)]) {
    if (!span) continue;
    min = Math.min(min, span[0]);
    max = Math.max(max, span[1]);
  }
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length > 0) {
    const nx = (-(b.y - a.y) / length) * radius;
    const ny = ((b.x - a.x) / length) * radius;
    // The two long sides of the capsule; together with the circles they bound every row.
    for (const side of [1, -1]) {
      const from = { x: a.x + nx * side, y: a.y + ny * side };
      const to = { x: b.x + nx * side, y: b.y + ny * side };
      if (from.y === to.y || y < Math.min(from.y, to.y) || y > Math.max(from.y, to.y)) continue;
      const x = from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x);
      min = Math.min(min, x);
      max = Math.max(max, x);
    }
  }
  return min <= max ? [min, max] : null;
}

/** One stroke of brush or eraser in the making: copies a tile the first time it is touched. */
export class MaskStroke {
  private readonly tiles: Map<number, Uint8Array>;
  private readonly own = new Set<number>();
  private readonly columns: number;

  constructor(
    private readonly width: number,
    private readonly height: number,
    tiles: Tiles,
  ) {
    this.tiles = new Map(tiles);
    this.columns = Math.ceil(width / tileSize);
  }

  get current(): Tiles {
    return this.tiles;
  }

  /** Paints from `a` to `b` with 1 or 0 and returns the pixels that may have changed, or null. */
  stamp(a: Point, b: Point, radius: number, value: 0 | 1): PixelRect | null {
    const x0 = Math.max(0, Math.floor(Math.min(a.x, b.x) - radius));
    const y0 = Math.max(0, Math.floor(Math.min(a.y, b.y) - radius));
    const x1 = Math.min(this.width, Math.ceil(Math.max(a.x, b.x) + radius));
    const y1 = Math.min(this.height, Math.ceil(Math.max(a.y, b.y) + radius));
    if (x0 >= x1 || y0 >= y1) return null;
    for (let y = y0; y < y1; y++) {
      const span = capsuleSpan(y + 0.5, a, b, radius);
      if (!span) continue;
      // A pixel belongs to the stroke when its centre does.
      const from = Math.max(0, Math.ceil(span[0] - 0.5));
      const to = Math.min(this.width, Math.floor(span[1] - 0.5) + 1);
      this.fillRow(y, from, to, value);
    }
    return { x0, y0, x1, y1 };
  }

  private fillRow(y: number, from: number, to: number, value: 0 | 1): void {
    const tileRow = Math.floor(y / tileSize) * this.columns;
    const offset = (y % tileSize) * tileSize;
    for (let x = from; x < to; ) {
      const column = Math.floor(x / tileSize);
      const end = Math.min(to, (column + 1) * tileSize);
      const tile = this.writable(tileRow + column, value);
      tile?.fill(value, offset + (x % tileSize), offset + ((end - 1) % tileSize) + 1);
      x = end;
    }
  }

  private writable(index: number, value: 0 | 1): Uint8Array | null {
    const present = this.tiles.get(index);
    if (present && this.own.has(index)) return present;
    if (!present && value === 0) return null;
    const copy = present ? present.slice() : newTile();
    this.tiles.set(index, copy);
    this.own.add(index);
    return copy;
  }

  finish(): MaskRaster {
    for (const index of this.own) if (this.tiles.get(index)?.indexOf(1) === -1) this.tiles.delete(index);
    return MaskRaster.ofTiles(this.width, this.height, this.tiles);
  }
}

/** Run lengths as COCO counts them: down the columns, zeros first. */
export interface RunLengths {
  readonly size: readonly [height: number, width: number];
  readonly counts: readonly number[];
}

const encoded = new WeakMap<MaskRaster, RunLengths>();

/** Encodes a mask; a raster never changes, so it is done once for each. */
export function encodeRunLengths(raster: MaskRaster): RunLengths {
  const known = encoded.get(raster);
  if (known) return known;
  const { width, height, columns, rows, tiles } = raster;
  const counts: number[] = [];
  let value: 0 | 1 = 0;
  let run = 0;
  // A band of 256 columns at a time, turned so that a column lies in memory as the runs go.
  const band = new Uint8Array(tileSize * height);
  for (let column = 0; column < columns; column++) {
    const bandWidth = Math.min(tileSize, width - column * tileSize);
    const filled = turnBand(raster, column, rows, band);
    const pixels = filled ? band.subarray(0, bandWidth * height) : null;
    if (!pixels) {
      if (value === 1) {
        counts.push(run);
        run = 0;
        value = 0;
      }
      run += bandWidth * height;
      continue;
    }
    for (let at = 0; at < pixels.length; ) {
      const next = pixels.indexOf(value === 0 ? 1 : 0, at);
      const end = next === -1 ? pixels.length : next;
      run += end - at;
      at = end;
      if (next === -1) break;
      counts.push(run);
      run = 0;
      value = value === 0 ? 1 : 0;
    }
  }
  if (run > 0 || tiles.size === 0) counts.push(run);
  const result: RunLengths = { size: [height, width], counts };
  encoded.set(raster, result);
  return result;
}

/** Copies a column of tiles into `band`, column after column; false when none of them holds a one. */
function turnBand(raster: MaskRaster, column: number, rows: number, band: Uint8Array): boolean {
  const { height, columns, tiles } = raster;
  let any = false;
  for (let row = 0; row < rows; row++) if (tiles.has(row * columns + column)) any = true;
  if (!any) return false;
  band.fill(0);
  // Blocks of 64 x 64 stay in the cache on both sides of the turn.
  const block = 64;
  for (let row = 0; row < rows; row++) {
    const tile = tiles.get(row * columns + column);
    if (!tile) continue;
    const top = row * tileSize;
    const tileHeight = Math.min(tileSize, height - top);
    for (let by = 0; by < tileHeight; by += block) {
      const yEnd = Math.min(by + block, tileHeight);
      for (let bx = 0; bx < tileSize; bx += block) {
        for (let x = bx; x < bx + block; x++) {
          const target = x * height + top;
          for (let y = by; y < yEnd; y++) band[target + y] = tile[y * tileSize + x] ?? 0;
        }
      }
    }
  }
  return true;
}

/** Reads run lengths; the runs must add up to the size. */
export function decodeRunLengths({ size, counts }: RunLengths): { width: number; height: number; tiles: Tiles } {
  const [height, width] = size;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== width * height) {
    throw new RangeError(`the runs cover ${total} pixels, the mask has ${width * height}`);
  }
  const columns = Math.ceil(width / tileSize);
  const tiles = new Map<number, Uint8Array>();
  let position = 0;
  counts.forEach((count, i) => {
    if (i % 2 === 1) {
      for (let p = position; p < position + count; p++) {
        const x = Math.floor(p / height);
        const y = p - x * height;
        const index = Math.floor(y / tileSize) * columns + Math.floor(x / tileSize);
        let tile = tiles.get(index);
        if (!tile) {
          tile = newTile();
          tiles.set(index, tile);
        }
        tile[(y % tileSize) * tileSize + (x % tileSize)] = 1;
      }
    }
    position += count;
  });
  return { width, height, tiles };
}

/**
 * Takes one mask out of a decoded picture: white on black, or, in a picture of several masks, the
 * pixels of exactly `color`.
 */
export function tilesOfPicture(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
  color: readonly [number, number, number] | null,
): Map<number, Uint8Array> {
  const columns = Math.ceil(width / tileSize);
  const tiles = new Map<number, Uint8Array>();
  // One 32-bit comparison a pixel; little-endian, as every browser's typed arrays are.
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
  const wanted = color ? color[0] | (color[1] << 8) | (color[2] << 16) : 0;
  for (let y = 0; y < height; y++) {
    const tileRow = Math.floor(y / tileSize) * columns;
    const offset = (y % tileSize) * tileSize;
    let tile: Uint8Array | undefined;
    let column = -1;
    for (let x = 0; x < width; x++) {
      const pixel = pixels[y * width + x] ?? 0;
      if (color ? (pixel & 0xffffff) !== wanted : (pixel & 0xff) < 128) continue;
      const at = Math.floor(x / tileSize);
      if (at !== column || !tile) {
        column = at;
        tile = tiles.get(tileRow + at);
        if (!tile) {
          tile = newTile();
          tiles.set(tileRow + at, tile);
        }
      }
      tile[offset + (x % tileSize)] = 1;
    }
  }
  return tiles;
}
