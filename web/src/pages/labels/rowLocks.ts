/** Two tabs of one person must not label the same row: the browser's locks tell them apart. */
export class RowLocks {
  private readonly held = new Map<string, () => void>();

  /** True when this tab has the row to itself (always, where the browser has no locks: pages without TLS). */
  async acquire(row: string): Promise<boolean> {
    if (this.held.has(row)) return true;
    // Declared as always there, but missing on pages served without TLS.
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) {
      this.held.set(row, () => undefined);
      return true;
    }
    return new Promise((resolve, reject) => {
      locks
        .request(`labelyard ${row}`, { ifAvailable: true }, (lock) => {
          if (!lock) {
            resolve(false);
            return undefined;
          }
          return new Promise<void>((release) => {
            this.held.set(row, release);
            resolve(true);
          });
        })
        .catch(reject);
    });
  }

  release(row: string): void {
    this.held.get(row)?.();
    this.held.delete(row);
  }

  keepOnly(rows: readonly string[]): void {
    for (const row of [...this.held.keys()]) if (!rows.includes(row)) this.release(row);
  }
}
