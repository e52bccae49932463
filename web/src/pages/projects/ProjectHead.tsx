import { Link } from "wouter";
import styles from "./projects.module.css";

interface ProjectHeadProps {
  readonly projectId: string;
  readonly name: string | null;
  readonly here: "overview" | "rows";
}

/** A project's name and its pages. */
export function ProjectHead({ projectId, name, here }: ProjectHeadProps) {
  const base = `/projects/${projectId}`;
  return (
    <header className={styles.projectHead}>
      <h1>
        <Link href="/projects">Projects</Link>
        <span aria-hidden="true"> / </span>
        {name ?? "Unnamed"}
      </h1>
      <nav className={styles.tabs} aria-label="Project">
        <Link href={base} aria-current={here === "overview" ? "page" : undefined}>
          Overview
        </Link>
        <Link href={`${base}/rows`} aria-current={here === "rows" ? "page" : undefined}>
          Rows
        </Link>
      </nav>
    </header>
  );
}
