import type { ReactNode } from "react";
import { Link } from "wouter";
import { Button } from "../ui/Button";
import styles from "./app.module.css";
import { Mark } from "./Mark";
import { useSignOut } from "./session";
import type { Session } from "./session";

/** The bar above every page but the editor. */
export function Shell({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const signOut = useSignOut();
  return (
    <div className={styles.shell}>
      <header className={styles.bar}>
        <Link href="/projects" className={styles.home}>
          <Mark /> Labelyard
        </Link>
        <nav className={styles.nav} aria-label="Main">
          <Link href="/projects" className={(active) => (active ? (styles.current ?? "") : "")}>
            Projects
          </Link>
        </nav>
        <span className={styles.who}>
          <span>{session.organization.name}</span>
          <span title={`${session.user.email} · ${session.role}`}>{session.user.name || session.user.email}</span>
          <Button look="quiet" onClick={() => void signOut()}>
            Sign out
          </Button>
        </span>
      </header>
      <div className={styles.page}>{children}</div>
    </div>
  );
}
