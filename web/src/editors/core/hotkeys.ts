/** Every shortcut of the editor, in one table: the key handler, the buttons and the `?` sheet all read it. */

export type Scope =
  /** Always while the editor is open. */
  | "editor"
  /** Only where a label is made. */
  | "label"
  /** Only where a label is reviewed. */
  | "review";

export type CommandId =
  | "submit" | "skip" | "next" | "previous" | "approve" | "reject"
  | "class1" | "class2" | "class3" | "class4" | "class5" | "class6" | "class7" | "class8" | "class9" | "class10"
  | "class11" | "class12" | "class13" | "class14" | "class15" | "class16" | "class17" | "class18" | "class19" | "class20"
  | "searchClasses" | "select" | "repeatTool" | "eraser" | "smallerBrush" | "largerBrush" | "finish" | "cancel"
  | "removePoint" | "nextObject" | "previousObject" | "remove" | "duplicate" | "hideObject"
  | "left" | "right" | "up" | "down" | "farLeft" | "farRight" | "farUp" | "farDown"
  | "narrower" | "wider" | "shorter" | "taller" | "muchNarrower" | "muchWider" | "muchShorter" | "muchTaller"
  | "option1" | "option2" | "option3" | "option4" | "option5" | "option6" | "option7" | "option8" | "option9" | "option10"
  | "undo" | "redo" | "fit" | "actualSize" | "zoomIn" | "zoomOut" | "hideAll" | "names" | "brightness" | "pan" | "erase"
  | "answers" | "nextPanel" | "help";

export interface Hotkey {
  readonly command: CommandId;
  /** Chords such as `Ctrl+Enter`; on a Mac, Ctrl also means Command. */
  readonly keys: readonly string[];
  readonly scope: Scope;
  readonly group: "Flow" | "Classes" | "Draw" | "Select" | "Answers" | "View" | "Help";
  readonly label: string;
  /** Works while the key is down; undone when it comes up. */
  readonly hold?: true;
  /** Also works while a text field has the focus. */
  readonly inFields?: true;
}

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

function numbered(prefix: "class" | "option", from: number, chord: string, group: Hotkey["group"], label: string): Hotkey[] {
  return digits.map((digit, i) => ({
    command: `${prefix}${from + i}` as CommandId,
    keys: [`${chord}${digit}`],
    scope: "editor",
    group,
    label: `${label} ${from + i}`,
  }));
}

