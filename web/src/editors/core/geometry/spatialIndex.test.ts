import { expect, it } from "vitest";
import type { ObjectAnnotation } from "../model/annotation";
import { chance } from "../testing";
import { boundsOf } from "./location";
import { SpatialIndex } from "./spatialIndex";

function box(id: string, random: () => number): ObjectAnnotation {
  const location = { kind: "rectangle", x: random() * 1000, y: random() * 1000, width: random() * 60, height: random() * 60 } as const;
  return { id, schemaId: null, name: "Car", location, answers: [], wire: {} };
}

it("finds what a look at every object finds, through adds, moves, removals and rebuilds", () => {
  const random = chance(11);
  const index = new SpatialIndex();
  const objects = new Map<string, ObjectAnnotation>();
  for (let i = 0; i < 300; i++) objects.set(`c${i}`, box(`c${i}`, random));
  index.rebuild(objects.values());
  for (let step = 0; step < 400; step++) {
    const id = `c${Math.floor(random() * 340)}`;
    if (random() < 0.3) {
      objects.delete(id);
      index.update(id, null);
    } else {
      const object = box(id, random);
      objects.set(id, object);
      index.update(id, object);
    }
    if (index.needsRebuild) index.rebuild(objects.values());
    const area = { minX: random() * 900, minY: random() * 900, maxX: 0, maxY: 0 };
    area.maxX = area.minX + random() * 200;
    area.maxY = area.minY + random() * 200;
    const wanted = [...objects.values()]
      .filter((object) => {
        const b = boundsOf(object.location);
        return b.maxX >= area.minX && b.minX <= area.maxX && b.maxY >= area.minY && b.minY <= area.maxY;
      })
      .map((object) => object.id);
    expect(index.within(area).sort()).toEqual(wanted.sort());
  }
});
