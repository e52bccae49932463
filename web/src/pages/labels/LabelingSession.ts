import { messageOf } from "../../api/client";
import type { AssetShelf } from "../../editors/EditorDefinition";
import { newFeatureId } from "../../editors/core/model/label";
import type { Ontology } from "../../editors/core/model/ontology";
import type { Outbox, OutboxEntry, OutboxKind } from "../../editors/core/state/outbox";
import { Signal } from "../../editors/core/state/Signal";
import { extendReservations, labelingTask } from "./operations";
import { OpenRow } from "./OpenRow";
import { RowFeed, prepare, rowKey } from "./RowFeed";
import type { PreparedRow } from "./RowFeed";

export interface SessionOptions {
  readonly userId: string;
  readonly projectId: string;
  readonly mode: "label" | "review";
  readonly ontology: Ontology;
  readonly outbox: Outbox;
  readonly shelf: AssetShelf;
  /** A row asked for by name; null to take rows from the queue. */
  readonly dataRowId: string | null;
}

export type SessionState =
  | { readonly kind: "loading" }
  | { readonly kind: "working"; readonly row: OpenRow }
  | { readonly kind: "empty" }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly message: string }
  /** The one row that was asked for is decided. */
  | { readonly kind: "done" };

const heartbeatMs = 10 * 60_000;
/** So long a skip can be taken back. */
export const skipHoldMs = 5000;

/** Row after row: what is current, what is decided, what comes next. Decisions never wait for the network. */
export class LabelingSession {
  private shown: SessionState = { kind: "loading" };
  private readonly feed: RowFeed;
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  private closed = false;
  private lastSkipped: { readonly key: string; readonly row: OpenRow } | null = null;
  readonly changed = new Signal();

  constructor(private readonly options: SessionOptions) {
    this.feed = new RowFeed(options);
    this.feed.changed.subscribe(() => {
      this.follow();
    });
  }

  get state(): SessionState {
    return this.shown;
  }

  get remaining(): number {
    return this.feed.remaining;
  }

  get heldByOthers(): number {
    return this.feed.heldByOthers;
  }

  get inOtherTabs(): number {
    return this.feed.inOtherTabs;
  }

  private show(state: SessionState): void {
    if (this.closed) return;
    this.shown = state;
    this.changed.emit();
  }

  async start(): Promise<void> {
    const { projectId } = this.options;
    this.heartbeat ??= setInterval(() => {
      if (this.shown.kind === "working") extendReservations(projectId, this.feed.queueType).catch(() => undefined);
    }, heartbeatMs);
    this.show({ kind: "loading" });
    try {
      if (this.options.dataRowId === null) {
        await this.options.outbox.opened;
        await this.feed.topUp();
        if (!this.feed.current) this.show({ kind: "empty" });
      } else {
        await this.openGiven(this.options.dataRowId);
      }
    } catch (error) {
      this.show({ kind: "failed", message: messageOf(error) });
    }
  }

  private async openGiven(dataRowId: string): Promise<void> {
    const { userId, projectId, mode, outbox } = this.options;
    // The server's answer must know of what was decided a moment ago.
    if (outbox.holds(projectId, dataRowId)) await outbox.flush(true);
    const task = await labelingTask(projectId, dataRowId);
    if (task) this.open(await prepare(task, rowKey(userId, projectId, dataRowId, mode)));
    else this.show({ kind: "missing" });
  }

  private open(prepared: PreparedRow): void {
    this.showRow(new OpenRow(prepared, this.options));
  }

  private showRow(row: OpenRow): void {
    const { shelf } = this.options;
    const { dataRow } = row.prepared.task;
    shelf.keep(dataRow, this.feed.next.map(({ task }) => task.dataRow));
    // The view must know the size before anything is drawn.
    const asset = shelf.ready(dataRow);
    if (asset) row.editor.viewport.setAsset(asset.size);
    this.show({ kind: "working", row });
  }

  /** Shows the feed's first row, if it is another one. */
  private follow(): void {
    if (this.options.dataRowId !== null) return;
    const { current, next } = this.feed;
    const open = this.shown.kind === "working" ? this.shown.row : null;
    if (!current) return;
    if (open?.prepared === current) {
      this.options.shelf.keep(current.task.dataRow, next.map(({ task }) => task.dataRow));
      this.changed.emit();
    } else if (this.lastSkipped?.row.prepared === current) {
      const { row } = this.lastSkipped;
      row.resume();
      this.lastSkipped = null;
      this.showRow(row);
    } else {
      this.open(current);
    }
  }

  /** Decides upon the current row and shows the next one at once. Returns the outbox's key. */
  decide(kind: OutboxKind, comment: string | null = null): string | null {
    if (this.shown.kind !== "working") return null;
    const { row } = this.shown;
    const seconds = Math.round(row.timer.seconds * 10) / 10;
    const entry: OutboxEntry = {
      key: newFeatureId(),
      userId: this.options.userId,
      projectId: this.options.projectId,
      dataRowId: row.id,
      kind,
      data: dataOf(kind, row, seconds, comment),
      createdAt: Date.now(),
      notBefore: kind === "skip" && this.options.dataRowId === null ? Date.now() + skipHoldMs : 0,
      refusal: null,
    };
    row.timer.pause();
    const kept = this.options.outbox.add(entry);
    const stopped = row.autosave.stop();
    if (kind === "skip") this.lastSkipped = { key: entry.key, row };
    visited.push(row.id);
    this.goOn();
    void this.afterwards(row, kind, Promise.all([kept, stopped]));
    return entry.key;
  }

  private goOn(): void {
    if (this.options.dataRowId !== null) {
      this.show({ kind: "done" });
      return;
    }
    this.feed.advance();
    if (!this.feed.current) this.show({ kind: "loading" });
  }

  private async afterwards(row: OpenRow, kind: OutboxKind, kept: Promise<unknown>): Promise<void> {
    await kept;
    if (kind !== "skip") await row.forgetJournal();
    await this.options.outbox.flush();
    if (this.options.dataRowId !== null || this.closed) return;
    try {
      await this.feed.topUp();
      if (!this.feed.current) this.show({ kind: "empty" });
    } catch (error) {
      if (!this.feed.current) this.show({ kind: "failed", message: messageOf(error) });
    }
  }

  /** Takes the last skip back, while it can be. */
  async undoSkip(key: string): Promise<boolean> {
    if (this.lastSkipped?.key !== key || !(await this.options.outbox.takeBack(key))) return false;
    this.feed.putBack(this.lastSkipped.row.prepared);
    return true;
  }

  close(): void {
    this.closed = true;
    clearInterval(this.heartbeat);
    if (this.shown.kind === "working") {
      this.shown.row.autosave.flush();
      this.shown.row.timer.pause();
    }
    this.feed.close();
  }
}

/** Rows decided in this tab, oldest first: the way back. */
const visited: string[] = [];

/** The row decided before `dataRowId`, or the last one. */
export function visitedBefore(dataRowId: string | null): string | null {
  const at = dataRowId === null ? visited.length : visited.lastIndexOf(dataRowId);
  return visited[at - 1] ?? null;
}

function dataOf(kind: OutboxKind, row: OpenRow, seconds: number, comment: string | null): Record<string, unknown> {
  switch (kind) {
    case "submit":
      return { annotations: row.document(), secondsToLabel: seconds };
    case "skip":
      return { secondsToLabel: seconds };
    case "approve":
    case "reject":
      return { comment, annotations: row.isTouched ? row.document() : null, secondsToReview: seconds };
  }
}
