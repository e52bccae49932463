import { describe, expect, it } from "vitest";
import { nudge, removeHoveredPoint } from "../commands";
import { encodeRunLengths } from "../geometry/mask";
import { click, drag, editorOn } from "../testing";

const locations = (editor: ReturnType<typeof editorOn>) => editor.store.objects.map(({ location }) => location);

describe("a box", () => {
  it("is drawn by a drag, from any corner", () => {
    const editor = editorOn();
    editor.armNumber(1);
    drag(editor, { x: 60, y: 50 }, { x: 20, y: 10 });
    expect(locations(editor)).toEqual([{ kind: "rectangle", x: 20, y: 10, width: 40, height: 40 }]);
  });

  it("is drawn by two clicks", () => {
    const editor = editorOn();
    editor.armNumber(1);
    click(editor, 30, 40);
    expect(editor.store.size).toBe(0);
    expect(editor.draft?.kind).toBe("shape");
    click(editor, 90, 70);
    expect(locations(editor)).toEqual([{ kind: "rectangle", x: 30, y: 40, width: 60, height: 30 }]);
    expect(editor.armed?.name).toBe("Car");
  });

  it("ends at the picture's edge", () => {
    const editor = editorOn();
    editor.armNumber(1);
    drag(editor, { x: 350, y: 250 }, { x: 500, y: -20 });
    expect(locations(editor)).toEqual([{ kind: "rectangle", x: 350, y: 0, width: 50, height: 250 }]);
  });

  it("is drawn over another one without taking hold of it", () => {
    const editor = editorOn();
    editor.armNumber(1);
    drag(editor, { x: 10, y: 10 }, { x: 100, y: 100 });
    drag(editor, { x: 10, y: 10 }, { x: 60, y: 60 });
    expect(locations(editor)).toHaveLength(2);
    expect(locations(editor)[0]).toMatchObject({ width: 90 });
  });

  it("without width is no box, and says so", () => {
    const editor = editorOn();
    const said: string[] = [];
    editor.said.subscribe((message) => said.push(message));
    editor.armNumber(1);
    drag(editor, { x: 10, y: 10 }, { x: 10, y: 90 });
    expect(editor.store.size).toBe(0);
    expect(said).toEqual(["A box needs some width and height"]);
  });

  it("survives a zoom between its two clicks", () => {
    const editor = editorOn();
    editor.armNumber(1);
    click(editor, 30, 40);
    editor.viewport.zoomAt({ x: 200, y: 150 }, 3);
    click(editor, 90, 70);
    expect(locations(editor)).toEqual([{ kind: "rectangle", x: 30, y: 40, width: 60, height: 30 }]);
  });
});

describe("a polygon", () => {
  it("closes on its first point", () => {
    const editor = editorOn();
    editor.armNumber(2);
    for (const [x, y] of [[10, 10], [110, 10], [110, 110]] as const) click(editor, x, y);
    click(editor, 12, 11);
    expect(locations(editor)).toEqual([{ kind: "polygon", points: [{ x: 10, y: 10 }, { x: 110, y: 10 }, { x: 110, y: 110 }] }]);
  });

  it("takes back and brings back single points while it is drawn", () => {
    const editor = editorOn();
    editor.armNumber(2);
    for (const [x, y] of [[10, 10], [110, 10], [110, 110], [200, 200]] as const) click(editor, x, y);
    editor.undo();
    editor.undo();
    editor.redo();
    editor.finish();
    expect(locations(editor)).toEqual([{ kind: "polygon", points: [{ x: 10, y: 10 }, { x: 110, y: 10 }, { x: 110, y: 110 }] }]);
  });

  it("needs three points; one step back from the first leaves nothing", () => {
    const editor = editorOn();
    editor.armNumber(2);
    click(editor, 10, 10);
    click(editor, 50, 10);
    editor.finish();
    expect(editor.store.size).toBe(0);
    editor.cancel();
    editor.cancel();
    expect(editor.draft).toBeNull();
    expect(editor.armed?.name).toBe("Road");
    editor.cancel();
    expect(editor.armed).toBeNull();
  });

  it("follows a drag", () => {
    const editor = editorOn();
    editor.armNumber(2);
    drag(editor, { x: 10, y: 10 }, { x: 210, y: 10 });
    click(editor, 100, 200);
    editor.finish();
    const [location] = locations(editor);
    expect(location?.kind === "polygon" && location.points.length).toBe(6);
  });

  it("gets a point on its edge by a drag, and loses it again", () => {
    const editor = editorOn();
    editor.armNumber(2);
    for (const [x, y] of [[10, 10], [110, 10], [110, 110]] as const) click(editor, x, y);
    editor.finish();
    editor.arm(null);
    editor.selection.set([editor.store.objects[0]?.id ?? ""]);
    drag(editor, { x: 60, y: 10 }, { x: 60, y: 40 });
    expect(locations(editor)[0]).toMatchObject({ points: [{ x: 10, y: 10 }, { x: 60, y: 40 }, { x: 110, y: 10 }, { x: 110, y: 110 }] });
    editor.pointerMove({ point: { x: 60, y: 40 }, shift: false, alt: false });
    expect(removeHoveredPoint(editor)).toBe(true);
    expect(locations(editor)[0]).toMatchObject({ points: [{ x: 10, y: 10 }, { x: 110, y: 10 }, { x: 110, y: 110 }] });
    // A fourth removal would leave two points: refused.
    editor.pointerMove({ point: { x: 110, y: 10 }, shift: false, alt: false });
    removeHoveredPoint(editor);
    expect(locations(editor)[0]).toMatchObject({ points: { length: 3 } });
  });
});

