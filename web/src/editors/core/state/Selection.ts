import { Signal } from "./Signal";

/** Which objects are selected, in the order in which they were. */
export class Selection {
  private chosen: readonly string[] = [];
  readonly changed = new Signal();

  get ids(): readonly string[] {
    return this.chosen;
  }

  /** The one selected object; null when none or several are. */
  get only(): string | null {
    return this.chosen.length === 1 ? (this.chosen[0] ?? null) : null;
  }

  has(id: string): boolean {
    return this.chosen.includes(id);
  }

  set(ids: readonly string[]): void {
    if (ids.length === this.chosen.length && ids.every((id, i) => id === this.chosen[i])) return;
    this.chosen = ids;
    this.changed.emit();
  }

  toggle(id: string): void {
    this.set(this.has(id) ? this.chosen.filter((one) => one !== id) : [...this.chosen, id]);
  }

  clear(): void {
    this.set([]);
  }
}
