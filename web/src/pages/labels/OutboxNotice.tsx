import { LinkButton, Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { useSignal } from "../../editors/core/panels/useSignal";
import type { Outbox } from "../../editors/core/state/outbox";
import styles from "./labels.module.css";

const verbs = { submit: "submitted", skip: "skipped", approve: "approved", reject: "rejected" };

/** What the server has not taken yet, and why; nothing of it is lost silently. */
export function OutboxNotice({ outbox, projectId }: { readonly outbox: Outbox; readonly projectId: string }) {
  useSignal(outbox.changed);
  const refused = outbox.waiting.filter((entry) => entry.refusal !== null && entry.projectId === projectId);
  const waiting = outbox.waiting.filter((entry) => entry.refusal === null).length;
  const here = encodeURIComponent(window.location.pathname);
  return (
    <div className={styles.notices}>
      {outbox.state === "waiting" ? (
        <Notice tone="warn">
          Offline. {waiting} finished {waiting === 1 ? "row is" : "rows are"} kept here and sent when the server can be reached.
        </Notice>
      ) : null}
      {outbox.state === "signedOut" ? (
        <Notice tone="warn" actions={<LinkButton href={`/sign-in?to=${here}`}>Sign in</LinkButton>}>
          Signed out. {waiting} finished {waiting === 1 ? "row waits" : "rows wait"} here.
        </Notice>
      ) : null}
      {refused.map((entry) => (
        <Notice
          key={entry.key}
          tone="bad"
          actions={
            <span className={styles.noticeActions}>
              <Button look="quiet" onClick={() => void outbox.settle(entry.key, true)}>
                Try again
              </Button>
              <Button look="quiet" onClick={() => void outbox.settle(entry.key, false)}>
                Dismiss
              </Button>
            </span>
          }
        >
          A row could not be {verbs[entry.kind]}: {entry.refusal}
        </Notice>
      ))}
    </div>
  );
}
