import { describe, expect, it } from "vitest";
import { chance } from "../testing";
import { Viewport } from "./Viewport";

function view(): Viewport {
  const viewport = new Viewport();
  viewport.setScreen({ width: 800, height: 600 });
  viewport.setAsset({ width: 4000, height: 2000 });
  return viewport;
}

describe("the view", () => {
  it("fits the asset with a margin, and follows the window until it is moved", () => {
    const viewport = view();
    expect(viewport.scale).toBeCloseTo(752 / 4000);
    expect(viewport.toScreen({ x: 2000, y: 1000 })).toEqual({ x: 400, y: 300 });
    viewport.setScreen({ width: 400, height: 600 });
    expect(viewport.toScreen({ x: 2000, y: 1000 }).x).toBeCloseTo(200);
    viewport.zoomAt({ x: 10, y: 10 }, 2);
    const { scale } = viewport;
    viewport.setScreen({ width: 500, height: 600 });
    expect(viewport.scale).toBe(scale);
  });

  it("keeps the place under the pointer while it zooms", () => {
    const viewport = view();
    const random = chance(5);
    for (let i = 0; i < 200; i++) {
      const at = { x: 300 + random() * 200, y: 250 + random() * 100 };
      const before = viewport.toAsset(at);
      viewport.zoomAt(at, 0.8 + random() * 0.45);
      const after = viewport.toAsset(at);
      // Unless the asset's edge stopped it.
      if (before.x > 0 && before.x < 4000 && before.y > 0 && before.y < 2000) {
        expect(after.x).toBeCloseTo(before.x, 6);
        expect(after.y).toBeCloseTo(before.y, 6);
      }
    }
  });

  it("never loses the asset", () => {
    const viewport = view();
    viewport.pan(1e6, -1e6);
    const corner = viewport.toScreen({ x: 0, y: 2000 });
    expect(corner.x).toBeLessThan(800);
    expect(corner.y).toBeGreaterThan(0);
  });

  it("reveals what is out of sight and leaves what is in sight", () => {
    const viewport = view();
    viewport.zoomAt({ x: 400, y: 300 }, 20);
    const { offset } = viewport;
    viewport.reveal(viewport.visible);
    expect(viewport.offset).toEqual(offset);
    viewport.reveal({ minX: 0, minY: 0, maxX: 50, maxY: 50 });
    expect(viewport.visible.minX).toBeLessThan(0);
    expect(viewport.visible.minY).toBeLessThan(0);
  });
});
