import { useEffect, useRef } from "react";
import { Link } from "wouter";
import type { Flow } from "../../editors/core/dispatch";
import { keysOf } from "../../editors/core/hotkeys";
import { useSignal } from "../../editors/core/panels/useSignal";
import type { SaveState } from "../../editors/core/state/autosave";
import type { WorkTimer } from "../../editors/core/state/timer";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Notice";
import styles from "./labels.module.css";
import type { LabelingSession } from "./LabelingSession";
import type { OpenRow } from "./OpenRow";
import { nameOf } from "./operations";
import type { LabelingProject } from "./operations";

interface DeskHeaderProps {
  readonly session: LabelingSession;
  readonly row: OpenRow;
  readonly project: LabelingProject;
  readonly mode: "label" | "review";
  readonly flow: Flow;
  readonly given: boolean;
}

const saveWords: Readonly<Record<SaveState, { readonly text: string; readonly title: string }>> = {
  saved: { text: "saved ✓", title: "Everything is on the server" },
  saving: { text: "saving…", title: "On its way to the server; kept on this computer meanwhile" },
  kept: { text: "kept here ✓", title: "Kept on this computer. It goes to the server with the decision, or when the server can be reached." },
  unsaved: { text: "not saved", title: "Neither the server nor this browser’s storage took the last change. Keep this tab open." },
};

/** What is being worked on, and what can be decided about it. */
export function DeskHeader({ session, row, project, mode, flow, given }: DeskHeaderProps) {
  const { task } = row.prepared;
  const { dataRow } = task;
  const name = dataRow.globalKey ?? dataRow.externalId ?? dataRow.id;
  const key = (command: Parameters<typeof keysOf>[0]) => keysOf(command)[0];
  return (
    <>
      <Link href={`/projects/${project.id}`} className={styles.back} title="Back to the project">
        ‹ {project.name ?? "Project"}
      </Link>
      <span className={styles.rowName} title={`Data row ${dataRow.id}`}>
        {name}
      </span>
      {task.state === "IN_REWORK" ? (
        <Badge tone="warn">{task.taskQueue?.name ?? "Rework"}</Badge>
      ) : (
        <span className={styles.queueName}>{task.taskQueue?.name ?? "Done"}</span>
      )}
      {task.annotationsFrom === "PRELABEL" ? <Badge tone="info">Pre-labels: check and correct</Badge> : null}
      {mode === "review" && task.label ? (
        <span className={styles.queueName}>
          by {nameOf(task.label.createdBy)}
          {task.label.secondsToLabel === null ? "" : `, ${Math.round(task.label.secondsToLabel)} s`}
          {task.label.skipped ? " · skipped" : ""}
        </span>
      ) : null}
      <span className={styles.spring} />
      {given ? null : <span className={`${styles.queueName} number`}>{session.remaining.toLocaleString()} left</span>}
      <Clock timer={row.timer} />
      <SaveMark row={row} />
      {mode === "label" ? (
        <>
          <Button look="quiet" chord={key("skip")} onClick={() => { flow.skip(); }}>
            Skip
          </Button>
          <Button look="primary" chord={key("submit")} onClick={() => { flow.submit(); }}>
            Submit
          </Button>
        </>
      ) : (
        <>
          <Button chord={key("reject")} look="danger" onClick={() => { flow.reject(); }}>
            Reject
          </Button>
          <Button look="primary" chord={key("approve")} onClick={() => { flow.approve(); }}>
            Approve
          </Button>
        </>
      )}
    </>
  );
}

function SaveMark({ row }: { readonly row: OpenRow }) {
  const { autosave } = row;
  useSignal(autosave.changed);
  const { text, title } = saveWords[autosave.state];
  return (
    <span className={`${styles.saveMark} ${autosave.state === "unsaved" ? styles.unsaved : ""}`} title={title} data-save={autosave.state} role="status">
      {text}
    </span>
  );
}

function Clock({ timer }: { readonly timer: WorkTimer }) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const show = () => {
      const seconds = Math.floor(timer.seconds);
      if (element.current) element.current.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    show();
    const ticking = setInterval(show, 1000);
    return () => {
      clearInterval(ticking);
    };
  }, [timer]);
  return <span ref={element} className={`${styles.queueName} number`} title="Time on this row; stands still when nobody works" />;
}
