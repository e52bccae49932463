import { useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";
import { useSignal } from "../../../editors/core/panels/useSignal";
import { Button, LinkButton } from "../../../ui/Button";
import { Empty } from "../../../ui/Notice";
import { FrameSession } from "./FrameSession";
import styles from "./frame.module.css";

interface FrameDeskProps {
  readonly project: { readonly id: string; readonly name: string | null };
  readonly frontend: { readonly name: string | null; readonly iframeUrlPath: string };
  readonly mode: "label" | "review";
  readonly dataRowId: string | null;
}

/** The labeling screen with a page of the organization's own in it. */
export function FrameDesk({ project, frontend, mode, dataRowId }: FrameDeskProps) {
  const address = useMemo(() => new URL(frontend.iframeUrlPath, window.location.href), [frontend.iframeUrlPath]);
  const foreign = address.origin !== window.location.origin;
  const frame = useRef<HTMLIFrameElement>(null);
  // A page of our own origin is locked into one without an origin: it must not reach what is ours.
  const session = useMemo(
    () => new FrameSession(project.id, mode, foreign ? address.origin : "*"),
    [project.id, mode, foreign, address.origin],
  );
  useSignal(session.changed);
  useEffect(() => {
    const stop = frame.current ? session.attach(frame.current) : undefined;
    void session.start(dataRowId);
    return stop;
  }, [session, dataRowId]);

  const { task, busy, problem } = session;
  const name = task ? (task.dataRow.globalKey ?? task.dataRow.externalId ?? task.dataRow.id) : null;
  const away = !task && !busy;
  return (
    <div className={styles.desk} data-theme="dark">
      <header className={styles.header}>
        <Link href={`/projects/${project.id}`} className={styles.back} title="Back to the project">
          ‹ {project.name ?? "Project"}
        </Link>
        <span className={styles.name}>{name}</span>
        <span className={styles.quiet}>{frontend.name}</span>
        <span className={styles.spring} />
        {problem ? <span role="alert" className={styles.problem}>{problem}</span> : null}
        {task && mode === "label" ? (
          <Button look="quiet" disabled={busy} onClick={() => void session.skip()}>
            Skip
          </Button>
        ) : null}
        {task && mode === "review" ? (
          <>
            <Button look="danger" disabled={busy} onClick={() => void session.decide("reject")}>
              Reject
            </Button>
            <Button look="primary" disabled={busy} onClick={() => void session.decide("approve")}>
              Approve
            </Button>
          </>
        ) : null}
      </header>
      {away ? (
        <Empty
          title={mode === "review" ? "Nothing left to review" : "Nothing left to label"}
          actions={
            <>
              <Button look="primary" onClick={() => void session.start(null)}>
                Look again
              </Button>
              <LinkButton href={`/projects/${project.id}`}>Back to the project</LinkButton>
            </>
          }
        >
          {problem ?? "Rows arrive here when they are added to the project or come back from review."}
        </Empty>
      ) : null}
      <iframe
        ref={frame}
        className={away ? styles.hidden : styles.frame}
        title={frontend.name ?? "Labeling page"}
        src={address.href}
        sandbox={foreign ? "allow-scripts allow-same-origin" : "allow-scripts"}
        referrerPolicy="origin"
      />
    </div>
  );
}
