import { useQuery, useQueryClient } from "@tanstack/react-query";
import { codeOf, rest } from "../api/client";

export interface Session {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly organization: { readonly id: string; readonly name: string };
  readonly role: string;
}

const key = ["session"];

async function currentSession(): Promise<Session | null> {
  try {
    return await rest<Session>("GET", "/api/v1/session");
  } catch (error) {
    if (codeOf(error) === "AUTHENTICATION_ERROR") return null;
    throw error;
  }
}

/** Who is signed in: null when nobody is. */
export function useSession() {
  return useQuery({ queryKey: key, queryFn: currentSession, staleTime: 5 * 60_000, retry: 1 });
}

export function useSignIn() {
  const client = useQueryClient();
  return async (email: string, password: string): Promise<void> => {
    const session = await rest<Session>("POST", "/api/v1/session", { email, password });
    client.setQueryData(key, session);
  };
}

/** Accepts an invitation by its link's token. The caller leaves the page: the session is set when this resolves. */
export function useAcceptInvite(token: string) {
  const client = useQueryClient();
  return async (name: string, password: string): Promise<void> => {
    const session = await rest<Session>("POST", `/api/v1/invites/${encodeURIComponent(token)}`, { name, password });
    client.clear();
    client.setQueryData(key, session);
  };
}

export function useSignOut() {
  const client = useQueryClient();
  return async (): Promise<void> => {
    await rest("DELETE", "/api/v1/session");
    client.setQueryData(key, null);
    // What the next person may see is asked for anew.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
  };
}
