import { useEffect, useRef } from "react";
import type { Editor } from "../Editor";
import type { Point } from "../model/annotation";
import type { ToolPointer } from "../tools/Tool";
import { loadMasks } from "./maskLoader";
import { Painter } from "./Painter";
import type { DrawMedia } from "./Painter";
import styles from "./PixelSurface.module.css";

interface PixelSurfaceProps {
  readonly editor: Editor;
  /** Which asset is shown; goes into the page so that a test can see what was painted. */
  readonly assetId: string;
  readonly drawMedia: DrawMedia;
  readonly filter: string;
  readonly label: string;
  readonly onPointer: (place: Point | null) => void;
}

/** Canvas layers for pixel media, and the pointer over them. React only mounts them; it draws nothing. */
export function PixelSurface({ editor, assetId, drawMedia, filter, label, onPointer }: PixelSurfaceProps) {
  const host = useRef<HTMLDivElement>(null);
  const media = useRef<HTMLCanvasElement>(null);
  const masks = useRef<HTMLCanvasElement>(null);
  const shapes = useRef<HTMLCanvasElement>(null);
  const active = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const element = host.current;
    if (!element || !media.current || !masks.current || !shapes.current || !active.current) return;
    const painter = new Painter(editor, {
      media: media.current,
      masks: masks.current,
      shapes: shapes.current,
      active: active.current,
    });
    painter.setMedia(drawMedia, () => {
      element.dataset["painted"] = assetId;
      performance.mark("asset-painted", { detail: assetId });
    });
    const fitToFrame = () => {
      const { clientWidth, clientHeight } = element;
      painter.resize(clientWidth, clientHeight, window.devicePixelRatio);
      editor.viewport.setScreen({ width: clientWidth, height: clientHeight });
    };
    const showView = () => {
      const { scale, offset } = editor.viewport;
      element.dataset["view"] = `${scale} ${offset.x} ${offset.y}`;
    };
    const observer = new ResizeObserver(fitToFrame);
    observer.observe(element);
    fitToFrame();
    showView();
    const ends = [
      editor.viewport.changed.subscribe(showView),
      loadMasks(editor),
      listenToPointer(element, editor, painter, onPointer),
    ];
    return () => {
      observer.disconnect();
      for (const end of ends) end();
      painter.dispose();
    };
  }, [editor, assetId, drawMedia, onPointer]);

  return (
    <div ref={host} className={styles.surface} tabIndex={0} role="application" aria-label={label} data-surface>
      <canvas ref={media} className={styles.layer} style={{ filter }} />
      <canvas ref={masks} className={styles.layer} />
      <canvas ref={shapes} className={styles.layer} />
      <canvas ref={active} className={styles.layer} />
    </div>
  );
}

/** Mouse, pen and fingers: one finger works like the mouse, two pan and zoom. */
function listenToPointer(element: HTMLElement, editor: Editor, painter: Painter, onPointer: (place: Point | null) => void): () => void {
  const { viewport } = editor;
  const fingers = new Map<number, Point>();
  let panning: Point | null = null;
  let held: number | null = null;

  const screenPoint = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const pointerOf = (event: PointerEvent): ToolPointer => ({
    point: viewport.toAsset(screenPoint(event)),
    shift: event.shiftKey,
    alt: event.altKey,
  });
  const showCursor = () => {
    element.style.cursor = panning ? "grabbing" : editor.held.has("pan") ? "grab" : editor.cursor;
  };

  const pinch = (id: number, to: Point) => {
    const other = [...fingers].find(([one]) => one !== id)?.[1];
    const from = fingers.get(id);
    if (!other || !from) return;
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    viewport.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    if (before > 0) viewport.zoomAt({ x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 }, after / before);
  };

  const down = (event: PointerEvent) => {
    element.focus({ preventScroll: true });
    const at = screenPoint(event);
    if (event.pointerType === "touch") {
      fingers.set(event.pointerId, at);
      if (fingers.size > 1) {
        editor.abandonDraft();
        held = null;
        return;
      }
    }
    element.setPointerCapture(event.pointerId);
    if (event.button === 1 || editor.held.has("pan")) {
      panning = at;
    } else if (event.button === 0) {
      held = event.pointerId;
      editor.pointerDown(pointerOf(event), event.ctrlKey || event.metaKey);
    }
    event.preventDefault();
    showCursor();
  };

  const move = (event: PointerEvent) => {
    const at = screenPoint(event);
    if (fingers.size > 1 && fingers.has(event.pointerId)) {
      pinch(event.pointerId, at);
      fingers.set(event.pointerId, at);
      return;
    }
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, at);
    painter.pointer = event.pointerType === "touch" ? null : at;
    if (panning) {
      viewport.pan(at.x - panning.x, at.y - panning.y);
      panning = at;
    } else {
      // Every reported place of a quick stroke counts, not only the last one of the frame.
      const places = held === null ? [] : event.getCoalescedEvents();
      for (const place of places.length > 0 ? places : [event]) editor.pointerMove(pointerOf(place));
    }
    onPointer(viewport.toAsset(at));
    showCursor();
    painter.request("active");
  };

  const up = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    if (panning) panning = null;
    else if (held === event.pointerId) editor.pointerUp(pointerOf(event));
    held = null;
    showCursor();
  };

  const lost = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    panning = null;
    if (held === event.pointerId) editor.abandonDraft();
    held = null;
  };

  const leave = () => {
    painter.pointer = null;
    if (held === null) editor.hover.set(null);
    onPointer(null);
    painter.request("active");
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    if (event.shiftKey) {
      viewport.pan(-(event.deltaX || event.deltaY), 0);
      return;
    }
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    const pinched = event.ctrlKey ? 4 : 1;
    viewport.zoomAt(screenPoint(event), Math.exp((-event.deltaY * lines * pinched) / 500));
  };

  const ends = [editor.toolChanged.subscribe(showCursor), editor.hover.changed.subscribe(showCursor)];
  const stop = (event: Event) => {
    event.preventDefault();
  };
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", lost);
  element.addEventListener("pointerleave", leave);
  element.addEventListener("wheel", wheel, { passive: false });
  element.addEventListener("contextmenu", stop);
  showCursor();
  return () => {
    for (const end of ends) end();
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", lost);
    element.removeEventListener("pointerleave", leave);
    element.removeEventListener("wheel", wheel);
    element.removeEventListener("contextmenu", stop);
  };
}
