import { useEffect } from "react";
import { run } from "../dispatch";
import type { Flow, PanelActions } from "../dispatch";
import type { Editor } from "../Editor";
import { chordOf, hotkeyFor } from "../hotkeys";
import type { CommandId } from "../hotkeys";

function writesText(target: Element): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "range", "button"].includes(target.type);
  return target instanceof HTMLElement && target.isContentEditable;
}

/** A control reached by keyboard keeps the keys that work it. */
const keysOfControls = new Set([
  "Enter", "Space", "Tab", "Shift+Tab", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown",
]);

function focusSurface(): void {
  document.querySelector<HTMLElement>("[data-surface]")?.focus({ preventScroll: true });
}

/** Keys to commands, all from the one table. Letters stay letters while somebody writes. */
export function useHotkeys(editor: Editor, mode: "label" | "review", flow: Flow, panels: PanelActions): void {
  useEffect(() => {
    const held = new Map<string, CommandId>();

    const down = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest("dialog")) return;
      const chord = chordOf({
        key: event.key,
        code: event.code,
        ctrl: event.ctrlKey || event.metaKey,
        shift: event.shiftKey,
        alt: event.altKey,
      });
      const onSurface = target === document.body || target.closest("[data-surface]") !== null;
      if (chord === "Escape" && !onSurface) {
        focusSurface();
        event.preventDefault();
        return;
      }
      const hotkey = hotkeyFor(chord, mode);
      if (!hotkey) return;
      if (writesText(target) && !(hotkey.inFields && (chord.startsWith("Ctrl+") || chord.startsWith("F")))) return;
      if (!onSurface && keysOfControls.has(chord)) return;
      if (hotkey.hold) {
        if (!event.repeat) held.set(event.code, hotkey.command);
      } else if (event.repeat && (hotkey.group === "Flow" || hotkey.command === "help")) {
        event.preventDefault();
        return;
      }
      if (run(hotkey.command, editor, flow, panels)) event.preventDefault();
    };

    const release = (command: CommandId) => {
      if (command === "pan" || command === "hideAll" || command === "erase") editor.hold(command, false);
    };

    const up = (event: KeyboardEvent) => {
      const command = held.get(event.code);
      held.delete(event.code);
      if (command) release(command);
    };

    // A window that loses the focus never hears the key come up.
    const blur = () => {
      for (const command of held.values()) release(command);
      held.clear();
    };

    // A control worked by mouse gives the keys back to the asset.
    const click = (event: MouseEvent) => {
      if (event.detail === 0 || !(event.target instanceof Element)) return;
      const control = event.target.closest("button, input, label, [role=option]");
      if (!control || control.closest("dialog") || writesText(event.target)) return;
      if (control instanceof HTMLLabelElement && control.control && writesText(control.control)) return;
      // Buttons that open a field put the focus there themselves.
      if (document.activeElement && writesText(document.activeElement)) return;
      focusSurface();
    };

    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", blur);
    window.addEventListener("click", click);
    return () => {
      blur();
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", blur);
      window.removeEventListener("click", click);
    };
  }, [editor, mode, flow, panels]);
}
