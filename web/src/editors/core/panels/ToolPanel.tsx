import { useRef, useState } from "react";
import { Kbd } from "../../../ui/Kbd";
import type { Editor } from "../Editor";
import { keysOf } from "../hotkeys";
import type { CommandId } from "../hotkeys";
import { toolOf } from "../model/ontology";
import type { Tool } from "../model/ontology";
import { canDraw } from "../tools/registry";
import { KindIcon } from "./KindIcon";
import styles from "./panels.module.css";
import { useSignal } from "./useSignal";

function countsOf(editor: Editor): Map<Tool, number> {
  const counts = new Map<Tool, number>();
  for (const object of editor.store.objects) {
    const tool = toolOf(editor.ontology, object);
    if (tool) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  }
  return counts;
}

/** The ontology's tools: what can be drawn, with the key that arms it and how many there are. */
export function ToolPanel({ editor }: { readonly editor: Editor }) {
  useSignal(editor.store.changed);
  useSignal(editor.toolChanged);
  const [search, setSearch] = useState("");
  const searchField = useRef<HTMLInputElement>(null);
  const counts = countsOf(editor);
  const { tools } = editor.ontology;
  const found = tools.filter((tool) => tool.name.toLowerCase().includes(search.trim().toLowerCase()));
  const arm = (tool: Tool) => {
    editor.arm(tool);
    setSearch("");
  };
  return (
    <section className={styles.section} aria-label="Classes" data-panel>
      <header className={styles.head}>
        <h2>Classes</h2>
        <input
          ref={searchField}
          className={styles.search}
          type="search"
          data-class-search
          placeholder="Search"
          aria-label="Search the classes"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
          }}
          onKeyDown={(event) => {
            const first = found[0];
            if (event.key !== "Enter" || !first) return;
            event.preventDefault();
            arm(first);
            document.querySelector<HTMLElement>("[data-surface]")?.focus();
          }}
        />
        <Kbd chord="/" />
      </header>
      <ul className={styles.classes}>
        {found.map((tool) => {
          const number = tools.indexOf(tool) + 1;
          const chord = number <= 20 ? keysOf(`class${number}` as CommandId)[0] : undefined;
          const armed = editor.armed === tool;
          return (
            <li key={tool.schemaId ?? tool.name}>
              <button
                type="button"
                className={`${styles.classRow} ${armed ? styles.armed : ""}`}
                aria-pressed={armed}
                disabled={!canDraw(tool.kind)}
                title={canDraw(tool.kind) ? `Draw ${tool.name}${chord ? ` (${chord})` : ""}` : `${tool.tool}: not drawn in this editor`}
                onClick={() => {
                  arm(tool);
                }}
              >
                <span className={styles.keyColumn}>{chord ? <Kbd chord={chord.replace("Shift+", "⇧")} /> : null}</span>
                <KindIcon kind={tool.kind} color={tool.color} />
                <span className={styles.name}>
                  {tool.name}
                  {tool.required ? <span className={styles.required}> *</span> : null}
                </span>
                <span className={styles.count}>{counts.get(tool) ?? ""}</span>
              </button>
            </li>
          );
        })}
        {found.length === 0 ? (
          <li className={styles.nothing}>{tools.length === 0 ? "This ontology has no objects to draw." : "No class has that name."}</li>
        ) : null}
      </ul>
    </section>
  );
}
