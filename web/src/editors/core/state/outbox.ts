import { Signal } from "./Signal";

export type OutboxKind = "submit" | "skip" | "approve" | "reject";

/** A decision about a data row that the server may not have heard of yet. */
export interface OutboxEntry {
  /** The idempotency key: sent twice, done once. */
  readonly key: string;
  readonly userId: string;
  readonly projectId: string;
  readonly dataRowId: string;
  readonly kind: OutboxKind;
  /** The input of its mutation, without the idempotency key. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  /** Until then it can be taken back. */
  readonly notBefore: number;
  /** Why the server refused it; a person has to decide. */
  readonly refusal: string | null;
}

export interface OutboxStorage {
  all(): Promise<readonly OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  remove(key: string): Promise<void>;
}

export type Failure = "later" | "signedOut" | "refused";

export interface OutboxOptions {
  readonly userId: string;
  readonly storage: OutboxStorage;
  readonly send: (entry: OutboxEntry) => Promise<void>;
  readonly failureOf: (error: unknown) => { readonly kind: Failure; readonly message: string };
  readonly now?: () => number;
  /** Before the second, third … try. */
  readonly retryMs?: (failures: number) => number;
}

export type OutboxState = "idle" | "sending" | "waiting" | "signedOut";

/**
 * Sends decisions in the order in which they were made, and keeps them until the server has answered:
 * over a lost connection, a reload, a closed tab.
 */
export class Outbox {
  private entries: readonly OutboxEntry[] = [];
  private shown: OutboxState = "idle";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private failures = 0;
  private readonly now: () => number;
  readonly changed = new Signal();
  readonly sent = new Signal<OutboxEntry>();
  /** Resolves when it is known what an earlier session left behind. */
  readonly opened: Promise<void>;

  constructor(private readonly options: OutboxOptions) {
    this.now = options.now ?? Date.now;
    this.opened = this.open();
  }

  /** What is waiting, oldest first, refused ones included. */
  get waiting(): readonly OutboxEntry[] {
    return this.entries;
  }

  get state(): OutboxState {
    return this.shown;
  }

  /** Whether a row has been decided upon, though the server may still offer it. */
  holds(projectId: string, dataRowId: string): boolean {
    return this.entries.some((entry) => entry.projectId === projectId && entry.dataRowId === dataRowId && !entry.refusal);
  }

  private async open(): Promise<void> {
    const stored = await this.options.storage.all().catch(() => []);
    const mine = stored.filter((entry) => entry.userId === this.options.userId);
    const known = new Set(this.entries.map(({ key }) => key));
    this.update([...mine.filter(({ key }) => !known.has(key)), ...this.entries].sort((a, b) => a.createdAt - b.createdAt));
    void this.flush();
  }

  private update(entries: readonly OutboxEntry[], state = this.shown): void {
    this.entries = entries;
    this.shown = state;
    this.changed.emit();
  }

  /** Keeps the entry, on this computer first; it is sent by `flush`. Resolves when it is kept. */
  async add(entry: OutboxEntry): Promise<void> {
    this.update([...this.entries, entry]);
    // Where nothing can be stored it is still sent; only a closed tab would lose it.
    await this.options.storage.put(entry).catch(() => undefined);
  }

  /** Takes an entry back; false when it is under way or gone. */
  async takeBack(key: string): Promise<boolean> {
    const entry = this.entries.find((one) => one.key === key);
    if (!entry || (entry.notBefore <= this.now() && !entry.refusal)) return false;
    this.update(this.entries.filter((one) => one !== entry));
    await this.options.storage.remove(key).catch(() => undefined);
    return true;
  }

  /** Forgets a refused entry, or tries it once more. */
  async settle(key: string, again: boolean): Promise<void> {
    const entry = this.entries.find((one) => one.key === key);
    if (!entry) return;
    if (!again) {
      this.update(this.entries.filter((one) => one !== entry));
      await this.options.storage.remove(key).catch(() => undefined);
      return;
    }
    await this.replace(entry, { ...entry, refusal: null });
    await this.flush();
  }

  private async replace(before: OutboxEntry, after: OutboxEntry): Promise<void> {
    this.update(this.entries.map((one) => (one === before ? after : one)));
    await this.options.storage.put(after).catch(() => undefined);
  }

  /** Sends what can be sent; with `dueNow`, also what could still be taken back (the page is closing). */
  async flush(dueNow = false): Promise<void> {
    clearTimeout(this.timer);
    if (this.running) {
      await this.running;
      return this.flush(dueNow);
    }
    this.running = this.run(dueNow).finally(() => {
      this.running = null;
    });
    await this.running;
  }

  private async run(dueNow: boolean): Promise<void> {
    for (;;) {
      const open = this.entries.filter(({ refusal }) => refusal === null);
      const entry = open[0];
      if (!entry) {
        this.update(this.entries, "idle");
        return;
      }
      const wait = entry.notBefore - this.now();
      if (wait > 0 && !dueNow) {
        this.update(this.entries, "idle");
        this.timer = setTimeout(() => void this.flush(), wait);
        return;
      }
      this.update(this.entries, "sending");
      try {
        await this.options.send(entry);
      } catch (error) {
        const stop = await this.failed(entry, error);
        if (stop) return;
        continue;
      }
      this.failures = 0;
      this.update(this.entries.filter((one) => one.key !== entry.key));
      await this.options.storage.remove(entry.key).catch(() => undefined);
      this.sent.emit(entry);
    }
  }

  /** Returns whether sending has to stop for now. */
  private async failed(entry: OutboxEntry, error: unknown): Promise<boolean> {
    const { kind, message } = this.options.failureOf(error);
    if (kind === "refused") {
      await this.replace(entry, { ...entry, refusal: message });
      return false;
    }
    if (kind === "signedOut") {
      this.update(this.entries, "signedOut");
      return true;
    }
    this.failures += 1;
    const delay = (this.options.retryMs ?? defaultRetry)(this.failures);
    this.update(this.entries, "waiting");
    this.timer = setTimeout(() => void this.flush(), delay);
    return true;
  }

  close(): void {
    clearTimeout(this.timer);
  }
}

function defaultRetry(failures: number): number {
  return Math.min(30_000, 500 * 2 ** failures);
}
