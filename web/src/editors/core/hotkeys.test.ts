import { describe, expect, it } from "vitest";
import { chordOf, collisions, hotkeyFor, hotkeys, keysOf } from "./hotkeys";
import type { Hotkey, KeyPress } from "./hotkeys";

const press = (key: string, code: string, held: Partial<KeyPress> = {}): string =>
  chordOf({ key, code, ctrl: false, shift: false, alt: false, ...held });

describe("the table of keys", () => {
  it("has no two commands on one chord", () => {
    expect(collisions(hotkeys)).toEqual([]);
  });

  it("would find a collision, within a scope and with the editor's, but not between labeling and review", () => {
    const key = (command: Hotkey["command"], scope: Hotkey["scope"]): Hotkey => ({ command, keys: ["A"], scope, group: "Flow", label: "" });
    expect(collisions([key("skip", "label"), key("submit", "label")])).toEqual(["A: skip, submit"]);
    expect(collisions([key("fit", "editor"), key("approve", "review")])).toEqual(["A: fit, approve"]);
    expect(collisions([key("skip", "label"), key("approve", "review")])).toEqual([]);
  });

  it("has every command once", () => {
    expect(new Set(hotkeys.map(({ command }) => command)).size).toBe(hotkeys.length);
  });

  it("keeps approving out of labeling and submitting out of review", () => {
    expect(hotkeyFor("A", "label")).toBeNull();
    expect(hotkeyFor("A", "review")?.command).toBe("approve");
    expect(hotkeyFor("E", "review")).toBeNull();
    expect(hotkeyFor("Ctrl+Enter", "label")?.command).toBe("submit");
  });
});

describe("a press", () => {
  it("is a digit by its place, whatever the layout writes there", () => {
    expect(press("1", "Digit1")).toBe("1");
    expect(press("&", "Digit1")).toBe("1");
    expect(press("!", "Digit1", { shift: true })).toBe("Shift+1");
    expect(press("¡", "Digit1", { alt: true })).toBe("Alt+1");
    expect(press("7", "Numpad7")).toBe("7");
  });

  it("is a letter by what it writes", () => {
    expect(press("a", "KeyQ")).toBe("A");
    expect(press("F", "KeyF", { shift: true })).toBe("Shift+F");
    expect(press("Z", "KeyZ", { ctrl: true, shift: true })).toBe("Ctrl+Shift+Z");
  });

  it("is a sign without the Shift that made it", () => {
    expect(press("?", "Slash", { shift: true })).toBe("?");
    expect(press("+", "Equal", { shift: true })).toBe("+");
    expect(press("/", "Digit7", { shift: true })).toBe("Shift+7");
  });

  it("is a bracket by its place", () => {
    expect(press("ü", "BracketLeft")).toBe("[");
    expect(press("[", "BracketLeft", { ctrl: true })).toBe("Ctrl+[");
  });

  it("of a named key carries what is held", () => {
    expect(press("ArrowLeft", "ArrowLeft", { alt: true, shift: true })).toBe("Alt+Shift+ArrowLeft");
    expect(press(" ", "Space")).toBe("Space");
    expect(press("Alt", "AltLeft", { alt: true })).toBe("Alt");
  });

  it("finds the command that the button shows", () => {
    for (const { command } of hotkeys) {
      for (const chord of keysOf(command)) {
        const found = hotkeyFor(chord, "label") ?? hotkeyFor(chord, "review");
        expect(found?.command === command || hotkeyFor(chord, "review")?.command === command).toBe(true);
      }
    }
  });
});
