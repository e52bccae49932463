import { defaultLocation } from "./geometry/defaultLocation";
import { boundsOf, clampTo, extentOf, handlesOf, hits } from "./geometry/location";
import type { PixelRect } from "./geometry/MaskRaster";
import { distance } from "./geometry/point";
import { fewestPointsOfLine, nearestEdge, withoutPoint } from "./geometry/polyline";
import { fewestPointsOfPolygon } from "./geometry/polygon";
import { SpatialIndex } from "./geometry/spatialIndex";
import type { Bounds, Location, ObjectAnnotation, Point } from "./model/annotation";
import type { Change, LabelContent, ObjectChange } from "./model/label";
import { newFeatureId } from "./model/label";
import { isOf, toolOf } from "./model/ontology";
import type { Ontology, Tool } from "./model/ontology";
import { AnnotationStore } from "./state/AnnotationStore";
import { Hover } from "./state/Hover";
import type { Grip } from "./state/Hover";
import { Selection } from "./state/Selection";
import { Signal } from "./state/Signal";
import { UndoStack } from "./state/UndoStack";
import { canDraw, drawingTool } from "./tools/registry";
import { Idle as SelectIdle } from "./tools/select/Idle";
import type { Board, Draft, ToolPointer, ToolState } from "./tools/Tool";
import { Viewport } from "./viewport/Viewport";

/** How near the pointer must come, in screen pixels. */
const reach = 7;

export type HeldCommand = "pan" | "hideAll" | "erase";

/** One label being made in one view: the store and everything that acts on it, without a page. */
export class Editor implements Board {
  readonly store: AnnotationStore;
  readonly history: UndoStack;
  readonly selection = new Selection();
  readonly hover = new Hover();
  readonly viewport = new Viewport();
  /** The armed class, the brush, what is hidden: what the panels show besides the label. */
  readonly toolChanged = new Signal();
  /** The draft on the canvas has changed. */
  readonly draftChanged = new Signal();
  readonly strokeChanged = new Signal<PixelRect>();
  readonly said = new Signal<string>();
  private readonly index = new SpatialIndex();
  private readonly toolsById = new Map<string, Tool | null>();
  private readonly fromPrelabels: ReadonlySet<ObjectAnnotation>;
  private armedTool: Tool | null = null;
  private lastArmed: Tool | null = null;
  private state: ToolState;
  private brushRadius = 16;
  private eraser = false;
  private hiddenIds: ReadonlySet<string> = new Set();
  private namesShown = false;
  private readonly heldKeys = new Set<HeldCommand>();

  constructor(
    readonly ontology: Ontology,
    content: LabelContent,
    options: { readonly prelabels?: boolean } = {},
  ) {
    this.store = new AnnotationStore(content);
    this.history = new UndoStack(this.store);
    this.fromPrelabels = new Set(options.prelabels ? content.objects : []);
    this.state = new SelectIdle(this);
    this.index.rebuild(content.objects);
    this.store.changed.subscribe((change) => {
      this.follow(change);
    });
  }

  private follow(change: Change): void {
    for (const { id, after } of change.objects) this.index.update(id, after);
    if (this.index.needsRebuild) this.index.rebuild(this.store.objects);
    this.selection.set(this.selection.ids.filter((id) => this.store.get(id)));
    const hovered = this.hover.id;
    if (hovered && change.objects.some(({ id }) => id === hovered)) this.hover.set(null);
  }

  /** Masks' pixels have arrived (or will not): they can be found from now on. No change of the label. */
  masksArrived(objects: readonly ObjectAnnotation[]): void {
    for (const object of objects) this.index.update(object.id, object);
    this.toolChanged.emit();
  }

  // --- what can be seen -------------------------------------------------------------------------

  get size() {
    return this.viewport.asset;
  }

  get tolerance(): number {
    return reach / this.viewport.scale;
  }

  get draft(): Draft | null {
    return this.state.draft;
  }

  get cursor(): string {
    return this.state.cursor;
  }

  get armed(): Tool | null {
    return this.armedTool;
  }

  get brush() {
    return { radius: this.brushRadius, erasing: this.eraser || this.heldKeys.has("erase") };
  }

  /** Commands whose key is down just now. */
  get held(): ReadonlySet<HeldCommand> {
    return this.heldKeys;
  }

  hold(command: HeldCommand, down: boolean): void {
    if (this.heldKeys.has(command) === down) return;
    if (down) this.heldKeys.add(command);
    else this.heldKeys.delete(command);
    this.toolChanged.emit();
    this.draftChanged.emit();
  }

  get hidden(): ReadonlySet<string> {
    return this.hiddenIds;
  }

