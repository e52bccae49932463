import type { ReactNode } from "react";
import styles from "./ui.module.css";

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** The next thing to do. */
  readonly actions?: ReactNode;
}

/** A place with nothing in it: says why, and what to do next. */
export function Empty({ title, children, actions }: EmptyProps) {
  return (
    <div className={styles.empty} role="status">
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {actions ? <div className={styles.emptyActions}>{actions}</div> : null}
    </div>
  );
}

interface NoticeProps {
  readonly tone: "info" | "warn" | "bad" | "ok";
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** One line that people should see, with what they can do about it. */
export function Notice({ tone, children, actions }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={tone === "bad" ? "alert" : "status"}>
      <span className={styles.noticeText}>{children}</span>
      {actions}
    </div>
  );
}

export function Badge({ children, tone }: { readonly children: ReactNode; readonly tone?: "warn" | "bad" | "ok" | "info" | undefined }) {
  return <span className={`${styles.badge} ${tone ? styles[tone] : ""}`}>{children}</span>;
}