export const hotkeys: readonly Hotkey[] = [
  { command: "submit", keys: ["Ctrl+Enter", "E"], scope: "label", group: "Flow", label: "Submit, go to the next row", inFields: true },
  { command: "skip", keys: ["S"], scope: "label", group: "Flow", label: "Skip this row" },
  { command: "approve", keys: ["A"], scope: "review", group: "Flow", label: "Approve" },
  { command: "reject", keys: ["R"], scope: "review", group: "Flow", label: "Reject, with a remark" },
  { command: "previous", keys: ["Ctrl+["], scope: "editor", group: "Flow", label: "Back to the row before" },
  { command: "next", keys: ["Ctrl+]"], scope: "editor", group: "Flow", label: "On to the next row" },
  ...numbered("class", 1, "", "Classes", "Draw class"),
  ...numbered("class", 11, "Shift+", "Classes", "Draw class"),
  { command: "searchClasses", keys: ["/"], scope: "editor", group: "Classes", label: "Search the classes" },
  { command: "select", keys: ["V"], scope: "editor", group: "Draw", label: "Select and edit" },
  { command: "repeatTool", keys: ["B"], scope: "editor", group: "Draw", label: "Draw the last class again" },
  { command: "finish", keys: ["Enter"], scope: "editor", group: "Draw", label: "Finish the shape, or place one in the middle" },
  { command: "cancel", keys: ["Escape"], scope: "editor", group: "Draw", label: "One step back: point, tool, selection" },
  { command: "removePoint", keys: ["Backspace"], scope: "editor", group: "Draw", label: "Take the last point back; over a point, remove it" },
  { command: "eraser", keys: ["X"], scope: "editor", group: "Draw", label: "Brush or eraser" },
  { command: "erase", keys: ["Alt"], scope: "editor", group: "Draw", label: "Erase while held", hold: true },
  { command: "smallerBrush", keys: ["["], scope: "editor", group: "Draw", label: "Smaller brush" },
  { command: "largerBrush", keys: ["]"], scope: "editor", group: "Draw", label: "Larger brush" },
  { command: "nextObject", keys: ["Tab"], scope: "editor", group: "Select", label: "Next object" },
  { command: "previousObject", keys: ["Shift+Tab"], scope: "editor", group: "Select", label: "Object before" },
  { command: "remove", keys: ["Delete"], scope: "editor", group: "Select", label: "Delete the selected, or the point under the pointer" },
  { command: "duplicate", keys: ["Ctrl+D"], scope: "editor", group: "Select", label: "Duplicate" },
  { command: "hideObject", keys: ["H"], scope: "editor", group: "Select", label: "Hide or show what is selected" },
  { command: "left", keys: ["ArrowLeft"], scope: "editor", group: "Select", label: "Move by 1 pixel" },
  { command: "right", keys: ["ArrowRight"], scope: "editor", group: "Select", label: "Move by 1 pixel" },
  { command: "up", keys: ["ArrowUp"], scope: "editor", group: "Select", label: "Move by 1 pixel" },
  { command: "down", keys: ["ArrowDown"], scope: "editor", group: "Select", label: "Move by 1 pixel" },
  { command: "farLeft", keys: ["Shift+ArrowLeft"], scope: "editor", group: "Select", label: "Move by 10 pixels" },
  { command: "farRight", keys: ["Shift+ArrowRight"], scope: "editor", group: "Select", label: "Move by 10 pixels" },
  { command: "farUp", keys: ["Shift+ArrowUp"], scope: "editor", group: "Select", label: "Move by 10 pixels" },
  { command: "farDown", keys: ["Shift+ArrowDown"], scope: "editor", group: "Select", label: "Move by 10 pixels" },
  { command: "narrower", keys: ["Alt+ArrowLeft"], scope: "editor", group: "Select", label: "Resize by 1 pixel" },
  { command: "wider", keys: ["Alt+ArrowRight"], scope: "editor", group: "Select", label: "Resize by 1 pixel" },
  { command: "shorter", keys: ["Alt+ArrowUp"], scope: "editor", group: "Select", label: "Resize by 1 pixel" },
  { command: "taller", keys: ["Alt+ArrowDown"], scope: "editor", group: "Select", label: "Resize by 1 pixel" },
  { command: "muchNarrower", keys: ["Alt+Shift+ArrowLeft"], scope: "editor", group: "Select", label: "Resize by 10 pixels" },
  { command: "muchWider", keys: ["Alt+Shift+ArrowRight"], scope: "editor", group: "Select", label: "Resize by 10 pixels" },
  { command: "muchShorter", keys: ["Alt+Shift+ArrowUp"], scope: "editor", group: "Select", label: "Resize by 10 pixels" },
  { command: "muchTaller", keys: ["Alt+Shift+ArrowDown"], scope: "editor", group: "Select", label: "Resize by 10 pixels" },
  { command: "undo", keys: ["Ctrl+Z"], scope: "editor", group: "Draw", label: "Undo" },
  { command: "redo", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], scope: "editor", group: "Draw", label: "Redo" },
  ...numbered("option", 1, "Alt+", "Answers", "Choose option"),
  { command: "answers", keys: ["W"], scope: "editor", group: "Answers", label: "Go to the questions of the object, or of the row" },
  { command: "fit", keys: ["F"], scope: "editor", group: "View", label: "Fit" },
  { command: "actualSize", keys: ["Shift+F"], scope: "editor", group: "View", label: "Pixel for pixel" },
  { command: "zoomIn", keys: ["=", "+"], scope: "editor", group: "View", label: "Zoom in (or the wheel)" },
  { command: "zoomOut", keys: ["-"], scope: "editor", group: "View", label: "Zoom out (or the wheel)" },
  { command: "pan", keys: ["Space"], scope: "editor", group: "View", label: "Pan while held (or the middle button)", hold: true },
  { command: "hideAll", keys: ["Q"], scope: "editor", group: "View", label: "Hide all annotations while held", hold: true },
  { command: "names", keys: ["N"], scope: "editor", group: "View", label: "Names beside the shapes" },
  { command: "brightness", keys: ["Shift+B"], scope: "editor", group: "View", label: "Brightness and contrast" },
  { command: "nextPanel", keys: ["F6"], scope: "editor", group: "View", label: "Next panel", inFields: true },
  { command: "help", keys: ["?"], scope: "editor", group: "Help", label: "All keys" },
];

/** What a keyboard event says, without the browser's event. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

const symbols: Readonly<Record<string, string>> = { BracketLeft: "[", BracketRight: "]" };

/** The chord of a press: digits and brackets by their place on the keyboard, letters by what they write. */
export function chordOf({ key, code, ctrl, shift, alt }: KeyPress): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  const letter = /^[a-z]$/i.test(key) ? key.toUpperCase() : alt && /^Key[A-Z]$/.test(code) ? code.slice(3) : null;
  const named = key === " " ? "Space" : key.length > 1 ? key : null;
  const name = digit ?? symbols[code] ?? letter ?? named ?? key;
  // For a sign such as `?` the layout has used up Shift already.
  const isSign = !digit && !symbols[code] && !letter && !named;
  const held = name === "Alt" || name === "Shift" || name === "Control";
  return `${ctrl && !held ? "Ctrl+" : ""}${alt && !held ? "Alt+" : ""}${shift && !isSign && !held ? "Shift+" : ""}${name}`;
}

export function hotkeyFor(chord: string, mode: "label" | "review"): Hotkey | null {
  return hotkeys.find((hotkey) => hotkey.keys.includes(chord) && (hotkey.scope === "editor" || hotkey.scope === mode)) ?? null;
}

/** The keys of a command as buttons show them. */
export function keysOf(command: CommandId): readonly string[] {
  return hotkeys.find((hotkey) => hotkey.command === command)?.keys ?? [];
}

/** Two commands that would answer to one chord at the same time. */
export function collisions(table: readonly Hotkey[]): string[] {
  const found: string[] = [];
  const seen: { chord: string; hotkey: Hotkey }[] = [];
  for (const hotkey of table) {
    for (const chord of hotkey.keys) {
      for (const other of seen) {
        const together =
          other.hotkey.scope === hotkey.scope || other.hotkey.scope === "editor" || hotkey.scope === "editor";
        if (other.chord === chord && together) found.push(`${chord}: ${other.hotkey.command}, ${hotkey.command}`);
      }
      seen.push({ chord, hotkey });
    }
  }
  return found;
}
