import type { ClassificationAnswer, ObjectAnnotation, WireObject } from "./annotation";

/** A label being made: all annotations of one data row. */
export interface LabelContent {
  readonly objects: readonly ObjectAnnotation[];
  readonly answers: readonly ClassificationAnswer[];
  /** The document as it came, for its relationships and members that this editor does not know. */
  readonly wire: WireObject;
}

export const emptyLabel: LabelContent = { objects: [], answers: [], wire: {} };

/** One object before and after; absent before: added at `index`; absent after: removed from `index`. */
export interface ObjectChange {
  readonly id: string;
  readonly before: ObjectAnnotation | null;
  readonly after: ObjectAnnotation | null;
  readonly index: number;
}

/** What one command did, complete enough to be undone. */
export interface Change {
  readonly objects: readonly ObjectChange[];
  readonly answers: { readonly before: readonly ClassificationAnswer[]; readonly after: readonly ClassificationAnswer[] } | null;
}

export function inverse(change: Change): Change {
  return {
    objects: change.objects.map(({ id, before, after, index }) => ({ id, before: after, after: before, index })).reverse(),
    answers: change.answers && { before: change.answers.after, after: change.answers.before },
  };
}

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A new feature id as the wire wants it: 25 characters, `c` first, lower-case letters and digits. */
export function newFeatureId(): string {
  // getRandomValues also exists on pages served without TLS, randomUUID does not.
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  let id = "c";
  for (const byte of bytes) id += alphabet[byte % alphabet.length] ?? "0";
  return id;
}
