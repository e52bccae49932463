/** What the core's own tests share: a repeatable chance, an ontology, a pointer. */
import { Editor } from "./Editor";
import type { Point } from "./model/annotation";
import { emptyLabel } from "./model/label";
import type { LabelContent } from "./model/label";
import { readOntology } from "./model/ontology";
import type { Ontology } from "./model/ontology";

/** Mulberry32: the same numbers for the same seed. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const text = (name: string) => ({ type: "text", instructions: name, name, required: false, options: [], featureSchemaId: `q-${name}` });
const option = (label: string, options: unknown[] = []) => ({ label, value: label, featureSchemaId: `o-${label}`, options });

export function streetOntology(): Ontology {
  const tool = (kind: string, name: string, classifications: unknown[] = []) => ({
    tool: kind, name, color: "#ff0000", required: false, featureSchemaId: `t-${name}`, classifications,
  });
  const colour = {
    type: "radio", instructions: "Colour", name: "colour", required: false, featureSchemaId: "q-colour",
    options: [option("red"), option("other", [text("which")])],
  };
  const visible = {
    type: "checklist", instructions: "Visible", name: "visible", required: true, featureSchemaId: "q-visible",
    options: [option("people"), option("animals")],
  };
  return readOntology({
    tools: [
      tool("rectangle", "Car", [colour]),
      tool("polygon", "Road"),
      tool("line", "Lane"),
      tool("point", "Sign"),
      tool("superpixel", "Sky"),
    ],
    classifications: [visible, text("notes")],
  });
}

/** An editor on a picture of 400 x 300, shown pixel for pixel from the screen's corner. */
export function editorOn(content: LabelContent = emptyLabel, ontology = streetOntology()): Editor {
  const editor = new Editor(ontology, content);
  editor.viewport.setScreen({ width: 400, height: 300 });
  editor.viewport.setAsset({ width: 400, height: 300 });
  editor.viewport.actualSize();
  return editor;
}

const at = (point: Point) => ({ point, shift: false, alt: false });

export function click(editor: Editor, x: number, y: number, keys: { alt?: boolean; shift?: boolean } = {}): void {
  editor.pointerMove({ ...at({ x, y }), ...keys });
  editor.pointerDown({ ...at({ x, y }), ...keys }, false);
  editor.pointerUp({ ...at({ x, y }), ...keys });
}

export function drag(editor: Editor, from: Point, to: Point, alt = false): void {
  editor.pointerMove({ ...at(from), alt });
  editor.pointerDown({ ...at(from), alt }, false);
  for (let i = 1; i <= 4; i++) {
    editor.pointerMove({ ...at({ x: from.x + ((to.x - from.x) * i) / 4, y: from.y + ((to.y - from.y) * i) / 4 }), alt });
  }
  editor.pointerUp({ ...at(to), alt });
}