  get showsNames(): boolean {
    return this.namesShown;
  }

  toolOf(object: ObjectAnnotation): Tool | null {
    const key = object.schemaId ?? object.name;
    let tool = this.toolsById.get(key);
    if (tool === undefined) {
      tool = toolOf(this.ontology, object);
      this.toolsById.set(key, tool);
    }
    return tool;
  }

  colorOf(object: ObjectAnnotation): string {
    return this.toolOf(object)?.color ?? "#9aa0ab";
  }

  /** Came as a pre-label and was not touched since. */
  isPrelabel(object: ObjectAnnotation): boolean {
    return this.fromPrelabels.has(object);
  }

  objectAt(point: Point): ObjectAnnotation | null {
    const t = this.tolerance;
    const near: Bounds = { minX: point.x - t, minY: point.y - t, maxX: point.x + t, maxY: point.y + t };
    let best: ObjectAnnotation | null = null;
    let bestExtent = Infinity;
    for (const id of this.index.within(near)) {
      const object = this.store.get(id);
      if (!object || this.hiddenIds.has(id) || !hits(object.location, point, t)) continue;
      const extent = extentOf(object.location);
      if (extent <= bestExtent) {
        best = object;
        bestExtent = extent;
      }
    }
    return best;
  }

  /** Objects near `area`, lowest first. */
  objectsNear(area: Bounds): ObjectAnnotation[] {
    const ids = this.index.within(area);
    const found = ids.flatMap((id) => this.store.get(id) ?? []);
    // Who lies above whom is seen among few; among thousands the sort would cost more than it shows.
    if (found.length > 2000) return found;
    return found.sort((a, b) => this.store.indexOf(a.id) - this.store.indexOf(b.id));
  }

  objectsWithin(area: Bounds): ObjectAnnotation[] {
    return this.objectsNear(area).filter((object) => {
      const { minX, minY, maxX, maxY } = boundsOf(object.location);
      const inside = minX >= area.minX && minY >= area.minY && maxX <= area.maxX && maxY <= area.maxY;
      return inside && !this.hiddenIds.has(object.id);
    });
  }

  gripAt(point: Point): Grip | null {
    const only = this.selection.only;
    const object = only ? this.store.get(only) : null;
    if (!object || this.hiddenIds.has(object.id)) return null;
    let best: Grip | null = null;
    let bestDistance = this.tolerance;
    handlesOf(object.location).forEach((at, index) => {
      const away = distance(at, point);
      if (away <= bestDistance) {
        best = { kind: "handle", index, at };
        bestDistance = away;
      }
    });
    const { location } = object;
    if (best || (location.kind !== "polygon" && location.kind !== "line")) return best;
    const edge = nearestEdge(location.points, location.kind === "polygon", point, this.tolerance * 0.8);
    return edge && { kind: "edge", index: edge.index, at: edge.point };
  }

  clamp(point: Point): Point {
    return clampTo(point, this.size);
  }

  say(message: string): void {
    this.said.emit(message);
  }

  // --- the pointer --------------------------------------------------------------------------------

  private enter(state: ToolState): void {
    this.state = state;
    this.draftChanged.emit();
  }

  pointerDown(pointer: ToolPointer, editInstead: boolean): void {
    // Ctrl lends the armed tool's press to select and edit.
    const state = editInstead && this.armedTool && !this.state.draft ? new SelectIdle(this) : this.state;
    this.enter(state.down(pointer));
  }

  pointerMove(pointer: ToolPointer): void {
    this.enter(this.state.move(pointer));
  }

  pointerUp(pointer: ToolPointer): void {
    this.enter(this.state.up(pointer));
    this.restIfSelecting();
  }

  /** After a lent press the armed tool comes back. */
  private restIfSelecting(): void {
    if (this.armedTool && this.state instanceof SelectIdle) this.enter(this.idleState());
  }

  /** Drops what is being drawn: another finger came down, or the view was left. */
  abandonDraft(): void {
    if (this.state.draft) this.enter(this.idleState());
  }

  private idleState(): ToolState {
    return (this.armedTool && drawingTool(this.armedTool.kind, this)) ?? new SelectIdle(this);
  }

  strokePainted(rect: PixelRect): void {
    this.strokeChanged.emit(rect);
  }

  // --- tools --------------------------------------------------------------------------------------