describe("a line", () => {
  it("ends where the second press of a double click lands", () => {
    const editor = editorOn();
    editor.armNumber(3);
    click(editor, 10, 10);
    click(editor, 60, 60);
    click(editor, 60, 60);
    expect(locations(editor)).toEqual([{ kind: "line", points: [{ x: 10, y: 10 }, { x: 60, y: 60 }] }]);
  });
});

describe("a mask", () => {
  it("grows by strokes, loses to the eraser, and undo takes stroke by stroke", () => {
    const editor = editorOn();
    editor.armNumber(5);
    editor.setBrush(10);
    drag(editor, { x: 50, y: 50 }, { x: 150, y: 50 });
    drag(editor, { x: 50, y: 100 }, { x: 150, y: 100 });
    expect(editor.store.size).toBe(1);
    const counts = () => {
      const location = locations(editor)[0];
      return location?.kind === "mask" ? encodeRunLengths(location.raster).counts : [];
    };
    const two = counts();
    drag(editor, { x: 100, y: 40 }, { x: 100, y: 110 }, true);
    expect(counts()).not.toEqual(two);
    editor.undo();
    expect(counts()).toEqual(two);
    editor.undo();
    let pixels = 0;
    for (let x = 0; x < 400; x++) {
      for (let y = 0; y < 300; y++) {
        const [px, py] = [x + 0.5, y + 0.5];
        if (Math.hypot(px - Math.max(50, Math.min(150, px)), py - 50) < 10) pixels += 1;
      }
    }
    expect(counts().filter((_, i) => i % 2 === 1).reduce((sum, count) => sum + count, 0)).toBe(pixels);
    editor.undo();
    expect(editor.store.size).toBe(0);
  });

  it("ends with Enter: the next stroke is another mask", () => {
    const editor = editorOn();
    editor.armNumber(5);
    drag(editor, { x: 50, y: 50 }, { x: 80, y: 50 });
    editor.finish();
    drag(editor, { x: 150, y: 50 }, { x: 180, y: 50 });
    expect(editor.store.size).toBe(2);
  });

  it("that is erased to the last pixel goes", () => {
    const editor = editorOn();
    editor.armNumber(5);
    editor.setBrush(10);
    drag(editor, { x: 50, y: 50 }, { x: 60, y: 50 });
    editor.setBrush(60);
    drag(editor, { x: 50, y: 50 }, { x: 60, y: 50 }, true);
    expect(editor.store.size).toBe(0);
    editor.undo();
    expect(editor.store.size).toBe(1);
  });
});

describe("select and edit", () => {
  it("takes the smaller of two, moves it, and resizes it by a corner", () => {
    const editor = editorOn();
    editor.armNumber(1);
    drag(editor, { x: 10, y: 10 }, { x: 200, y: 200 });
    drag(editor, { x: 50, y: 50 }, { x: 90, y: 90 });
    editor.arm(null);
    click(editor, 70, 70);
    drag(editor, { x: 70, y: 70 }, { x: 80, y: 75 });
    expect(locations(editor)[1]).toEqual({ kind: "rectangle", x: 60, y: 55, width: 40, height: 40 });
    drag(editor, { x: 100, y: 95 }, { x: 120, y: 100 });
    expect(locations(editor)[1]).toEqual({ kind: "rectangle", x: 60, y: 55, width: 60, height: 45 });
    expect(locations(editor)[0]).toMatchObject({ x: 10, width: 190 });
  });

  it("selects by a marquee what lies wholly inside", () => {
    const editor = editorOn();
    editor.armNumber(4);
    click(editor, 100, 100);
    click(editor, 120, 110);
    click(editor, 300, 200);
    editor.arm(null);
    drag(editor, { x: 80, y: 80 }, { x: 140, y: 140 });
    expect(editor.selection.ids).toHaveLength(2);
  });

  it("lends a press to an armed tool", () => {
    const editor = editorOn();
    editor.armNumber(1);
    drag(editor, { x: 10, y: 10 }, { x: 60, y: 60 });
    editor.selection.clear();
    const at = { point: { x: 30, y: 30 }, shift: false, alt: false };
    editor.pointerDown(at, true);
    editor.pointerUp(at);
    expect(editor.selection.ids).toHaveLength(1);
    drag(editor, { x: 100, y: 100 }, { x: 160, y: 160 });
    expect(editor.store.size).toBe(2);
  });
});

describe("by keyboard", () => {
  it("every kind is placed in the middle and moved", () => {
    const editor = editorOn();
    for (const number of [1, 2, 3, 4, 5]) {
      editor.armNumber(number);
      editor.finish();
    }
    expect(locations(editor).map(({ kind }) => kind)).toEqual(["rectangle", "polygon", "line", "point", "mask"]);
    editor.selection.set([editor.store.objects[0]?.id ?? ""]);
    nudge(editor, 10, -1);
    expect(locations(editor)[0]).toEqual({ kind: "rectangle", x: 160, y: 111.5, width: 100, height: 75 });
  });
});
