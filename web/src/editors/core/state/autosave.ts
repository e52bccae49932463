import type { WireObject } from "../model/annotation";
import type { Change, LabelContent } from "../model/label";
import { writeAnswers, writeLabel, writeObject } from "../payload";
import type { AnnotationStore } from "./AnnotationStore";
import { Signal } from "./Signal";

/** The journal's entry for the answers about the whole asset; object ids never look like this. */
export const answersKey = "#answers";

/** The latest state of one object (or of all row answers) that the server may not have yet. */
export interface JournalEntry {
  /** An object's feature id, or `#answers`. */
  readonly key: string;
  /** As it is sent; null for a removed object. */
  readonly value: WireObject | readonly WireObject[] | null;
  readonly index: number;
  /** Grows with every change, also from one session to the next. */
  readonly sequence: number;
}

/** Where unsaved changes survive a closed tab. */
export interface Journal {
  record(row: string, entries: readonly JournalEntry[]): Promise<void>;
  read(row: string): Promise<readonly JournalEntry[]>;
  /** Forgets entries that are not younger than `sequence`. */
  forget(row: string, sequence: number): Promise<void>;
}

let lastSequence = 0;

function nextSequence(now: number): number {
  lastSequence = Math.max(lastSequence + 1, now * 1000);
  return lastSequence;
}

/** What a change has to leave in the journal: whole states, so that reading it twice does no harm. */
export function journalEntries(change: Change, content: LabelContent, now: number): JournalEntry[] {
  const sequence = nextSequence(now);
  const entries: JournalEntry[] = change.objects.map(({ id, after, index }) => ({
    key: id,
    value: after && writeObject(after),
    index,
    sequence,
  }));
  if (change.answers) entries.push({ key: answersKey, value: writeAnswers(content.answers), index: 0, sequence });
  return entries;
}

/** The server's document with the journal's later states put in. */
export function withJournal(document: unknown, entries: readonly JournalEntry[]): unknown {
  if (entries.length === 0) return document;
  const wire = (typeof document === "object" && document !== null ? document : {}) as WireObject;
  const before = (Array.isArray(wire["objects"]) ? wire["objects"] : []) as WireObject[];
  const states = new Map(entries.map((entry) => [entry.key, entry]));
  const answers = states.get(answersKey);
  states.delete(answersKey);
  const objects = before.flatMap((object) => {
    const entry = states.get(String(object["feature_id"]));
    if (!entry) return [object];
    states.delete(entry.key);
    return entry.value === null ? [] : [entry.value as WireObject];
  });
  for (const entry of [...states.values()].sort((a, b) => a.index - b.index || a.sequence - b.sequence)) {
    if (entry.value !== null) objects.splice(Math.min(entry.index, objects.length), 0, entry.value as WireObject);
  }
  return { ...wire, objects, ...(answers ? { classifications: answers.value } : {}) };
}

export type SaveState =
  /** Nothing is unsaved. */
  | "saved"
  /** On its way to the server. */
  | "saving"
  /** Safe on this computer; the server has not got it. */
  | "kept"
  /** Neither the server nor this computer has the latest change. */
  | "unsaved";

export interface AutosaveOptions {
  /** Names the row in the journal. */
  readonly row: string;
  readonly journal: Journal;
  /** Saves a draft; null where drafts stay on this computer (review). */
  readonly send: ((document: WireObject, seconds: number) => Promise<void>) | null;
  readonly seconds: () => number;
  readonly delayMs?: number;
  readonly now?: () => number;
}

const longestRetry = 30_000;

/** Writes every change to the journal at once, and the whole label to the server soon after. */
export class Autosave {
  private pending = 0;
  private saved = 0;
  private journalled = true;
  private shown: SaveState = "saved";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  private writing: Promise<void> = Promise.resolve();
  private failures = 0;
  private stopped = false;
  private readonly unsubscribe: () => void;
  private readonly now: () => number;
  readonly changed = new Signal();

  constructor(
    private readonly store: AnnotationStore,
    private readonly options: AutosaveOptions,
  ) {
    this.now = options.now ?? Date.now;
    this.unsubscribe = store.changed.subscribe((change) => {
      this.follow(change);
    });
  }

  get state(): SaveState {
    return this.shown;
  }

  private show(state: SaveState): void {
    if (state === this.shown) return;
    this.shown = state;
    this.changed.emit();
  }

  private follow(change: Change): void {
    const { journal, row } = this.options;
    const entries = journalEntries(change, this.store.content, this.now());
    this.pending = Math.max(this.pending, ...entries.map(({ sequence }) => sequence));
    this.show("saving");
    this.writing = journal.record(row, entries).then(
      () => {
        this.journalled = true;
        if (!this.options.send && !this.stopped) this.show("kept");
      },
      () => {
        this.journalled = false;
        this.show("unsaved");
      },
    );
    this.schedule(this.options.delayMs ?? 800);
  }

  /** Recovered changes from the journal are in the label but not on the server: sends them. */
  resend(sequence: number): void {
    this.pending = Math.max(this.pending, sequence);
    this.show(this.options.send ? "saving" : "kept");
    this.schedule(0);
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    if (this.options.send && !this.stopped) this.timer = setTimeout(() => void this.send(), delay);
  }

  private async send(): Promise<void> {
    const { send, journal, row, seconds } = this.options;
    if (!send || this.stopped || this.pending <= this.saved) return;
    if (this.sending) {
      await this.sending;
      this.schedule(0);
      return;
    }
    const upTo = this.pending;
    this.sending = send(writeLabel(this.store.content), seconds()).then(
      async () => {
        this.failures = 0;
        this.saved = upTo;
        await journal.forget(row, upTo).catch(() => undefined);
        if (this.pending === upTo) this.show("saved");
      },
      () => {
        this.failures += 1;
        this.show(this.journalled ? "kept" : "unsaved");
        this.schedule(Math.min(longestRetry, 1000 * 2 ** this.failures));
      },
    );
    await this.sending;
    this.sending = null;
  }

  /** Sends what is pending now instead of soon. */
  flush(): void {
    this.schedule(0);
  }

  /** Ends it; resolves when nothing of it is under way any more. The journal is left as it is. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.unsubscribe();
    await Promise.allSettled([this.writing, this.sending]);
  }
}
