import type { ClassificationAnswer, ObjectAnnotation, WireObject } from "../model/annotation";
import type { Change, LabelContent } from "../model/label";
import { Signal } from "./Signal";

/** The one place that holds a label being made. Everything in it changes through `apply`. */
export class AnnotationStore {
  private readonly byId = new Map<string, ObjectAnnotation>();
  private order: string[] = [];
  private globalAnswers: readonly ClassificationAnswer[];
  private places: Map<string, number> | null = null;
  private cached: readonly ObjectAnnotation[] | null = null;
  /** The members of the document that are neither objects nor answers, as they came. */
  readonly wire: WireObject;
  readonly changed = new Signal<Change>();

  constructor(content: LabelContent) {
    for (const object of content.objects) {
      this.byId.set(object.id, object);
      this.order.push(object.id);
    }
    this.globalAnswers = content.answers;
    this.wire = content.wire;
  }

  get(id: string): ObjectAnnotation | null {
    return this.byId.get(id) ?? null;
  }

  get size(): number {
    return this.order.length;
  }

  /** The object's place in the label, 0 for the lowest; -1 when it is not in it. */
  indexOf(id: string): number {
    this.places ??= new Map(this.order.map((one, i) => [one, i]));
    return this.places.get(id) ?? -1;
  }

  /** All objects, the lowest first; the same array until something changes. */
  get objects(): readonly ObjectAnnotation[] {
    this.cached ??= this.order.flatMap((id) => this.byId.get(id) ?? []);
    return this.cached;
  }

  get answers(): readonly ClassificationAnswer[] {
    return this.globalAnswers;
  }

  get content(): LabelContent {
    return { objects: this.objects, answers: this.answers, wire: this.wire };
  }

  apply(change: Change): void {
    if (change.objects.some(({ before, after }) => !before || !after)) this.places = null;
    for (const { id, before, after, index } of change.objects) {
      if (after === null) {
        this.byId.delete(id);
        this.order.splice(this.order[index] === id ? index : this.order.indexOf(id), 1);
      } else {
        this.byId.set(id, after);
        if (before === null) this.order.splice(index, 0, id);
      }
    }
    if (change.answers) this.globalAnswers = change.answers.after;
    this.cached = null;
    this.changed.emit(change);
  }
}
