import type { Editor } from "./Editor";
import { boundsOf, moveWithin, resizeWithin } from "./geometry/location";
import type { ClassificationAnswer, Location, ObjectAnnotation } from "./model/annotation";
import type { ObjectChange } from "./model/label";
import { newFeatureId } from "./model/label";
import type { Tool } from "./model/ontology";

/** What people can do to a label besides drawing: each is one step of history. */

function selected(editor: Editor): ObjectAnnotation[] {
  return editor.selection.ids.flatMap((id) => editor.store.get(id) ?? []);
}

function reshapeSelected(editor: Editor, reshaped: (location: Location) => Location, kind: string): void {
  const changes = selected(editor).map((object): [string, ObjectAnnotation] => [
    object.id,
    { ...object, location: reshaped(object.location) },
  ]);
  editor.reshape(new Map(changes), `${kind} ${editor.selection.ids.join()}`);
}

/** Moves what is selected by so many pixels of the asset; with nothing selected, moves the view. */
export function nudge(editor: Editor, dx: number, dy: number): void {
  if (editor.selection.ids.length === 0) editor.viewport.pan(-dx * 40, -dy * 40);
  else reshapeSelected(editor, (location) => moveWithin(location, dx, dy, editor.size), "move");
}

export function resize(editor: Editor, dw: number, dh: number): void {
  reshapeSelected(editor, (location) => resizeWithin(location, dw, dh, editor.size), "resize");
}

/** The point under the pointer, if there is one. */
export function removeHoveredPoint(editor: Editor): boolean {
  const { grip } = editor.hover;
  const only = editor.selection.only;
  const kind = only ? editor.store.get(only)?.location.kind : null;
  if (!only || grip?.kind !== "handle" || (kind !== "polygon" && kind !== "line")) return false;
  editor.removePoint(only, grip.index);
  editor.hover.set(null);
  return true;
}

/** Del: the point under the pointer, or everything that is selected. */
export function removeSelected(editor: Editor): void {
  if (!removeHoveredPoint(editor)) removeObjects(editor, editor.selection.ids);
}

export function removeObjects(editor: Editor, ids: readonly string[]): void {
  const chosen = new Set(ids);
  const objects: ObjectChange[] = [];
  // From the last to the first, so that every index is true when its turn comes.
  editor.store.objects.forEach((before, index) => {
    if (chosen.has(before.id)) objects.unshift({ id: before.id, before, after: null, index });
  });
  if (objects.length > 0) editor.history.do({ objects, answers: null });
}

type Answers = readonly ClassificationAnswer[];

function copiesOf(answers: Answers): Answers {
  return answers.map((answer) => ({
    ...answer,
    id: newFeatureId(),
    wire: {},
    options: answer.options.map((option) => ({
      ...option,
      id: newFeatureId(),
      wire: {},
      answers: copiesOf(option.answers),
    })),
  }));
}

export function duplicateSelected(editor: Editor): void {
  const step = 12 / editor.viewport.scale;
  const copies = selected(editor)
    .filter((object) => object.location.kind !== "unknown")
    .map((object) => ({
      ...object,
      id: newFeatureId(),
      wire: {},
      location: moveWithin(object.location, step, step, editor.size),
      answers: copiesOf(object.answers),
    }));
  if (copies.length > 0) editor.addObjects(copies);
}

/** Makes an object one of another class; answers to the old class's questions go. */
export function setClass(editor: Editor, id: string, tool: Tool): void {
  const before = editor.store.get(id);
  if (!before) return;
  const after = { ...before, schemaId: tool.schemaId, name: tool.name, answers: [] };
  editor.history.do({ objects: [{ id, before, after, index: editor.store.indexOf(id) }], answers: null });
}

/** New answers: of an object, or of the whole asset (null). Typing in one field is one step. */
export function setAnswers(editor: Editor, objectId: string | null, answers: Answers, typingIn: string | null = null): void {
  const { store, history } = editor;
  const kind = typingIn === null ? null : `type ${objectId ?? ""} ${typingIn}`;
  if (objectId === null) {
    if (answers !== store.answers) history.do({ objects: [], answers: { before: store.answers, after: answers } }, kind);
    return;
  }
  const before = store.get(objectId);
  if (!before || before.answers === answers) return;
  const change = { id: objectId, before, after: { ...before, answers }, index: store.indexOf(objectId) };
  history.do({ objects: [change], answers: null }, kind);
}

/** Tab: selects the next object (or the one before) and brings it into view; false when there is none. */
export function cycle(editor: Editor, step: 1 | -1): boolean {
  const { objects } = editor.store;
  const last = editor.selection.ids.at(-1);
  const at = last === undefined ? -1 : editor.store.indexOf(last);
  const from = at === -1 && step === -1 ? 0 : at;
  const next = objects[(from + step + objects.length) % objects.length];
  if (next) choose(editor, next.id);
  return next !== undefined;
}

export function choose(editor: Editor, id: string): void {
  const object = editor.store.get(id);
  if (!object) return;
  editor.selection.set([id]);
  if (object.location.kind !== "unknown") editor.viewport.reveal(boundsOf(object.location));
}
