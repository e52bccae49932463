/** Without a key or a pointer for so long, nobody is working (the documentation's five minutes). */
export const idleAfterMs = 5 * 60_000;

/** Seconds of work on a data row: stands still while the page is hidden or nobody does anything. */
export class WorkTimer {
  private total: number;
  private countedUntil: number | null;
  private lastActivity: number;

  constructor(
    alreadySpent: number,
    private readonly now: () => number = Date.now,
  ) {
    this.total = alreadySpent * 1000;
    this.countedUntil = this.now();
    this.lastActivity = this.now();
  }

  private settle(): void {
    if (this.countedUntil === null) return;
    const until = Math.min(this.now(), this.lastActivity + idleAfterMs);
    this.total += Math.max(0, until - this.countedUntil);
    this.countedUntil = this.now();
  }

  /** A key or a pointer was used. */
  activity(): void {
    this.settle();
    this.lastActivity = this.now();
  }

  /** The page was hidden, or another row is being worked on. */
  pause(): void {
    this.settle();
    this.countedUntil = null;
  }

  resume(): void {
    if (this.countedUntil !== null) return;
    this.countedUntil = this.now();
    this.lastActivity = this.now();
  }

  get seconds(): number {
    this.settle();
    return this.total / 1000;
  }
}
