import { useEffect, useSyncExternalStore } from "react";
import type { Signal } from "../state/Signal";

/** Draws the component anew whenever the signal is emitted. */
export function useSignal<T>(signal: Signal<T>): void {
  useSyncExternalStore(signal.subscribe, signal.version);
}

/** Calls `listener` for what is emitted while the component is there. */
export function useListener<T>(signal: Signal<T>, listener: (value: T) => void): void {
  useEffect(() => signal.subscribe(listener), [signal, listener]);
}
