import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { Button } from "./Button";
import styles from "./ui.module.css";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus inside and closes on Escape. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      className={styles.dialog}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className={styles.dialogHead}>
        <h2>{title}</h2>
        <Button look="quiet" chord="Escape" onClick={onClose}>
          Close
        </Button>
      </div>
      {children}
    </dialog>
  );
}
