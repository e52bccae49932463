import { useCallback, useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { Flow, PanelActions } from "./core/dispatch";
import type { Editor } from "./core/Editor";
import type { Point } from "./core/model/annotation";
import { ObjectAnswers, RowAnswers } from "./core/panels/AnswersPanel";
import { HelpSheet } from "./core/panels/HelpSheet";
import { ObjectPanel } from "./core/panels/ObjectPanel";
import { StatusBar } from "./core/panels/StatusBar";
import type { Look } from "./core/panels/StatusBar";
import { ToolPanel } from "./core/panels/ToolPanel";
import { useHotkeys } from "./core/panels/useHotkeys";
import { Signal } from "./core/state/Signal";
import type { Asset, EditorDefinition } from "./EditorDefinition";
import styles from "./Workbench.module.css";

interface WorkbenchProps {
  readonly editor: Editor;
  readonly definition: EditorDefinition;
  /** Null while it loads, or when it cannot be shown. */
  readonly asset: Asset | null;
  /** Shown in the asset's place. */
  readonly instead: ReactNode;
  readonly mode: "label" | "review";
  readonly flow: Flow;
  readonly header: ReactNode;
  /** Above the objects: remarks, notices. */
  readonly aside: ReactNode;
}

const panelSelector = "[data-panel]";
const focusable = "input, textarea, button, select";

/** The first thing in a panel that can be worked by keys. */
function focusIn(panel: Element | null): void {
  const inputs = [...(panel?.querySelectorAll<HTMLElement>(focusable) ?? [])];
  const chosen = inputs.find((input) => input instanceof HTMLInputElement && input.checked);
  (chosen ?? inputs.find((input) => input.matches("input:not([type=search]), textarea")) ?? inputs[0])?.focus();
}

/** The asset, or the panel after the one that has the focus. */
function focusNextPanel(): void {
  const panels = [...document.querySelectorAll<HTMLElement>(`[data-surface], ${panelSelector}`)];
  const at = panels.findIndex((panel) => panel.contains(document.activeElement));
  const next = panels[(at + 1) % panels.length];
  if (next?.matches("[data-surface]")) next.focus();
  else focusIn(next ?? null);
}

/** The frame around every media editor: classes left, asset centre, objects right. */
export function Workbench({ editor, definition, asset, instead, mode, flow, header, aside }: WorkbenchProps) {
  const [helping, setHelping] = useState(false);
  const [look, setLook] = useState<Look | null>(null);
  const pointer = useMemo(() => new Signal<Point | null>(), []);
  const onPointer = useCallback(
    (place: Point | null) => {
      pointer.emit(place);
    },
    [pointer],
  );
  const panels = useMemo<PanelActions>(
    () => ({
      searchClasses: () => document.querySelector<HTMLElement>("[data-class-search]")?.focus(),
      answers: () => {
        focusIn(
          document.querySelector("[data-object-answers]:has(fieldset, textarea)") ?? document.querySelector("[data-row-answers]"),
        );
      },
      nextPanel: focusNextPanel,
      brightness: () => {
        setLook((now) => (now ? null : { brightness: 100, contrast: 100 }));
      },
      help: () => {
        setHelping(true);
      },
    }),
    [],
  );
  useHotkeys(editor, mode, flow, panels);
  const { Surface } = definition;
  const filter = look ? `brightness(${look.brightness}%) contrast(${look.contrast}%)` : "none";
  return (
    <div className={styles.workbench} data-theme="dark">
      <header className={styles.header}>{header}</header>
      <div className={styles.left}>
        <ToolPanel editor={editor} />
        <RowAnswers editor={editor} />
      </div>
      <main className={styles.centre}>
        <div className={styles.asset}>
          {asset ? (
            <Surface editor={editor} asset={asset} filter={filter} onPointer={onPointer} />
          ) : (
            <div className={styles.instead}>{instead ?? <p className={styles.loading}>Loading…</p>}</div>
          )}
        </div>
        <StatusBar
          editor={editor}
          pointer={pointer}
          look={look}
          onLook={setLook}
          onHelp={() => {
            setHelping(true);
          }}
        />
      </main>
      <div className={styles.right}>
        {aside}
        <ObjectPanel editor={editor} describe={definition.describe} />
        <ObjectAnswers editor={editor} />
      </div>
      {helping ? (
        <HelpSheet
          mode={mode}
          onClose={() => {
            setHelping(false);
          }}
        />
      ) : null}
    </div>
  );
}
