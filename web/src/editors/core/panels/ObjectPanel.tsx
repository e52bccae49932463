import { Button } from "../../../ui/Button";
import { VirtualList } from "../../../ui/VirtualList";
import { choose, removeObjects, setClass } from "../commands";
import type { Editor } from "../Editor";
import type { Location, ObjectAnnotation } from "../model/annotation";
import { KindIcon } from "./KindIcon";
import styles from "./panels.module.css";
import { useSignal } from "./useSignal";

interface ObjectPanelProps {
  readonly editor: Editor;
  readonly describe: (location: Location) => string;
}

const rowHeight = 28;

/** The label's objects as a list: the same choice as on the asset, for eyes, keys and screen readers. */
export function ObjectPanel({ editor, describe }: ObjectPanelProps) {
  useSignal(editor.store.changed);
  useSignal(editor.selection.changed);
  useSignal(editor.toolChanged);
  const { objects } = editor.store;
  const numbers = numbersOf(objects);
  const last = editor.selection.ids.at(-1);
  const only = editor.selection.only ? editor.store.get(editor.selection.only) : null;
  return (
    <section className={styles.objects} aria-label="Objects" data-panel>
      <header className={styles.head}>
        <h2>Objects</h2>
        <span className={styles.count}>{objects.length > 0 ? objects.length.toLocaleString() : ""}</span>
      </header>
      <span className="visually-hidden" aria-live="polite">
        {only ? `${only.name} ${numbers.get(only.id) ?? ""}, ${describe(only.location)}` : ""}
      </span>
      {objects.length === 0 ? (
        <p className={styles.nothing}>Nothing drawn yet. Press a class’s digit, then draw.</p>
      ) : (
        <VirtualList
          role="listbox"
          aria-label="Objects"
          aria-multiselectable
          className={styles.objectList ?? ""}
          count={objects.length}
          rowHeight={rowHeight}
          reveal={last ? editor.store.indexOf(last) : null}
          keyOf={(i) => objects[i]?.id ?? String(i)}
          row={(i) => {
            const object = objects[i];
            return object ? (
              <ObjectRow editor={editor} object={object} number={numbers.get(object.id) ?? 0} place={describe(object.location)} />
            ) : null;
          }}
        />
      )}
    </section>
  );
}

/** Counts each class for itself: Car 1, Car 2, Sign 1. */
function numbersOf(objects: readonly ObjectAnnotation[]): Map<string, number> {
  const counts = new Map<string, number>();
  return new Map(
    objects.map((object) => {
      const number = (counts.get(object.name) ?? 0) + 1;
      counts.set(object.name, number);
      return [object.id, number];
    }),
  );
}

interface ObjectRowProps {
  readonly editor: Editor;
  readonly object: ObjectAnnotation;
  readonly number: number;
  readonly place: string;
}

function ObjectRow({ editor, object, number, place }: ObjectRowProps) {
  const selected = editor.selection.has(object.id);
  const hidden = editor.hidden.has(object.id);
  const tool = editor.toolOf(object);
  const name = `${object.name} ${number}`;
  return (
    <div
      role="option"
      aria-selected={selected}
      aria-label={`${name}, ${tool?.tool ?? "object"}, ${place}${editor.isPrelabel(object) ? ", pre-label" : ""}`}
      className={`${styles.objectRow} ${selected ? styles.chosen : ""} ${hidden ? styles.hidden : ""}`}
      onClick={(event) => {
        if (event.shiftKey || event.ctrlKey) editor.selection.toggle(object.id);
        else choose(editor, object.id);
      }}
      onPointerEnter={() => {
        editor.hover.set(object.id);
      }}
      onPointerLeave={() => {
        editor.hover.set(null);
      }}
    >
      <KindIcon kind={object.location.kind} color={editor.colorOf(object)} />
      <span className={styles.name} title={name}>
        {name}
      </span>
      {editor.isPrelabel(object) ? (
        <span className={styles.prelabel} title="A pre-label: nobody has changed it yet">
          pre
        </span>
      ) : null}
      <span className={styles.place}>{place}</span>
      <button
        type="button"
        className={styles.eye}
        aria-pressed={hidden}
        aria-label={hidden ? `Show ${name}` : `Hide ${name}`}
        title={hidden ? "Show (H)" : "Hide (H)"}
        onClick={(event) => {
          event.stopPropagation();
          editor.toggleHidden([object.id]);
        }}
      >
        <EyeIcon closed={hidden} />
      </button>
    </div>
  );
}

function EyeIcon({ closed }: { readonly closed: boolean }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke="currentColor" strokeWidth="1.3" aria-hidden="true">
      <path d="M1 7s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4z" />
      <circle cx="7" cy="7" r="1.7" />
      {closed ? <path d="M2 12 12 2" /> : null}
    </svg>
  );
}

/** The selected object's class, and what can be done with what is selected. */
export function SelectionHead({ editor }: { readonly editor: Editor }) {
  useSignal(editor.store.changed);
  useSignal(editor.selection.changed);
  const { ids, only } = editor.selection;
  if (ids.length === 0) return null;
  const object = only ? editor.store.get(only) : null;
  const remove = (
    <Button
      look="quiet"
      chord="Delete"
      title="Delete what is selected"
      onClick={() => {
        removeObjects(editor, ids);
      }}
    >
      Delete
    </Button>
  );
  if (!object) {
    return (
      <header className={styles.head}>
        <h2>{ids.length} selected</h2>
        {remove}
      </header>
    );
  }
  const kind = editor.toolOf(object)?.kind ?? object.location.kind;
  const alike = editor.ontology.tools.filter((tool) => tool.kind === kind);
  const current = alike.findIndex((tool) => editor.toolOf(object) === tool);
  return (
    <header className={styles.head}>
      <select
        className={styles.classSelect}
        aria-label="Class of the selected object"
        value={current}
        onChange={(event) => {
          const tool = alike[Number(event.target.value)];
          if (tool) setClass(editor, object.id, tool);
        }}
      >
        {current === -1 ? <option value={-1}>{object.name} (not in the ontology)</option> : null}
        {alike.map((tool, i) => (
          <option key={tool.schemaId ?? tool.name} value={i}>
            {tool.name}
          </option>
        ))}
      </select>
      {remove}
    </header>
  );
}
