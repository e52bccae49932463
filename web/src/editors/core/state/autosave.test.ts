import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { browserJournal } from "../../../api/browserStorage";
import { duplicateSelected, nudge, removeObjects, setAnswers } from "../commands";
import { withText } from "../model/answers";
import type { WireObject } from "../model/annotation";
import { readLabel, writeLabel } from "../payload";
import { chance, click, drag, editorOn } from "../testing";
import { Autosave, withJournal } from "./autosave";
import type { AutosaveOptions } from "./autosave";

let row = "";
let rows = 0;
beforeEach(() => {
  row = `row ${++rows}`;
});

function options(send: AutosaveOptions["send"]): AutosaveOptions {
  return { row, journal: browserJournal, send, seconds: () => 1, delayMs: 5 };
}

const start = {
  objects: [
    { feature_id: "c1", feature_schema_id: "t-Sign", name: "Sign", point: { x: 5, y: 5 }, classifications: [], kept: 1 },
    { feature_id: "c2", feature_schema_id: "t-Sign", name: "Sign", point: { x: 50, y: 5 }, classifications: [] },
  ],
  classifications: [],
  relationships: [],
};

describe("the journal", () => {
  it.each([1, 2, 3, 4, 5])("gives back every change after a killed tab (sequence %i)", async (seed) => {
    const random = chance(seed);
    const editor = editorOn(readLabel(start));
    const autosave = new Autosave(editor.store, options(() => Promise.reject(new Error("offline"))));
    const notes = editor.ontology.questions[1];
    if (!notes) throw new Error("the ontology has notes");
    for (let i = 0; i < 30; i++) {
      const roll = random();
      if (roll < 0.3) {
        editor.armNumber(4);
        click(editor, random() * 400, random() * 300);
      } else if (roll < 0.5) {
        editor.armNumber(1);
        drag(editor, { x: random() * 400, y: random() * 300 }, { x: random() * 400, y: random() * 300 });
      } else if (roll < 0.6) removeObjects(editor, [editor.store.objects[Math.floor(random() * editor.store.size)]?.id ?? ""]);
      else if (roll < 0.7) nudge(editor, 2, 2);
      else if (roll < 0.8) duplicateSelected(editor);
      else if (roll < 0.9) setAnswers(editor, null, withText(notes, String(random()), editor.store.answers));
      else editor.undo();
    }
    // The tab is gone: nothing of it is asked to finish but what the browser's database was handed.
    await autosave.stop();
    const recovered = withJournal(start, await browserJournal.read(row)) as { objects: WireObject[]; classifications: unknown };
    const wanted = writeLabel(editor.store.content) as unknown as { objects: WireObject[]; classifications: unknown };
    const byId = (objects: WireObject[]) => new Map(objects.map((object) => [object["feature_id"], object]));
    expect(byId(recovered.objects)).toEqual(byId(wanted.objects));
    expect(recovered.classifications).toEqual(wanted.classifications);
  });

  it("keeps rows apart", async () => {
    await browserJournal.record(row, [{ key: "c1", value: null, index: 0, sequence: 1 }]);
    await browserJournal.record(`${row}1`, [{ key: "c1", value: null, index: 0, sequence: 1 }]);
    await browserJournal.forget(row, Infinity);
    expect(await browserJournal.read(row)).toEqual([]);
    expect(await browserJournal.read(`${row}1`)).toHaveLength(1);
  });
});

describe("autosave", () => {
  it("says saved only when the server has the latest change, and then empties the journal", async () => {
    const editor = editorOn(readLabel(start));
    const sent: unknown[] = [];
    const autosave = new Autosave(editor.store, options((document) => {
      sent.push(document);
      return Promise.resolve();
    }));
    editor.armNumber(4);
    click(editor, 10, 20);
    expect(autosave.state).toBe("saving");
    await vi.waitFor(() => {
      expect(autosave.state).toBe("saved");
    });
    expect(sent.at(-1)).toEqual(writeLabel(editor.store.content));
    await vi.waitFor(async () => {
      expect(await browserJournal.read(row)).toEqual([]);
    });
    await autosave.stop();
  });

  it("keeps trying when the server is away, and says that the work is kept here", async () => {
    const editor = editorOn();
    let fail = true;
    const autosave = new Autosave(editor.store, options(() => (fail ? Promise.reject(new Error("offline")) : Promise.resolve())));
    editor.armNumber(4);
    click(editor, 10, 20);
    await vi.waitFor(() => {
      expect(autosave.state).toBe("kept");
    });
    expect(await browserJournal.read(row)).toHaveLength(1);
    fail = false;
    autosave.flush();
    await vi.waitFor(() => {
      expect(autosave.state).toBe("saved");
    });
    await autosave.stop();
  });

  it("does not lose a change made while the one before was under way", async () => {
    const editor = editorOn();
    let release: () => void = () => undefined;
    const sent: WireObject[] = [];
    const autosave = new Autosave(editor.store, options((document) => {
      sent.push(document);
      return sent.length === 1 ? new Promise((resolve) => (release = resolve)) : Promise.resolve();
    }));
    editor.armNumber(4);
    click(editor, 10, 20);
    await vi.waitFor(() => {
      expect(sent).toHaveLength(1);
    });
    click(editor, 30, 40);
    release();
    await vi.waitFor(() => {
      expect(autosave.state).toBe("saved");
    });
    expect(sent.at(-1)).toEqual(writeLabel(editor.store.content));
    await autosave.stop();
  });
});
