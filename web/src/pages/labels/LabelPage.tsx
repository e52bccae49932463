import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { codeOf, messageOf } from "../../api/client";
import { editorFor } from "../../editors/registry";
import type { EditorDefinition } from "../../editors/EditorDefinition";
import { readOntology } from "../../editors/core/model/ontology";
import type { Ontology } from "../../editors/core/model/ontology";
import { useSignal } from "../../editors/core/panels/useSignal";
import { Button, LinkButton } from "../../ui/Button";
import { Empty } from "../../ui/Notice";
import { FrameDesk } from "./frame/FrameDesk";
import { LabelingSession } from "./LabelingSession";
import styles from "./labels.module.css";
import { labelingProject } from "./operations";
import type { LabelingProject } from "./operations";
import { outboxOf } from "./outbox";
import { RowDesk } from "./RowDesk";

interface LabelPageProps {
  readonly mode: "label" | "review";
  readonly userId: string;
  readonly projectId: string;
  readonly dataRowId: string | null;
}

/** The next data row -> editor -> submit; the only door to the editors. */
export default function LabelPage(props: LabelPageProps) {
  const { projectId, mode } = props;
  const project = useQuery({
    queryKey: ["labeling project", projectId],
    queryFn: ({ signal }) => labelingProject(projectId, signal),
    staleTime: 60_000,
  });
  const frontend = project.data?.labelingFrontend;
  const ownPage = frontend?.iframeUrlPath && frontend.iframeUrlPath !== "/editor" ? { name: frontend.name, iframeUrlPath: frontend.iframeUrlPath } : null;
  const mediaType = (project.data?.allowedMediaType ?? "IMAGE").toUpperCase();
  const definition = useQuery({
    queryKey: ["editor", mediaType],
    queryFn: () => editorFor(mediaType),
    enabled: project.data != null && !ownPage,
    staleTime: Infinity,
  });
  useEffect(() => {
    const name = project.data?.name;
    document.title = name ? `${mode === "review" ? "Review" : "Label"} · ${name}` : "Labelyard";
  }, [project.data?.name, mode]);

  const toProjects = <LinkButton href="/projects">All projects</LinkButton>;
  const toProject = <LinkButton href={`/projects/${projectId}`}>Back to the project</LinkButton>;
  if (project.isError && codeOf(project.error) !== "RESOURCE_NOT_FOUND") {
    return (
      <Dark>
        <Empty title="The project could not be opened" actions={<><Button look="primary" onClick={() => void project.refetch()}>Try again</Button>{toProjects}</>}>
          {messageOf(project.error)}
        </Empty>
      </Dark>
    );
  }
  if (project.data && ownPage) return <FrameDesk project={project.data} frontend={ownPage} mode={mode} dataRowId={props.dataRowId} />;
  if (project.isPending || (project.data && definition.isPending)) return <Dark />;
  if (!project.data) {
    return (
      <Dark>
        <Empty title="There is no such project" actions={toProjects}>It may have been deleted, or you are not a member of it.</Empty>
      </Dark>
    );
  }
  if (definition.isError) {
    return (
      <Dark>
        <Empty title="The editor could not be loaded" actions={<><Button look="primary" onClick={() => void definition.refetch()}>Try again</Button>{toProject}</>}>
          The server may have been updated just now.
        </Empty>
      </Dark>
    );
  }
  if (!definition.data) {
    return (
      <Dark>
        <Empty title="There is no editor for this kind of data" actions={toProject}>
          Rows of type {mediaType} can be imported and exported here, but not labeled in the browser.
        </Empty>
      </Dark>
    );
  }
  const ontology = readOntology(project.data.ontology?.normalized);
  if (ontology.tools.length === 0 && ontology.questions.length === 0) {
    return (
      <Dark>
        <Empty title="This project has no ontology yet" actions={toProject}>
          An ontology says what can be labeled. A project lead connects one to the project before labeling starts.
        </Empty>
      </Dark>
    );
  }
  return <Room {...props} project={project.data} definition={definition.data} ontologyDocument={project.data.ontology?.normalized} />;
}

interface RoomProps extends LabelPageProps {
  readonly project: LabelingProject;
  readonly definition: EditorDefinition;
  readonly ontologyDocument: unknown;
}

function Room({ project, definition, ontologyDocument, userId, projectId, mode, dataRowId }: RoomProps) {
  const ontology: Ontology = useMemo(() => readOntology(ontologyDocument), [ontologyDocument]);
  const shelf = useMemo(() => definition.newShelf(), [definition]);
  const outbox = outboxOf(userId);
  const session = useMemo(
    () => new LabelingSession({ userId, projectId, mode, ontology, outbox, shelf, dataRowId }),
    [userId, projectId, mode, ontology, outbox, shelf, dataRowId],
  );
  useEffect(() => {
    void session.start();
    return () => {
      session.close();
    };
  }, [session]);
  useEffect(
    () => () => {
      shelf.close();
    },
    [shelf],
  );
  useSignal(session.changed);

  const { state } = session;
  if (state.kind === "working") {
    return <RowDesk session={session} row={state.row} project={project} definition={definition} shelf={shelf} outbox={outbox} mode={mode} given={dataRowId !== null} />;
  }
  if (state.kind === "loading") return <Dark />;
  const toProject = <LinkButton href={`/projects/${projectId}`}>Back to the project</LinkButton>;
  const again = (
    <Button look="primary" onClick={() => void session.start()}>
      Look again
    </Button>
  );
  if (state.kind === "failed") {
    const waiting = outbox.waiting.length;
    return (
      <Dark>
        <Empty title="The next row could not be loaded" actions={<>{again}{toProject}</>}>
          {state.message}
          {waiting > 0 ? ` ${waiting} finished ${waiting === 1 ? "row is" : "rows are"} kept on this computer and will be sent.` : ""}
        </Empty>
      </Dark>
    );
  }
  if (state.kind === "missing") {
    return (
      <Dark>
        <Empty title="This row is not in the project" actions={toProject}>It may have been removed from its batch.</Empty>
      </Dark>
    );
  }
  if (state.kind === "done") {
    return (
      <Dark>
        <Empty
          title={mode === "review" ? "Reviewed" : "Saved"}
          actions={
            <>
              <LinkButton look="primary" href={`/projects/${projectId}/${mode}`}>
                {mode === "review" ? "Review the next row" : "Label the next row"}
              </LinkButton>
              <LinkButton href={`/projects/${projectId}/rows`}>All rows</LinkButton>
            </>
          }
        >
          Your decision is kept and on its way to the server.
        </Empty>
      </Dark>
    );
  }
  return (
    <Dark>
      <Empty title={mode === "review" ? "Nothing left to review" : "Nothing left to label"} actions={<>{again}{toProject}</>}>
        {emptyReason(session, mode)}
      </Empty>
    </Dark>
  );
}

function emptyReason({ heldByOthers, inOtherTabs }: LabelingSession, mode: "label" | "review"): string {
  if (inOtherTabs > 0) return "The rows reserved for you are open in other tabs of yours.";
  if (heldByOthers > 0) {
    return `${heldByOthers} ${heldByOthers === 1 ? "row is" : "rows are"} just now with other people. What they leave comes back here.`;
  }
  return mode === "review" ? "Rows arrive here when they have been labeled." : "Add a batch of data rows to the project to go on.";
}

function Dark({ children }: { readonly children?: React.ReactNode }) {
  return (
    <div className={styles.dark} data-theme="dark">
      {children}
    </div>
  );
}
