import { useCallback, useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { choose } from "../../editors/core/commands";
import type { Flow } from "../../editors/core/dispatch";
import { useListener } from "../../editors/core/panels/useSignal";
import type { Outbox } from "../../editors/core/state/outbox";
import type { Asset, AssetShelf, EditorDefinition } from "../../editors/EditorDefinition";
import { Workbench } from "../../editors/Workbench";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Notice";
import { toast } from "../../ui/Toasts";
import { Attachments } from "./Attachments";
import { DeskHeader } from "./DeskHeader";
import { skipHoldMs, visitedBefore } from "./LabelingSession";
import type { LabelingSession } from "./LabelingSession";
import type { OpenRow } from "./OpenRow";
import type { LabelingProject } from "./operations";
import { OutboxNotice } from "./OutboxNotice";
import { Remarks } from "./Remarks";

interface RowDeskProps {
  readonly session: LabelingSession;
  readonly row: OpenRow;
  readonly project: LabelingProject;
  readonly definition: EditorDefinition;
  readonly shelf: AssetShelf;
  readonly outbox: Outbox;
  readonly mode: "label" | "review";
  /** The row was asked for by name, it did not come from the queue. */
  readonly given: boolean;
}

/** The desk of one row: editor, header, remarks. */
export function RowDesk({ session, row, project, definition, shelf, outbox, mode, given }: RowDeskProps) {
  const [, navigate] = useLocation();
  const [rejecting, setRejecting] = useState<OpenRow | null>(null);
  const { editor, timer } = row;
  const { task } = row.prepared;
  const { asset, problem, retry } = useAsset(row, shelf);

  useListener(editor.said, toast);
  useEffect(() => {
    const active = () => {
      timer.activity();
    };
    const visible = () => {
      if (document.hidden) timer.pause();
      else timer.resume();
    };
    window.addEventListener("keydown", active);
    window.addEventListener("pointermove", active);
    document.addEventListener("visibilitychange", visible);
    return () => {
      window.removeEventListener("keydown", active);
      window.removeEventListener("pointermove", active);
      document.removeEventListener("visibilitychange", visible);
    };
  }, [timer]);

  const skip = useCallback(() => {
    const key = session.decide("skip");
    if (!key || given) return;
    const undo = async () => {
      if (!(await session.undoSkip(key))) toast("The skip has been sent already");
    };
    toast("Skipped", { label: "Undo", run: () => void undo() }, skipHoldMs);
  }, [session, given]);

  const submit = useCallback(() => {
    const missing = row.missing();
    const first = missing[0];
    if (first) {
      if (first.objectId) choose(editor, first.objectId);
      else editor.selection.clear();
      toast(missing.length > 1 ? `${first.message} (and ${missing.length - 1} more)` : first.message);
      return;
    }
    session.decide("submit");
  }, [session, row, editor]);

  const flow = useMemo<Flow>(() => {
    const base = `/projects/${project.id}/${mode}`;
    return {
      submit,
      skip,
      approve: () => {
        session.decide("approve");
      },
      reject: () => {
        setRejecting(row);
      },
      previous: () => {
        const before = visitedBefore(given ? row.id : null);
        if (before) navigate(`${base}/${before}`);
        else toast("This is the first row of this visit");
      },
      next: () => {
        if (given) navigate(base);
        else toast(mode === "label" ? "Submit or skip this row to go on" : "Approve or reject this row to go on");
      },
    };
  }, [project.id, mode, session, row, given, navigate, submit, skip]);

  return (
    <Workbench
      editor={editor}
      definition={definition}
      asset={asset}
      instead={
        problem ? (
          <Empty
            title="This row cannot be shown"
            actions={
              <>
                {mode === "label" ? <Button look="primary" chord="S" onClick={skip}>Skip it</Button> : null}
                {retry ? <Button onClick={retry}>Load it again</Button> : null}
              </>
            }
          >
            {problem}
          </Empty>
        ) : null
      }
      mode={mode}
      flow={flow}
      header={<DeskHeader session={session} row={row} project={project} mode={mode} flow={flow} given={given} />}
      aside={
        <>
          <OutboxNotice outbox={outbox} projectId={project.id} />
          <Attachments attachments={task.dataRow.attachments} />
          <Remarks
            task={task}
            editor={editor}
            rejecting={rejecting === row}
            onReject={(comment) => {
              setRejecting(null);
              session.decide("reject", comment || null);
            }}
            onCancel={() => {
              setRejecting(null);
            }}
          />
        </>
      }
    />
  );
}

interface AssetState {
  readonly row: OpenRow | null;
  readonly asset: Asset | null;
  readonly problem: string | null;
}

/** The row's asset: at once when it is decoded already, else when it has come. */
function useAsset(row: OpenRow, shelf: AssetShelf) {
  const { dataRow } = row.prepared.task;
  const failed = dataRow.processingStatus === "FAILED" ? (dataRow.processingError ?? "The server could not read this file.") : null;
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<AssetState>({ row: null, asset: null, problem: null });
  const ready = failed === null ? shelf.ready(dataRow) : null;

  useEffect(() => {
    if (ready || failed !== null) return;
    let wanted = true;
    shelf.open(dataRow).then(
      (asset) => {
        if (!wanted) return;
        row.editor.viewport.setAsset(asset.size);
        setLoaded({ row, asset, problem: null });
      },
      (error: unknown) => {
        if (wanted) setLoaded({ row, asset: null, problem: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      wanted = false;
    };
  }, [row, dataRow, shelf, ready, failed, attempt]);

  const mine = loaded.row === row ? loaded : null;
  return {
    asset: ready ?? mine?.asset ?? null,
    problem: failed ?? mine?.problem ?? null,
    // What the server could not read stays unreadable; what did not come over may come the next time.
    retry:
      failed === null
        ? () => {
            setLoaded({ row: null, asset: null, problem: null });
            setAttempt(attempt + 1);
          }
        : null,
  };
}
