import { describe, expect, it } from "vitest";
import { cycle, duplicateSelected, nudge, removeSelected, resize, setAnswers, setClass } from "../commands";
import type { Editor } from "../Editor";
import { optionsInView, withText } from "../model/answers";
import { writeLabel } from "../payload";
import { chance, click, drag, editorOn } from "../testing";

type Step = (editor: Editor, random: () => number) => void;

const place = (random: () => number) => ({ x: random() * 400, y: random() * 300 });

const steps: readonly Step[] = [
  (editor, random) => {
    editor.armNumber(1);
    drag(editor, place(random), place(random));
  },
  (editor, random) => {
    editor.armNumber(2 + Math.floor(random() * 2));
    for (let i = 0; i < 5; i++) {
      const { x, y } = place(random);
      click(editor, x, y);
      if (random() < 0.2) editor.undo();
      if (random() < 0.1) editor.redo();
    }
    editor.finish();
  },
  (editor, random) => {
    editor.armNumber(4);
    const { x, y } = place(random);
    click(editor, x, y);
  },
  (editor, random) => {
    if (editor.armed?.name !== "Sky") editor.armNumber(5);
    drag(editor, place(random), place(random), random() < 0.4);
  },
  (editor, random) => {
    editor.arm(null);
    const { x, y } = place(random);
    click(editor, x, y, { shift: random() < 0.3 });
  },
  (editor, random) => {
    editor.arm(null);
    drag(editor, place(random), place(random));
  },
  (editor) => {
    cycle(editor, 1);
  },
  (editor, random) => {
    if (editor.selection.ids.length > 0) nudge(editor, Math.round(random() * 20 - 10), 1);
  },
  (editor, random) => {
    resize(editor, Math.round(random() * 20 - 10), 3);
  },
  (editor, random) => {
    if (random() < 0.5) removeSelected(editor);
  },
  duplicateSelected,
  (editor, random) => {
    const id = editor.selection.only;
    const tool = editor.ontology.tools[Math.floor(random() * 5)];
    if (id && tool) setClass(editor, id, tool);
  },
  (editor, random) => {
    const options = optionsInView(editor.ontology.questions, editor.store.answers);
    const option = options[Math.floor(random() * options.length)];
    if (option) setAnswers(editor, null, option.toggled);
  },
  (editor, random) => {
    const notes = editor.ontology.questions[1];
    if (notes) setAnswers(editor, null, withText(notes, String(random()), editor.store.answers), "notes");
  },
  (editor) => {
    const object = editor.store.get(editor.selection.only ?? "");
    const questions = object ? (editor.toolOf(object)?.questions ?? []) : [];
    const option = object ? optionsInView(questions, object.answers)[1] : null;
    if (object && option) setAnswers(editor, object.id, option.toggled);
  },
  (editor) => {
    editor.undo();
  },
  (editor) => {
    editor.redo();
  },
];

const written = (editor: Editor) => JSON.stringify(writeLabel(editor.store.content));

describe("history", () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))("takes back whatever was done (sequence %i)", (seed) => {
    const random = chance(seed + 100);
    const editor = editorOn();
    const start = written(editor);
    for (let i = 0; i < 60; i++) steps[Math.floor(random() * steps.length)]?.(editor, random);
    // Only now is nothing half drawn, and nothing undone.
    editor.arm(null);
    while (editor.history.canRedo) editor.history.redo();
    const end = written(editor);
    const forms = [end];
    while (editor.history.canUndo) {
      editor.history.undo();
      forms.push(written(editor));
    }
    expect(forms.at(-1)).toBe(start);
    expect(forms.length).toBeGreaterThan(5);
    for (let i = forms.length - 2; i >= 0; i--) {
      editor.history.redo();
      expect(written(editor)).toBe(forms[i]);
    }
    expect(editor.history.canRedo).toBe(false);
  });

  it("makes one step of typing and one of nudging", () => {
    const editor = editorOn();
    editor.armNumber(1);
    drag(editor, { x: 10, y: 10 }, { x: 50, y: 50 });
    for (let i = 0; i < 5; i++) nudge(editor, 1, 0);
    const notes = editor.ontology.questions[1];
    if (!notes) throw new Error("the ontology has notes");
    for (const text of ["a", "ab", "abc"]) setAnswers(editor, null, withText(notes, text, editor.store.answers), "notes");
    editor.undo();
    expect(editor.store.answers).toEqual([]);
    editor.undo();
    expect(editor.store.objects[0]?.location).toMatchObject({ x: 10, y: 10 });
    editor.undo();
    expect(editor.store.size).toBe(0);
  });

  it("forgets what was undone once something else is done", () => {
    const editor = editorOn();
    editor.armNumber(4);
    click(editor, 10, 10);
    editor.undo();
    click(editor, 20, 20);
    editor.redo();
    expect(editor.store.objects.map(({ location }) => location)).toEqual([{ kind: "point", x: 20, y: 20 }]);
  });
});
