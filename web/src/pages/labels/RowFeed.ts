import { browserJournal } from "../../api/browserStorage";
import { withJournal } from "../../editors/core/state/autosave";
import type { Outbox } from "../../editors/core/state/outbox";
import { Signal } from "../../editors/core/state/Signal";
import { reserveDataRows } from "./operations";
import type { LabelingTask, QueueType } from "./operations";
import { RowLocks } from "./rowLocks";

/** A row with all that is needed to show it at once. */
export interface PreparedRow {
  readonly task: LabelingTask;
  /** The server's document with what this computer had not sent yet. */
  readonly document: unknown;
  /** The youngest change taken from the journal; 0 when there was none. */
  readonly recovered: number;
}

/** Names a row of one person in the journal and in the locks. */
export function rowKey(userId: string, projectId: string, dataRowId: string, mode: string): string {
  return [userId, projectId, dataRowId, mode].join(" ");
}

export async function prepare(task: LabelingTask, key: string): Promise<PreparedRow> {
  const entries = await browserJournal.read(key).catch(() => []);
  return {
    task,
    document: withJournal(task.annotations, entries),
    recovered: Math.max(0, ...entries.map(({ sequence }) => sequence)),
  };
}

export interface FeedOptions {
  readonly userId: string;
  readonly projectId: string;
  readonly mode: "label" | "review";
  readonly outbox: Outbox;
}

/** The current row and three to come. */
const ahead = 4;

/** The rows reserved for this person, in queue order, without those already decided upon or open in another tab. */
export class RowFeed {
  private rows: readonly PreparedRow[] = [];
  /** Rows decided in some tab, with the time from which the server's word counts again. */
  private readonly decided = new Map<string, number>();
  private readonly locks = new RowLocks();
  private readonly channel = new BroadcastChannel("labelyard decided rows");
  private elsewhere = 0;
  private running: Promise<void> | null = null;
  readonly changed = new Signal();
  remaining = 0;
  heldByOthers = 0;

  constructor(private readonly options: FeedOptions) {
    this.channel.onmessage = ({ data }: MessageEvent<string>) => {
      this.forget(data);
    };
    options.outbox.sent.subscribe((entry) => {
      if (this.decided.has(entry.dataRowId)) this.decided.set(entry.dataRowId, Date.now());
    });
  }

  get queueType(): QueueType {
    return this.options.mode === "label" ? "LabelingQueue" : "ReviewQueue";
  }

  get current(): PreparedRow | null {
    return this.rows[0] ?? null;
  }

  get next(): readonly PreparedRow[] {
    return this.rows.slice(1);
  }

  /** How many rows were left out because another tab has them open. */
  get inOtherTabs(): number {
    return this.elsewhere;
  }

  private key(dataRowId: string): string {
    const { userId, projectId, mode } = this.options;
    return rowKey(userId, projectId, dataRowId, mode);
  }

  private isDecided(dataRowId: string, askedAt: number): boolean {
    const since = this.decided.get(dataRowId);
    return (since !== undefined && since >= askedAt) || this.options.outbox.holds(this.options.projectId, dataRowId);
  }

  /** Another tab decided upon a row that waits here. */
  private forget(dataRowId: string): void {
    this.decided.set(dataRowId, Infinity);
    if (this.rows[0]?.task.dataRow.id === dataRowId) return;
    this.rows = this.rows.filter(({ task }) => task.dataRow.id !== dataRowId);
    this.changed.emit();
  }

  /** Asks the server for rows until the feed is full; the current row stays. */
  async topUp(): Promise<void> {
    this.running ??= this.ask().finally(() => {
      this.running = null;
    });
    await this.running;
  }

  private async ask(): Promise<void> {
    let first = ahead;
    // Rows that other tabs hold are reserved for the same person: to get beyond them, ask for more.
    for (let round = 0; round < 4; round++) {
      const askedAt = Date.now();
      const { projectId } = this.options;
      const reserved = await reserveDataRows(projectId, this.queueType, first);
      const here = reserved.tasks.filter(({ dataRow }) => !this.isDecided(dataRow.id, askedAt));
      const waiting = reserved.tasks.length - here.length;
      this.remaining = Math.max(0, reserved.remaining - waiting);
      this.heldByOthers = reserved.heldByOthers;
      const free = await this.lockFirst(here);
      this.elsewhere = here.length - free.length;
      await this.take(free);
      if (this.elsewhere === 0 || this.rows.length > 1 || reserved.tasks.length < first) break;
      first += this.elsewhere;
    }
    this.changed.emit();
  }

  /** Locks the current and the next row, and leaves out those that another tab has locked. */
  private async lockFirst(tasks: readonly LabelingTask[]): Promise<LabelingTask[]> {
    const free: LabelingTask[] = [];
    for (const task of tasks) {
      if (free.length >= 2 || (await this.locks.acquire(this.key(task.dataRow.id)))) free.push(task);
    }
    return free;
  }

  private async take(tasks: readonly LabelingTask[]): Promise<void> {
    const current = this.rows[0];
    const known = new Map(this.rows.map((row) => [row.task.dataRow.id, row]));
    const prepared = await Promise.all(
      tasks
        .filter(({ dataRow }) => dataRow.id !== current?.task.dataRow.id)
        .map((task) => known.get(task.dataRow.id) ?? prepare(task, this.key(task.dataRow.id))),
    );
    // Meanwhile a row may have been decided; what is being worked on is never replaced.
    const now = this.rows[0];
    const others = prepared.filter(
      ({ task }) => task.dataRow.id !== now?.task.dataRow.id && !this.isDecided(task.dataRow.id, Infinity),
    );
    this.rows = now ? [now, ...others] : others;
    this.locks.keepOnly(this.rows.slice(0, 2).map(({ task }) => this.key(task.dataRow.id)));
  }

  /** The current row is decided: the next one is current. */
  advance(): void {
    const [current, ...rest] = this.rows;
    if (!current) return;
    const { id } = current.task.dataRow;
    this.decided.set(id, Infinity);
    this.channel.postMessage(id);
    this.rows = rest;
    this.locks.release(this.key(id));
    this.changed.emit();
  }

  /** A decision was taken back: the row is current again. */
  putBack(row: PreparedRow): void {
    this.decided.delete(row.task.dataRow.id);
    this.rows = [row, ...this.rows];
    this.changed.emit();
  }

  close(): void {
    this.channel.close();
    this.locks.keepOnly([]);
  }
}
