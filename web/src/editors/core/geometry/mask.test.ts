import { describe, expect, it } from "vitest";
import { chance } from "../testing";
import { MaskStroke, decodeRunLengths, encodeRunLengths, tilesOfPicture } from "./mask";
import { MaskRaster, changedTiles, newTile, tileSize } from "./MaskRaster";

function rasterOf(width: number, height: number, isOne: (x: number, y: number) => boolean): MaskRaster {
  const tiles = new Map<number, Uint8Array>();
  const columns = Math.ceil(width / tileSize);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isOne(x, y)) continue;
      const index = Math.floor(y / tileSize) * columns + Math.floor(x / tileSize);
      const tile = tiles.get(index) ?? newTile();
      tiles.set(index, tile);
      tile[(y % tileSize) * tileSize + (x % tileSize)] = 1;
    }
  }
  return MaskRaster.ofTiles(width, height, tiles);
}

describe("run lengths", () => {
  it("run down the columns, zeros first", () => {
    // 3 wide, 2 high:  . # #
    //                  # # .
    const raster = rasterOf(3, 2, (x, y) => (y === 0 ? x > 0 : x < 2));
    expect(encodeRunLengths(raster)).toEqual({ size: [2, 3], counts: [1, 4, 1] });
  });

  it("begin with an empty run of zeros when the first pixel is a one", () => {
    expect(encodeRunLengths(rasterOf(2, 2, (x) => x === 0)).counts).toEqual([0, 2, 2]);
  });

  it("of an empty mask are one run", () => {
    expect(encodeRunLengths(rasterOf(300, 2, () => false)).counts).toEqual([600]);
  });

  it.each([
    [1, 1], [7, 5], [256, 256], [257, 300], [300, 257], [517, 1], [1, 700], [640, 530],
  ])("come back as the same pixels, %i x %i", (width, height) => {
    const random = chance(width * 1000 + height);
    // Blobs and noise: long runs, short runs, runs across the tiles' edges.
    const blobs = Array.from({ length: 4 }, () => ({ x: random() * width, y: random() * height, r: random() * 80 }));
    const raster = rasterOf(
      width,
      height,
      (x, y) => random() < 0.02 || blobs.some((blob) => Math.hypot(x - blob.x, y - blob.y) < blob.r),
    );
    const runs = encodeRunLengths(raster);
    expect(runs.counts.reduce((sum, count) => sum + count, 0)).toBe(width * height);
    expect(runs.counts.slice(1).every((count) => count > 0)).toBe(true);
    const back = decodeRunLengths(runs);
    const copy = MaskRaster.ofTiles(back.width, back.height, back.tiles);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (copy.has({ x, y }) !== raster.has({ x, y })) throw new Error(`pixel ${x}, ${y} differs`);
      }
    }
    expect(encodeRunLengths(copy)).toEqual(runs);
  });

  it("that do not fill the size are refused", () => {
    expect(() => decodeRunLengths({ size: [2, 2], counts: [1, 2] })).toThrow("the runs cover 3 pixels, the mask has 4");
  });
});

describe("a stroke", () => {
  it("paints exactly the pixels whose centre is within the radius of the way", () => {
    const random = chance(7);
    for (let round = 0; round < 40; round++) {
      const point = () => ({ x: random() * 330 - 15, y: random() * 330 - 15 });
      const [a, b, radius] = [point(), point(), 1 + random() * 40];
      const stroke = new MaskStroke(300, 300, new Map());
      const rect = stroke.stamp(a, b, radius, 1);
      const raster = stroke.finish();
      const length = Math.hypot(b.x - a.x, b.y - a.y);
      for (let y = 0; y < 300; y++) {
        for (let x = 0; x < 300; x++) {
          const p = { x: x + 0.5, y: y + 0.5 };
          const t = length === 0 ? 0 : ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length ** 2;
          const u = Math.max(0, Math.min(1, t));
          const away = Math.hypot(p.x - (a.x + u * (b.x - a.x)), p.y - (a.y + u * (b.y - a.y)));
          // On the very edge either answer is right.
          if (Math.abs(away - radius) < 1e-6) continue;
          if (raster.has({ x, y }) !== away < radius) throw new Error(`round ${round}: pixel ${x}, ${y} at ${away} of ${radius}`);
          if (away < radius && !(rect && x >= rect.x0 && x < rect.x1 && y >= rect.y0 && y < rect.y1)) {
            throw new Error(`round ${round}: pixel ${x}, ${y} lies outside the reported rectangle`);
          }
        }
      }
    }
  });

  it("copies only the tiles it touches, and erasing all of a tile drops it", () => {
    const first = new MaskStroke(1024, 1024, new Map());
    first.stamp({ x: 100, y: 100 }, { x: 900, y: 100 }, 20, 1);
    const before = first.finish();
    const second = new MaskStroke(1024, 1024, before.tiles);
    second.stamp({ x: 100, y: 100 }, { x: 120, y: 100 }, 200, 0);
    const after = second.finish();
    expect(changedTiles(before.tiles, after.tiles)).toContain(0);
    expect(after.tiles.has(0)).toBe(false);
    expect(after.tiles.get(3)).toBe(before.tiles.get(3));
    expect(before.has({ x: 100, y: 100 })).toBe(true);
  });
});

describe("a decoded picture", () => {
  const rgba = new Uint8ClampedArray(4 * 4);
  rgba.set([255, 255, 255, 255, 0, 0, 0, 255, 10, 20, 30, 255, 10, 20, 31, 255]);

  it("holds a mask in white", () => {
    const tiles = tilesOfPicture(rgba, 4, 1, null);
    expect([...(tiles.get(0) ?? []).slice(0, 4)]).toEqual([1, 0, 0, 0]);
  });

  it("holds one of several masks in exactly its colour", () => {
    const tiles = tilesOfPicture(rgba, 4, 1, [10, 20, 30]);
    expect([...(tiles.get(0) ?? []).slice(0, 4)]).toEqual([0, 0, 1, 0]);
  });
});

describe("bounds of a mask", () => {
  it("are tight across tiles", () => {
    const raster = rasterOf(700, 600, (x, y) => (x === 250 && y === 300) || (x === 520 && y === 511));
    expect(raster.bounds()).toEqual({ minX: 250, minY: 300, maxX: 521, maxY: 512 });
    expect(rasterOf(10, 10, () => false).isEmpty()).toBe(true);
  });
});
