/** A list of listeners: the only way in which the editor's parts hear of each other. */
export class Signal<T = void> {
  private readonly listeners = new Set<(value: T) => void>();
  private emitted = 0;

  /** How often it was emitted: what a panel compares to know whether to draw itself anew. */
  readonly version = (): number => this.emitted;

  /** Returns the call that ends the subscription. */
  readonly subscribe = (listener: (value: T) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  emit(value: T): void {
    this.emitted += 1;
    for (const listener of [...this.listeners]) listener(value);
  }
}
