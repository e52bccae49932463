import { useEffect, useRef, useState } from "react";
import type { Editor } from "../../editors/core/Editor";
import { useSignal } from "../../editors/core/panels/useSignal";
import { Button } from "../../ui/Button";
import { inputClass } from "../../ui/Field";
import styles from "./labels.module.css";
import { nameOf } from "./operations";
import type { LabelingTask } from "./operations";

interface RemarksProps {
  readonly task: LabelingTask;
  readonly editor: Editor;
  readonly rejecting: boolean;
  readonly onReject: (comment: string) => void;
  readonly onCancel: () => void;
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** What reviewers said about the row, and the place to say more. */
export function Remarks({ task, editor, rejecting, onReject, onCancel }: RemarksProps) {
  return (
    <>
      {rejecting ? <RejectForm onReject={onReject} onCancel={onCancel} /> : null}
      <PrelabelNote task={task} editor={editor} />
      {task.comments.length > 0 ? (
        <section className={styles.remarks} aria-label="Remarks">
          <h2>Remarks</h2>
          <ul>
            {task.comments.map(({ id, content, createdAt, createdBy }) => (
              <li key={id}>
                <p>{content}</p>
                <span>
                  {nameOf(createdBy)}, {when.format(new Date(createdAt))}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

/** How many pre-labels nobody has looked into yet. */
function PrelabelNote({ task, editor }: { readonly task: LabelingTask; readonly editor: Editor }) {
  useSignal(editor.store.changed);
  if (task.annotationsFrom !== "PRELABEL") return null;
  const untouched = editor.store.objects.filter((object) => editor.isPrelabel(object)).length;
  return (
    <p className={styles.prelabels}>
      {untouched === 0 ? "All pre-labels were changed or removed." : `${untouched} pre-labeled, drawn dashed. What is right can stay as it is.`}
    </p>
  );
}

function RejectForm({ onReject, onCancel }: Pick<RemarksProps, "onReject" | "onCancel">) {
  const [comment, setComment] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
  }, []);
  return (
    <form
      className={styles.reject}
      onSubmit={(event) => {
        event.preventDefault();
        onReject(comment.trim());
      }}
    >
      <label>
        <span>What should change?</span>
        <textarea
          ref={field}
          className={inputClass}
          rows={3}
          value={comment}
          onChange={(event) => {
            setComment(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              onReject(comment.trim());
            } else if (event.key === "Escape") {
              onCancel();
            }
          }}
        />
      </label>
      <span className={styles.rejectActions}>
        <Button look="quiet" chord="Escape" onClick={onCancel}>
          Cancel
        </Button>
        <Button look="primary" type="submit" chord="Ctrl+Enter">
          Reject
        </Button>
      </span>
    </form>
  );
}
