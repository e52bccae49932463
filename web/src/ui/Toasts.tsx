import { useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { Button } from "./Button";
import styles from "./ui.module.css";

interface Toast {
  readonly id: number;
  readonly text: ReactNode;
  readonly action: { readonly label: string; readonly chord?: string; readonly run: () => void } | null;
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function show(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function dismissToast(id: number): void {
  show(toasts.filter((toast) => toast.id !== id));
}

/** Says something for a few seconds, without taking the focus. At most three at a time. */
export function toast(text: ReactNode, action: Toast["action"] = null, ms = 4000): number {
  lastId += 1;
  const id = lastId;
  show([...toasts.filter((one) => one.text !== text), { id, text, action }].slice(-3));
  setTimeout(() => {
    dismissToast(id);
  }, ms);
  return id;
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={styles.toasts} data-theme="dark" role="status" aria-live="polite">
      {shown.map(({ id, text, action }) => (
        <div key={id} className={styles.toast}>
          <span>{text}</span>
          {action ? (
            <Button
              look="quiet"
              chord={action.chord}
              onClick={() => {
                dismissToast(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          ) : null}
        </div>
      ))}
    </div>
  );
}
