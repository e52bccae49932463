import type { Change, ObjectChange } from "../model/label";
import { inverse } from "../model/label";
import type { AnnotationStore } from "./AnnotationStore";

const limit = 500;
/** Repeats of one kind of step (typing, nudging) within this time are one step to undo. */
const coalesceWithin = 1000;

interface Step {
  readonly change: Change;
  readonly kind: string | null;
  readonly at: number;
}

function merged(first: Change, second: Change): Change | null {
  const objects = new Map<string, ObjectChange>();
  for (const one of [...first.objects, ...second.objects]) {
    const known = objects.get(one.id);
    // Adding and removing keep their own steps: only edits of the same objects run together.
    if (one.before === null || one.after === null) return null;
    objects.set(one.id, known ? { ...known, after: one.after } : one);
  }
  const answers =
    first.answers && second.answers
      ? { before: first.answers.before, after: second.answers.after }
      : (first.answers ?? second.answers);
  return { objects: [...objects.values()], answers };
}

/** What was done and can be taken back. View state (zoom, selection) is not history. */
export class UndoStack {
  private done: Step[] = [];
  private undone: Step[] = [];

  constructor(
    private readonly store: AnnotationStore,
    private readonly now: () => number = Date.now,
  ) {}

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Applies a change and remembers it; steps of the same `kind` in quick succession become one. */
  do(change: Change, kind: string | null = null): void {
    const last = this.done.at(-1);
    const at = this.now();
    const together =
      kind !== null && last?.kind === kind && at - last.at < coalesceWithin ? merged(last.change, change) : null;
    this.undone = [];
    if (together) this.done[this.done.length - 1] = { change: together, kind, at };
    else this.done.push({ change, kind, at });
    if (this.done.length > limit) this.done.shift();
    this.store.apply(change);
  }

  undo(): Change | null {
    const step = this.done.pop();
    if (!step) return null;
    this.undone.push(step);
    const back = inverse(step.change);
    this.store.apply(back);
    return back;
  }

  redo(): Change | null {
    const step = this.undone.pop();
    if (!step) return null;
    this.done.push({ ...step, kind: null });
    this.store.apply(step.change);
    return step.change;
  }
}
