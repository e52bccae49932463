import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { messageOf } from "../../api/client";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Empty } from "../../ui/Notice";
import { projects, projectsPerPage } from "./operations";
import type { ProjectSummary } from "./operations";
import styles from "./projects.module.css";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** All projects of the organization, the latest work first. */
export default function ProjectList() {
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim());
  const query = useInfiniteQuery({
    queryKey: ["projects", wanted],
    queryFn: ({ pageParam, signal }) => projects(wanted, pageParam, signal),
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.length === projectsPerPage ? pages.length * projectsPerPage : undefined),
  });
  useEffect(() => {
    document.title = "Projects · Labelyard";
  }, []);

  if (query.isError) {
    return (
      <Empty title="The projects could not be loaded" actions={<Button look="primary" onClick={() => void query.refetch()}>Try again</Button>}>
        {messageOf(query.error)}
      </Empty>
    );
  }
  if (query.isPending) return null;
  const found = query.data.pages.flat();
  if (found.length === 0 && !wanted && !search) {
    return (
      <Empty title="No projects yet">
        A project is one labeling effort: an ontology, a media type, and data rows. Create one with the SDK,
        <code> client.create_project(…)</code>, and it appears here.
      </Empty>
    );
  }
  return (
    <>
      <header className={styles.title}>
        <h1>Projects</h1>
        <span className={styles.search}>
          <Field
            label="Search the projects"
            labelHidden
            type="search"
            placeholder="Search by name"
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
            }}
          />
        </span>
      </header>
      {found.length === 0 ? (
        <Empty title="No project has that name" actions={<Button onClick={() => { setSearch(""); }}>Show all</Button>} />
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Media</th>
              <th scope="col" className={styles.wide}>Labeled</th>
              <th scope="col" className={styles.right}>Rows</th>
              <th scope="col" className={styles.right}>Last activity</th>
            </tr>
          </thead>
          <tbody>
            {found.map((project) => (
              <ProjectLine key={project.id} project={project} />
            ))}
          </tbody>
        </table>
      )}
      {query.hasNextPage ? (
        <p className={styles.more}>
          <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {query.isFetchingNextPage ? "Loading…" : "Load more projects"}
          </Button>
        </p>
      ) : null}
    </>
  );
}

function ProjectLine({ project }: { readonly project: ProjectSummary }) {
  const [, navigate] = useLocation();
  const rows = project.dataRowCount ?? 0;
  const share = rows === 0 ? 0 : Math.min(1, project.labelCount / rows);
  const last = project.lastActivityTime ?? project.createdAt;
  const path = `/projects/${project.id}`;
  return (
    <tr
      className={styles.link}
      onClick={() => {
        navigate(path);
      }}
    >
      <td>
        <Link href={path} className={styles.name} onClick={(event) => { event.stopPropagation(); }}>
          {project.name ?? "Unnamed"}
        </Link>
        {project.description ? <span className={styles.description}>{project.description}</span> : null}
      </td>
      <td className={styles.muted}>{mediaName(project.allowedMediaType)}</td>
      <td>
        <span className={styles.labeled}>
          <span className={styles.track} aria-hidden="true">
            <span style={{ width: `${share * 100}%` }} />
          </span>
          <span className="number">{project.labelCount.toLocaleString()}</span>
        </span>
      </td>
      <td className={`${styles.right} number`}>{rows.toLocaleString()}</td>
      <td className={`${styles.right} ${styles.muted}`}>{last ? day.format(new Date(last)) : "–"}</td>
    </tr>
  );
}

function mediaName(type: string | null): string {
  const names: Readonly<Record<string, string>> = {
    IMAGE: "Image", VIDEO: "Video", TEXT: "Text", PDF: "Document", AUDIO: "Audio", HTML: "HTML",
    CONVERSATIONAL: "Conversation", TMS_GEO: "Geospatial", TMS_SIMPLE: "Tiled image", DICOM: "DICOM", JSON: "JSON",
  };
  return names[type?.toUpperCase() ?? ""] ?? "Any";
}
