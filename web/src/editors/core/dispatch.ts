import { cycle, duplicateSelected, nudge, removeHoveredPoint, removeSelected, resize, setAnswers } from "./commands";
import type { Editor } from "./Editor";
import type { CommandId } from "./hotkeys";
import { optionsInView } from "./model/answers";

/** What the page around the editor does. */
export interface Flow {
  submit(): void;
  skip(): void;
  approve(): void;
  reject(): void;
  next(): void;
  previous(): void;
}

/** What only the panels can do. */
export interface PanelActions {
  searchClasses(): void;
  answers(): void;
  nextPanel(): void;
  brightness(): void;
  help(): void;
}

const zoomStep = 1.25;

function zoom(editor: Editor, factor: number): void {
  const { width, height } = editor.viewport.screen;
  editor.viewport.zoomAt({ x: width / 2, y: height / 2 }, factor);
}

/** The questions that Alt+digit answers: the selected object's if it has any, else the row's. */
export function activeForm(editor: Editor): string | null {
  const only = editor.selection.only;
  const object = only ? editor.store.get(only) : null;
  return object && (editor.toolOf(object)?.questions.length ?? 0) > 0 ? object.id : null;
}

function chooseOption(editor: Editor, number: number): void {
  const id = activeForm(editor);
  const object = id ? editor.store.get(id) : null;
  const questions = object ? (editor.toolOf(object)?.questions ?? []) : editor.ontology.questions;
  const option = optionsInView(questions, object ? object.answers : editor.store.answers)[number - 1];
  if (option) setAnswers(editor, id, option.toggled);
}

const moves: Partial<Record<CommandId, readonly [number, number]>> = {
  left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1],
  farLeft: [-10, 0], farRight: [10, 0], farUp: [0, -10], farDown: [0, 10],
};

const resizes: Partial<Record<CommandId, readonly [number, number]>> = {
  narrower: [-1, 0], wider: [1, 0], shorter: [0, -1], taller: [0, 1],
  muchNarrower: [-10, 0], muchWider: [10, 0], muchShorter: [0, -10], muchTaller: [0, 10],
};

/** Does what a key, a button or a menu asks for; false when there was nothing to do and the key is free. */
export function run(command: CommandId, editor: Editor, flow: Flow, panels: PanelActions): boolean {
  const move = moves[command];
  if (move) {
    nudge(editor, ...move);
    return true;
  }
  const change = resizes[command];
  if (change) {
    resize(editor, ...change);
    return true;
  }
  const numbered = /^(class|option)(\d+)$/.exec(command);
  if (numbered) {
    const number = Number(numbered[2]);
    if (numbered[1] === "class") editor.armNumber(number);
    else chooseOption(editor, number);
    return true;
  }
  switch (command) {
    case "submit":
    case "skip":
    case "approve":
    case "reject":
    case "next":
    case "previous":
      flow[command]();
      return true;
    case "searchClasses":
    case "answers":
    case "nextPanel":
    case "brightness":
    case "help":
      panels[command]();
      return true;
    case "select":
      editor.arm(null);
      return true;
    case "repeatTool":
      editor.armLast();
      return true;
    case "eraser":
      editor.setEraser(!editor.brush.erasing);
      return true;
    case "smallerBrush":
      editor.setBrush(Math.min(editor.brush.radius - 1, editor.brush.radius / zoomStep));
      return true;
    case "largerBrush":
      editor.setBrush(Math.max(editor.brush.radius + 1, editor.brush.radius * zoomStep));
      return true;
    case "finish":
      editor.finish();
      return true;
    case "cancel":
      editor.cancel();
      return true;
    case "removePoint":
      if (editor.draft) editor.undo();
      else removeHoveredPoint(editor);
      return true;
    case "nextObject":
      return cycle(editor, 1);
    case "previousObject":
      return cycle(editor, -1);
    case "remove":
      removeSelected(editor);
      return true;
    case "duplicate":
      duplicateSelected(editor);
      return true;
    case "hideObject":
      editor.toggleHidden(editor.selection.ids);
      return true;
    case "undo":
      editor.undo();
      return true;
    case "redo":
      editor.redo();
      return true;
    case "fit":
      editor.viewport.fit();
      return true;
    case "actualSize":
      editor.viewport.actualSize();
      return true;
    case "zoomIn":
      zoom(editor, zoomStep);
      return true;
    case "zoomOut":
      zoom(editor, 1 / zoomStep);
      return true;
    case "names":
      editor.toggleNames();
      return true;
    case "pan":
    case "hideAll":
    case "erase":
      editor.hold(command, true);
      return true;
    default:
      return false;
  }
}
