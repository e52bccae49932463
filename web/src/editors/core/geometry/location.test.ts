import { describe, expect, it } from "vitest";
import type { Location } from "../model/annotation";
import { boundsOf, clampTo, extentOf, handlesOf, hits, moveHandle, moveWithin, resizeWithin } from "./location";
import { nearestEdge } from "./polyline";
import { rectangleBetween } from "./rectangle";

const size = { width: 100, height: 80 };
const box: Location = { kind: "rectangle", x: 10, y: 20, width: 30, height: 40 };
const ring: Location = { kind: "polygon", points: [{ x: 0, y: 0 }, { x: 20, y: 0 }, { x: 20, y: 20 }, { x: 0, y: 20 }] };
const line: Location = { kind: "line", points: [{ x: 0, y: 0 }, { x: 50, y: 0 }] };

describe("hits", () => {
  it("knows inside, edge and outside", () => {
    expect(hits(box, { x: 25, y: 40 }, 2)).toBe(true);
    expect(hits(box, { x: 8.5, y: 40 }, 2)).toBe(true);
    expect(hits(box, { x: 7, y: 40 }, 2)).toBe(false);
    expect(hits(ring, { x: 10, y: 10 }, 1)).toBe(true);
    expect(hits(ring, { x: 20.5, y: 10 }, 1)).toBe(true);
    expect(hits(ring, { x: 22, y: 10 }, 1)).toBe(false);
    expect(hits(line, { x: 25, y: 1.5 }, 2)).toBe(true);
    expect(hits(line, { x: 25, y: 3 }, 2)).toBe(false);
  });

  it("leaves the hole of a ring that crosses itself", () => {
    // A pentagram: its middle is outside by the even-odd rule.
    const points = [0, 2, 4, 1, 3].map((i) => {
      const angle = (i * 2 * Math.PI) / 5 - Math.PI / 2;
      return { x: 50 + 40 * Math.cos(angle), y: 40 + 40 * Math.sin(angle) };
    });
    expect(hits({ kind: "polygon", points }, { x: 50, y: 40 }, 1)).toBe(false);
    expect(hits({ kind: "polygon", points }, { x: 50, y: 12 }, 1)).toBe(true);
  });
});

describe("moving", () => {
  it("stops at the asset's edge and keeps the size", () => {
    expect(moveWithin(box, 1000, -1000, size)).toEqual({ kind: "rectangle", x: 70, y: 0, width: 30, height: 40 });
    expect(moveWithin(ring, -5, 3, size)).toEqual({
      kind: "polygon",
      points: [{ x: 0, y: 3 }, { x: 20, y: 3 }, { x: 20, y: 23 }, { x: 0, y: 23 }],
    });
  });

  it("hands back the very same shape when there is no room", () => {
    expect(moveWithin(box, 0, 0, size)).toBe(box);
  });

  it("moves each of the eight handles of a box alone", () => {
    const moved = handlesOf(box).map((_, i) => moveHandle(box, i, { x: 5, y: 70 }));
    expect(moved[0]).toEqual(rectangleBetween({ x: 5, y: 70 }, { x: 40, y: 60 }));
    expect(moved[1]).toEqual(rectangleBetween({ x: 10, y: 70 }, { x: 40, y: 60 }));
    expect(moved[3]).toEqual(rectangleBetween({ x: 10, y: 20 }, { x: 5, y: 60 }));
    expect(moved[4]).toEqual(rectangleBetween({ x: 10, y: 20 }, { x: 5, y: 70 }));
    expect(moved[7]).toEqual(rectangleBetween({ x: 5, y: 20 }, { x: 40, y: 60 }));
  });
});

describe("resizing by keys", () => {
  it("keeps the top left corner and at least a pixel", () => {
    expect(resizeWithin(box, -100, 5, size)).toEqual({ kind: "rectangle", x: 10, y: 20, width: 1, height: 45 });
    expect(boundsOf(resizeWithin(ring, 10, 1000, size))).toEqual({ minX: 0, minY: 0, maxX: 30, maxY: 80 });
  });
});

describe("the place on the nearest edge", () => {
  it("also is on the closing edge of a ring, not of a line", () => {
    const points = ring.kind === "polygon" ? ring.points : [];
    expect(nearestEdge(points, true, { x: 1, y: 10 }, 2)).toEqual({ index: 4, point: { x: 0, y: 10 } });
    expect(nearestEdge(points, false, { x: 1, y: 10 }, 2)).toBeNull();
  });
});

describe("small things", () => {
  it("are meant before large ones", () => {
    expect(extentOf(line)).toBeLessThan(extentOf(ring));
    expect(extentOf(ring)).toBe(400);
    expect(extentOf(box)).toBe(1200);
  });

  it("stay on the asset", () => {
    expect(clampTo({ x: -3, y: 99 }, size)).toEqual({ x: 0, y: 80 });
  });
});
