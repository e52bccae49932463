import { Dialog } from "../../../ui/Dialog";
import { Kbd } from "../../../ui/Kbd";
import { hotkeys } from "../hotkeys";
import type { Hotkey } from "../hotkeys";
import styles from "./panels.module.css";

interface Line {
  readonly label: string;
  readonly keys: readonly string[];
}

/** Commands that differ only in a direction or a number share one line. */
function linesOf(group: readonly Hotkey[]): Line[] {
  const lines = new Map<string, string[]>();
  for (const { label, keys } of group) {
    const common = label.replace(/ \d+$/, "");
    lines.set(common, [...(lines.get(common) ?? []), ...keys]);
  }
  return [...lines].map(([label, keys]) => ({ label, keys: keys.length > 4 ? [keys[0] ?? "", "…", keys.at(-1) ?? ""] : keys }));
}

const groups: readonly Hotkey["group"][] = ["Flow", "Classes", "Answers", "View", "Help", "Draw", "Select"];

/** Every key, generated from the table that the key handler reads. */
export function HelpSheet({ mode, onClose }: { readonly mode: "label" | "review"; readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className={styles.sheet}>
        {groups.map((group) => (
          <section key={group} className={styles.sheetGroup}>
            <h3>{group}</h3>
            <dl>
              {linesOf(hotkeys.filter((hotkey) => hotkey.group === group && (hotkey.scope === "editor" || hotkey.scope === mode))).map(
                ({ label, keys }) => (
                  <div key={label} className={styles.sheetLine}>
                    <dt>{label}</dt>
                    <dd>{keys.map((key) => (key === "…" ? "…" : <Kbd key={key} chord={key} />))}</dd>
                  </div>
                ),
              )}
            </dl>
          </section>
        ))}
        <p className={styles.sheetNote}>Hold Ctrl to select and edit while a class is armed. Double-click ends a polygon or line.</p>
      </div>
    </Dialog>
  );
}
