import { useState } from "react";
import { Redirect, useSearchParams } from "wouter";
import { codeOf, messageOf } from "../api/client";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { Mark } from "./Mark";
import styles from "./app.module.css";
import { useSignIn } from "./session";

/** Only paths of our own: a link must not send people elsewhere after signing in. */
function safePath(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : "/projects";
}

export function SignIn({ signedIn }: { readonly signedIn: boolean }) {
  const [search] = useSearchParams();
  const signIn = useSignIn();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (signedIn) return <Redirect to={safePath(search.get("to"))} replace />;

  const submit = async (form: FormData) => {
    setBusy(true);
    setProblem(null);
    try {
      await signIn(String(form.get("email")), String(form.get("password")));
    } catch (error) {
      setProblem(codeOf(error) === "AUTHENTICATION_ERROR" ? "This email and password do not fit together." : messageOf(error));
      setBusy(false);
    }
  };

  return (
    <main className={styles.signIn}>
      <form
        className={styles.signInForm}
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <h1 className={styles.signInTitle}>
          <Mark /> Sign in to Labelyard
        </h1>
        {search.has("expired") ? (
          <Notice tone="warn">That link was used or has expired. Sign in with your password, or ask for a new link.</Notice>
        ) : null}
        {problem ? <Notice tone="bad">{problem}</Notice> : null}
        <Field label="Email" name="email" type="email" autoComplete="username" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Button look="primary" type="submit" chord="Enter" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
        <p className={styles.signInHint}>No account? An administrator of this server can invite you.</p>
      </form>
    </main>
  );
}
