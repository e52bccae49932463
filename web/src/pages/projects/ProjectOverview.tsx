import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useLocation } from "wouter";
import { codeOf, messageOf } from "../../api/client";
import { readOntology } from "../../editors/core/model/ontology";
import { Button, LinkButton } from "../../ui/Button";
import { Badge, Empty, Notice } from "../../ui/Notice";
import { labelerPerformance, projectDetails } from "./operations";
import type { ProjectDetails } from "./operations";
import { ProjectHead } from "./ProjectHead";
import styles from "./projects.module.css";

/** Progress of one project, and the way into labeling and reviewing. */
export default function ProjectOverview({ projectId }: { readonly projectId: string }) {
  const query = useQuery({
    queryKey: ["project", projectId],
    queryFn: ({ signal }) => projectDetails(projectId, signal),
    refetchOnMount: "always",
  });
  const name = query.data?.name;
  useEffect(() => {
    document.title = name ? `${name} · Labelyard` : "Labelyard";
  }, [name]);

  const all = <LinkButton href="/projects">All projects</LinkButton>;
  if (query.isError && codeOf(query.error) !== "RESOURCE_NOT_FOUND") {
    return (
      <Empty title="The project could not be loaded" actions={<><Button look="primary" onClick={() => void query.refetch()}>Try again</Button>{all}</>}>
        {messageOf(query.error)}
      </Empty>
    );
  }
  if (query.isPending) return null;
  if (!query.data) return <Empty title="There is no such project" actions={all}>It may have been deleted, or you are not a member of it.</Empty>;
  return <Overview project={query.data} />;
}

