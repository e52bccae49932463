import { describe, expect, it } from "vitest";
import { duplicateSelected, nudge, removeObjects, setAnswers, setClass } from "./commands";
import { optionsInView } from "./model/answers";
import { readLabel, writeLabel } from "./payload";
import { editorOn } from "./testing";

const base = { feature_schema_id: "t-Car", name: "Car", value: "car", annotation_kind: "ImageBoundingBox" };

const document = {
  objects: [
    {
      feature_id: "c1",
      ...base,
      bounding_box: { top: 20.5, left: 10.25, height: 40, width: 30, rotation: 3 },
      confidence: 0.5,
      custom: { nested: [1, 2, { deep: true }] },
      classifications: [
        {
          feature_id: "a1",
          feature_schema_id: "q-colour",
          name: "colour",
          value: "colour",
          later: "kept",
          radio_answer: {
            feature_id: "a2",
            feature_schema_id: "o-other",
            name: "other",
            value: "other",
            also: 1,
            classifications: [
              { feature_id: "a3", feature_schema_id: "q-which", name: "which", value: "which", text_answer: { content: "teal", lang: "en" } },
            ],
          },
        },
      ],
    },
    {
      feature_id: "c2", feature_schema_id: "t-Road", name: "Road", value: "road", annotation_kind: "ImagePolygon", classifications: [],
      polygon: [{ x: 0, y: 0 }, { x: 9, y: 0 }, { x: 9, y: 9.125 }, { x: 0, y: 0 }],
    },
    { feature_id: "c3", feature_schema_id: "t-Lane", name: "Lane", value: "lane", line: [{ x: 1, y: 2 }, { x: 3, y: 4 }], classifications: [] },
    { feature_id: "c4", feature_schema_id: "t-Sign", name: "Sign", value: "sign", point: { x: 1.5, y: 2.5 }, classifications: [] },
    { feature_id: "c5", feature_schema_id: "t-Sky", name: "Sky", value: "sky", mask: { url: "/masks/5.png", future: 1 }, classifications: [] },
    { feature_id: "c6", feature_schema_id: "t-Sky", name: "Sky", value: "sky", composite_mask: { url: "/m/c.png", color_rgb: [1, 2, 3] }, classifications: [] },
    { feature_id: "c7", feature_schema_id: "t-Sky", name: "Sky", value: "sky", mask: { size: [2, 3], counts: [1, 4, 1] }, classifications: [] },
    { feature_id: "c8", name: "Cube", value: "cube", annotation_kind: "ImageCuboid", cuboid: { corners: [1, 2, 3] } },
  ],
  classifications: [
    {
      feature_id: "g1", feature_schema_id: "q-visible", name: "visible", value: "visible",
      checklist_answers: [{ feature_id: "g2", feature_schema_id: "o-people", name: "people", value: "people", classifications: [] }],
    },
    { feature_id: "g3", name: "Rank", value: "rank", ranking_answer: [3, 1, 2] },
  ],
  relationships: [
    { feature_id: "r1", name: "on", unidirectional_relationship: { source: "c1", target: "c2" }, annotation_kind: "UnidirectionalRelationship" },
    { feature_id: "r2", name: "near", unidirectional_relationship: { source: "c3", target: "c4" } },
  ],
  schema_version: 7,
};

describe("a document", () => {
  it("that nobody changed is sent exactly as it came, unknown members and all", () => {
    expect(writeLabel(readLabel(document))).toEqual(document);
  });

  it("of nothing is an empty label", () => {
    for (const nothing of [null, undefined, {}, { objects: null }, "text"]) {
      expect(writeLabel(readLabel(nothing))).toMatchObject({ objects: [], classifications: [], relationships: [] });
    }
  });

  it("keeps unknown members of an object whose shape and answers were changed", () => {
    const editor = editorOn(readLabel(document));
    editor.selection.set(["c1"]);
    nudge(editor, 5, 0);
    const car = editor.store.get("c1");
    if (!car) throw new Error("the car is there");
    const red = optionsInView(editor.toolOf(car)?.questions ?? [], car.answers)[0];
    setAnswers(editor, "c1", red?.toggled ?? []);
    const [written] = writeLabel(editor.store.content)["objects"] as Record<string, unknown>[];
    expect(written).toMatchObject({
      feature_id: "c1",
      value: "car",
      confidence: 0.5,
      custom: { nested: [1, 2, { deep: true }] },
      bounding_box: { top: 20.5, left: 15.25, height: 40, width: 30, rotation: 3 },
      classifications: [{ feature_id: "a1", later: "kept", radio_answer: { feature_schema_id: "o-red", name: "red", classifications: [] } }],
    });
  });

  it("sends the other objects as they came when one was changed", () => {
    const editor = editorOn(readLabel(document));
    editor.selection.set(["c4"]);
    nudge(editor, 1, 1);
    const objects = writeLabel(editor.store.content)["objects"] as unknown[];
    expect(objects.filter((_, i) => i !== 3)).toEqual(document.objects.filter((_, i) => i !== 3));
    expect(objects[3]).toEqual({ ...document.objects[3], point: { x: 2.5, y: 3.5 } });
  });

  it("closes polygons on the wire", () => {
    const editor = editorOn(readLabel(document));
    editor.selection.set(["c2"]);
    nudge(editor, 1, 0);
    const road = (writeLabel(editor.store.content)["objects"] as Record<string, unknown>[])[1];
    expect(road?.["polygon"]).toEqual([{ x: 1, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 9.13 }, { x: 1, y: 0 }]);
  });

  it("drops the old class's slug and questions when the class changes", () => {
    const editor = editorOn(readLabel(document));
    const tool = editor.ontology.tools[0];
    if (!tool) throw new Error("there is a tool");
    setClass(editor, "c1", { ...tool, schemaId: "t-Bus", name: "Bus" });
    const bus = (writeLabel(editor.store.content)["objects"] as Record<string, unknown>[])[0];
    expect(bus).toMatchObject({ feature_schema_id: "t-Bus", name: "Bus", classifications: [], confidence: 0.5 });
    expect(bus).not.toHaveProperty("value");
  });

  it("loses a relationship with the object that it related, no other", () => {
    const editor = editorOn(readLabel(document));
    removeObjects(editor, ["c2"]);
    expect(writeLabel(editor.store.content)["relationships"]).toEqual([document.relationships[1]]);
    editor.undo();
    expect(writeLabel(editor.store.content)).toEqual(document);
  });

  it("gives copies ids of their own", () => {
    const editor = editorOn(readLabel(document));
    editor.selection.set(["c1"]);
    duplicateSelected(editor);
    const copy = (writeLabel(editor.store.content)["objects"] as Record<string, unknown>[]).at(-1);
    const text = JSON.stringify(copy);
    for (const id of ["c1", "a1", "a2", "a3"]) expect(text).not.toContain(`"${id}"`);
    expect(copy?.["feature_id"]).toMatch(/^c[a-z0-9]{24}$/);
    expect(text).toContain('"content":"teal"');
  });
});
