import { useEffect, useRef } from "react";
import { Button } from "../../../ui/Button";
import type { Editor } from "../Editor";
import { keysOf } from "../hotkeys";
import type { Point } from "../model/annotation";
import type { Tool } from "../model/ontology";
import type { Signal } from "../state/Signal";
import styles from "./panels.module.css";
import { useSignal } from "./useSignal";

export interface Look {
  /** Percent; 100 leaves the asset as it is. */
  readonly brightness: number;
  readonly contrast: number;
}

interface StatusBarProps {
  readonly editor: Editor;
  readonly pointer: Signal<Point | null>;
  readonly look: Look | null;
  readonly onLook: (look: Look | null) => void;
  readonly onHelp: () => void;
}

/** How the armed tool is used, in a line. */
function hintOf(armed: Tool | null): string {
  switch (armed?.kind) {
    case "rectangle":
      return "Drag, or click two corners";
    case "polygon":
      return "Click points or drag; Enter closes";
    case "line":
      return "Click points or drag; Enter ends";
    case "point":
      return "Click to place";
    case "mask":
      return "Paint; Alt erases, Enter begins another";
    default:
      return "";
  }
}

/** Under the asset: drawing tool, brush, view. */
export function StatusBar({ editor, pointer, look, onLook, onHelp }: StatusBarProps) {
  useSignal(editor.toolChanged);
  const { armed, brush } = editor;
  const key = (command: Parameters<typeof keysOf>[0]) => keysOf(command)[0];
  return (
    <footer className={styles.statusBar}>
      <Button look="quiet" chord={key("select")} title="Select and edit" pressed={armed === null} onClick={() => { editor.arm(null); }}>
        Select
      </Button>
      <Button look="quiet" chord={key("repeatTool")} title="Draw" pressed={armed !== null} onClick={() => { editor.armLast(); }}>
        <span className={styles.drawn}>{armed ? `Draw ${armed.name}` : "Draw"}</span>
      </Button>
      {armed?.kind === "mask" ? (
        <>
          <Button look="quiet" chord={key("eraser")} title="Erase (or hold Alt)" pressed={brush.erasing} onClick={() => { editor.setEraser(!brush.erasing); }}>
            Eraser
          </Button>
          <label className={styles.slider} title="Brush size ([ and ])">
            <span>Size</span>
            <input
              type="range"
              min={1}
              max={200}
              value={Math.min(200, brush.radius)}
              onChange={(event) => {
                editor.setBrush(Number(event.target.value));
              }}
            />
            <output className="number">{brush.radius}</output>
          </label>
        </>
      ) : null}
      {look ? (
        <span className={styles.looks}>
          <label className={styles.slider}>
            <span>Brightness</span>
            <input type="range" min={20} max={300} value={look.brightness} onChange={(event) => { onLook({ ...look, brightness: Number(event.target.value) }); }} />
          </label>
          <label className={styles.slider}>
            <span>Contrast</span>
            <input type="range" min={20} max={300} value={look.contrast} onChange={(event) => { onLook({ ...look, contrast: Number(event.target.value) }); }} />
          </label>
        </span>
      ) : null}
      <span className={styles.hint}>{look ? "" : hintOf(armed)}</span>
      <Place editor={editor} pointer={pointer} />
      <Button look="quiet" icon chord={key("brightness")} title="Brightness and contrast" pressed={look !== null} onClick={() => { onLook(look ? null : { brightness: 100, contrast: 100 }); }}>
        ☼
      </Button>
      <Button look="quiet" chord={key("fit")} title="Fit the picture" onClick={() => { editor.viewport.fit(); }}>
        Fit
      </Button>
      <Button look="quiet" chord={key("help")} title="All keys" onClick={onHelp}>
        Keys
      </Button>
    </footer>
  );
}

/** Zoom and pointer; written straight into the page, as they change with every move. */
function Place({ editor, pointer }: { readonly editor: Editor; readonly pointer: Signal<Point | null> }) {
  const zoom = useRef<HTMLSpanElement>(null);
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const showZoom = () => {
      if (zoom.current) zoom.current.textContent = `${Math.round(editor.viewport.scale * 100)}%`;
    };
    const showPlace = (at: Point | null) => {
      if (place.current) place.current.textContent = at ? `${Math.floor(at.x)}, ${Math.floor(at.y)}` : "";
    };
    showZoom();
    const ends = [editor.viewport.changed.subscribe(showZoom), pointer.subscribe(showPlace)];
    return () => {
      for (const end of ends) end();
    };
  }, [editor, pointer]);
  return (
    <span className={`${styles.placeNow} number`}>
      <span ref={place} />
      <span ref={zoom} title="Zoom" />
    </span>
  );
}