function Overview({ project }: { readonly project: ProjectDetails }) {
  const [, navigate] = useLocation();
  const count = (state: string) => project.workstreamStateCounts.find((one) => one.state === state)?.count ?? 0;
  const base = `/projects/${project.id}`;
  const toLabel = count("Unlabeled");
  const inReview = count("InReview");
  const inRework = count("InRework");
  const total = count("All") || (project.dataRowCount ?? 0);
  const states = [
    { state: "TO_LABEL", name: "To label", count: toLabel, color: "var(--bar-to-label)" },
    { state: "IN_REVIEW", name: "In review", count: inReview, color: "var(--bar-review)" },
    { state: "IN_REWORK", name: "Rework", count: inRework, color: "var(--bar-rework)" },
    { state: "SKIPPED", name: "Skipped", count: count("Skipped"), color: "var(--bar-skipped)" },
    { state: "DONE", name: "Done", count: count("Done"), color: "var(--bar-done)" },
  ];
  const ontology = readOntology(project.ontology?.normalized);
  const hasOntology = ontology.tools.length + ontology.questions.length > 0;
  const toDo = toLabel + inRework;

  useEffect(() => {
    const start = (event: KeyboardEvent) => {
      if (event.key === "Enter" && event.target === document.body && hasOntology && toDo > 0) navigate(`${base}/label`);
    };
    window.addEventListener("keydown", start);
    return () => {
      window.removeEventListener("keydown", start);
    };
  }, [base, hasOntology, toDo, navigate]);

  return (
    <>
      <ProjectHead projectId={project.id} name={project.name} here="overview" />
      {hasOntology ? null : (
        <div className={styles.above}>
          <Notice tone="warn">
            This project has no ontology yet, so there is nothing to label with. Connect one with the SDK:
            <code> project.connect_ontology(ontology)</code>.
          </Notice>
        </div>
      )}
      <div className={styles.start}>
        {hasOntology && toDo > 0 ? (
          <LinkButton look="primary" chord="Enter" href={`${base}/label`}>
            Start labeling
          </LinkButton>
        ) : null}
        {inReview > 0 ? <LinkButton href={`${base}/review`}>Start reviewing</LinkButton> : null}
        <span className={styles.summary}>{summaryOf(toLabel, inRework, inReview, total)}</span>
      </div>
      <div className={styles.columns}>
        <section className={styles.card} aria-label="Progress">
          <h2>Progress</h2>
          <table className={styles.bars}>
            <tbody>
              {states.map(({ state, name, count: rows, color }) => (
                <tr key={state}>
                  <th scope="row">
                    <Link href={`${base}/rows?state=${state}`}>{name}</Link>
                  </th>
                  <td className={styles.barCell}>
                    <span className={styles.bar} aria-hidden="true">
                      <span style={{ width: total > 0 ? `${(rows / total) * 100}%` : 0, background: color }} />
                    </span>
                  </td>
                  <td className={`${styles.right} number`}>{rows.toLocaleString()}</td>
                  <td className={`${styles.right} ${styles.muted} number`}>{percentOf(rows, total)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section className={styles.card} aria-label="Task queues">
          <h2>Workflow</h2>
          <ul className={styles.lines}>
            {project.taskQueues.map((queue) => (
              <li key={queue.id}>
                <span>{queue.name}</span>
                <span className="number">{(queue.dataRowCount ?? 0).toLocaleString()}</span>
              </li>
            ))}
          </ul>
          <h2 className={styles.second}>Ontology</h2>
          {project.ontology && hasOntology ? (
            <p>
              {project.ontology.name} <span className={styles.muted}>· {ontology.tools.length} tools, {ontology.questions.length} questions</span>
            </p>
          ) : (
            <p className={styles.muted}>None connected</p>
          )}
        </section>
      </div>
      <div className={styles.columns}>
        <Batches project={project} />
        <Members project={project} />
      </div>
    </>
  );
}

function percentOf(rows: number, total: number): string {
  if (total === 0) return "";
  const percent = Math.round((rows / total) * 100);
  return percent === 0 && rows > 0 ? "<1%" : `${percent}%`;
}

function summaryOf(toLabel: number, inRework: number, inReview: number, total: number): string {
  if (total === 0) return "No data rows yet. Send a batch to the project to begin: project.create_batch(…).";
  const parts = [`${toLabel.toLocaleString()} to label`];
  if (inRework > 0) parts.push(`${inRework.toLocaleString()} in rework`);
  if (inReview > 0) parts.push(`${inReview.toLocaleString()} to review`);
  return toLabel + inRework + inReview === 0 ? "Everything is labeled and reviewed." : parts.join(" · ");
}

function Batches({ project }: { readonly project: ProjectDetails }) {
  const { nodes } = project.batches;
  return (
    <section className={styles.card} aria-label="Batches">
      <h2>Batches</h2>
      {nodes.length === 0 ? (
        <p className={styles.muted}>None yet. A batch sends data rows to the project.</p>
      ) : (
        <table className={styles.small}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className={styles.right}>Rows</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((batch) => (
              <tr key={batch.id}>
                <td>{batch.name}</td>
                <td className={`${styles.right} number`}>{(batch.size ?? 0).toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Members({ project }: { readonly project: ProjectDetails }) {
  const query = useQuery({
    queryKey: ["project performance", project.id],
    queryFn: ({ signal }) => labelerPerformance(project.id, signal),
    retry: false,
  });
  const performance = new Map((query.data ?? []).map((one) => [one.user.email, one]));
  return (
    <section className={styles.card} aria-label="Members">
      <h2>Members</h2>
      {project.members.length === 0 ? (
        <p className={styles.muted}>Only people with a role in the whole organization work here.</p>
      ) : (
        <table className={styles.small}>
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Role</th>
              <th scope="col" className={styles.right}>Labels</th>
              <th scope="col" className={styles.right}>s / label</th>
            </tr>
          </thead>
          <tbody>
            {project.members.map(({ id, user, role }) => {
              const done = performance.get(user?.email ?? null);
              return (
                <tr key={id}>
                  <td title={user?.email ?? undefined}>{user?.nickname || user?.email || "–"}</td>
                  <td>{role?.name ? <Badge>{role.name}</Badge> : null}</td>
                  <td className={`${styles.right} number`}>{done ? done.count.toLocaleString() : "–"}</td>
                  <td className={`${styles.right} number`}>{done?.secondsPerLabel == null ? "–" : Math.round(done.secondsPerLabel)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