  arm(tool: Tool | null): void {
    if (tool && !canDraw(tool.kind)) {
      this.say(`${tool.name} cannot be drawn here`);
      return;
    }
    const again = tool !== null && tool === this.armedTool;
    const only = this.selection.only;
    const selected = only ? this.store.get(only) : null;
    // A mask of this class stays selected, to be painted further; the class's key again begins a new one.
    const keeps = tool?.kind === "mask" && !again && selected !== null && isOf(tool, selected);
    if (tool && !keeps) this.selection.clear();
    this.armedTool = tool;
    if (tool) this.lastArmed = tool;
    this.hover.set(null);
    this.enter(this.idleState());
    this.toolChanged.emit();
  }

  armNumber(number: number): void {
    const tool = this.ontology.tools[number - 1];
    if (tool) this.arm(tool);
  }

  armLast(): void {
    this.arm(this.lastArmed ?? this.ontology.tools.find((tool) => canDraw(tool.kind)) ?? null);
  }

  setBrush(radius: number): void {
    this.brushRadius = Math.max(1, Math.min(1024, Math.round(radius)));
    this.toolChanged.emit();
    this.draftChanged.emit();
  }

  setEraser(erasing: boolean): void {
    this.eraser = erasing;
    this.toolChanged.emit();
    this.draftChanged.emit();
  }

  toggleNames(): void {
    this.namesShown = !this.namesShown;
    this.toolChanged.emit();
  }

  toggleHidden(ids: readonly string[]): void {
    const hide = ids.some((id) => !this.hiddenIds.has(id));
    const hidden = new Set(this.hiddenIds);
    for (const id of ids) {
      if (hide) hidden.add(id);
      else hidden.delete(id);
    }
    this.hiddenIds = hidden;
    this.toolChanged.emit();
  }

  /** Enter: ends the shape, or, with nothing begun, places one in the middle of the view. */
  finish(): void {
    const next = this.state.finish();
    if (next) {
      this.enter(next);
      return;
    }
    const tool = this.armedTool;
    if (!tool) return;
    const location = defaultLocation(tool.kind, this.viewport.visible, this.size, this.brushRadius);
    if (location) this.add(location);
  }

  /** Escape: one step back, be it a point, the tool or the selection. */
  cancel(): void {
    const back = this.state.draft ? this.state.back() : null;
    if (back) this.enter(back);
    else if (this.armedTool) this.arm(null);
    else this.selection.clear();
  }

  undo(): void {
    const back = this.state.draft ? this.state.back() : null;
    if (back) this.enter(back);
    else this.show(this.history.undo());
  }

  redo(): void {
    const forward = this.state.draft ? this.state.forward() : null;
    if (forward) this.enter(forward);
    else this.show(this.history.redo());
  }

  /** Selects what an undo or redo brought back or changed; the view stays where it is. */
  private show(change: Change | null): void {
    const ids = change?.objects.flatMap(({ id, after }) => (after ? [id] : [])) ?? [];
    if (ids.length > 0) this.selection.set(ids);
  }

  // --- changes to the label -----------------------------------------------------------------------

  add(location: Location): string | null {
    const tool = this.armedTool;
    if (!tool) return null;
    const object: ObjectAnnotation = {
      id: newFeatureId(),
      schemaId: tool.schemaId,
      name: tool.name,
      location,
      answers: [],
      wire: {},
    };
    this.addObjects([object]);
    return object.id;
  }

  addObjects(objects: readonly ObjectAnnotation[]): void {
    const end = this.store.size;
    const changes = objects.map((after, i) => ({ id: after.id, before: null, after, index: end + i }));
    this.history.do({ objects: changes, answers: null });
    this.selection.set(objects.map((object) => object.id));
  }

  /** New shapes for objects; a mask that lost its last pixel goes. */
  reshape(changes: ReadonlyMap<string, ObjectAnnotation>, kind: string | null = null): void {
    const objects: ObjectChange[] = [];
    for (const [id, after] of changes) {
      const before = this.store.get(id);
      if (!before || before.location === after.location) continue;
      const gone = after.location.kind === "mask" && after.location.raster.isEmpty();
      objects.push({ id, before, after: gone ? null : after, index: this.store.indexOf(id) });
    }
    if (objects.length > 0) this.history.do({ objects, answers: null }, kind);
  }

  removePoint(id: string, index: number): void {
    const object = this.store.get(id);
    const location = object?.location;
    if (!object || (location?.kind !== "polygon" && location?.kind !== "line")) return;
    const fewest = location.kind === "polygon" ? fewestPointsOfPolygon : fewestPointsOfLine;
    if (location.points.length <= fewest) {
      this.say(`A ${location.kind} keeps at least ${fewest} points; Del removes all of it`);
      return;
    }
    const points = withoutPoint(location.points, index);
    this.reshape(new Map([[id, { ...object, location: { ...location, points } }]]));
  }
}
