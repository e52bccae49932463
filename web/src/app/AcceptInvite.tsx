import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Redirect } from "wouter";
import { codeOf, messageOf, rest } from "../api/client";
import { Button, LinkButton } from "../ui/Button";
import { Field } from "../ui/Field";
import { Empty, Notice } from "../ui/Notice";
import { Mark } from "./Mark";
import styles from "./app.module.css";
import { useAcceptInvite } from "./session";

interface Invite {
  readonly email: string;
  readonly organization: string;
  readonly role: string;
  readonly inviter: string;
}

const shortestPassword = 8;

/** Where an invitation's link leads: the invited person chooses a password and is signed in. */
export function AcceptInvite({ token }: { readonly token: string }) {
  const invite = useQuery({
    queryKey: ["invite", token],
    queryFn: () => rest<Invite>("GET", `/api/v1/invites/${encodeURIComponent(token)}`),
    retry: false,
    staleTime: Infinity,
  });
  const accept = useAcceptInvite(token);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [accepted, setAccepted] = useState(false);
  if (accepted) return <Redirect to="/projects" replace />;
  if (invite.isPending || invite.data === null) return null;
  if (invite.isError) {
    return codeOf(invite.error) === "RESOURCE_NOT_FOUND" ? (
      <Empty title="This invitation does not count any more" actions={<LinkButton look="primary" href="/sign-in">Sign in</LinkButton>}>
        It was used, withdrawn, or has expired. Ask for a new one.
      </Empty>
    ) : (
      <Empty title="The invitation cannot be read" actions={<Button look="primary" onClick={() => void invite.refetch()}>Try again</Button>}>
        {messageOf(invite.error)}
      </Empty>
    );
  }

  const submit = async (form: FormData) => {
    setBusy(true);
    setProblem(null);
    try {
      await accept(String(form.get("name")), String(form.get("password")));
      setAccepted(true);
    } catch (error) {
      const known = codeOf(error) === "AUTHENTICATION_ERROR" || codeOf(error) === "RESOURCE_NOT_FOUND";
      setProblem(known && error instanceof Error ? error.message : messageOf(error));
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
          <Mark /> Join {invite.data.organization}
        </h1>
        <p>
          {invite.data.inviter} invites {invite.data.email}
          {invite.data.role === "None" ? "." : ` as ${invite.data.role}.`}
        </p>
        {problem ? <Notice tone="bad">{problem}</Notice> : null}
        {/* read by password managers: whose password this is */}
        <input type="hidden" name="email" value={invite.data.email} autoComplete="username" />
        <Field label="Your name" name="name" autoComplete="name" autoFocus />
        <Field
          label={`Password, at least ${shortestPassword} characters`}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={shortestPassword}
          required
        />
        <Button look="primary" type="submit" chord="Enter" disabled={busy}>
          {busy ? "Joining…" : "Join"}
        </Button>
      </form>
    </main>
  );
}
