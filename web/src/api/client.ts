/** The one door to the server: a POST to /graphql, and the few REST calls that sign a person in. */

export class ApiError extends Error {
  constructor(
    message: string,
    /** The wire's code, or `OFFLINE` when the server was not reached, `UNAVAILABLE` when it did not answer in kind. */
    readonly code: string,
  ) {
    super(message);
  }
}

const sentences: Readonly<Record<string, string>> = {
  OFFLINE: "The server cannot be reached. Check the connection; nothing is lost.",
  UNAVAILABLE: "The server is not answering properly just now. Try again in a moment.",
  AUTHENTICATION_ERROR: "You are signed out.",
  AUTHORIZATION_ERROR: "You do not have permission for this.",
  RESOURCE_NOT_FOUND: "This does not exist, or not any more.",
  INTERNAL_SERVER_ERROR: "The server ran into an error of its own.",
};

/** What to tell people about an error. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return sentences[error.code] ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

export function codeOf(error: unknown): string | null {
  return error instanceof ApiError ? error.code : null;
}

/** Whether the same request may succeed later without anybody changing it. */
export function mayPass(error: unknown): boolean {
  const code = codeOf(error);
  return code === "OFFLINE" || code === "UNAVAILABLE" || code === "INTERNAL_SERVER_ERROR";
}

const ownRequest = { "X-Labelyard": "1" };

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("The server was not reached", "OFFLINE");
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError(`The server answered ${response.status} without a document`, "UNAVAILABLE");
  }
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message?: string; readonly extensions?: { readonly code?: string } }[];
}

interface GraphqlOptions {
  readonly signal?: AbortSignal | undefined;
  /** The request outlives the page (and may carry at most 64 kB). */
  readonly keepalive?: boolean;
}

export async function graphql<Data>(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  { signal, keepalive = false }: GraphqlOptions = {},
): Promise<Data> {
  const response = await reach("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...ownRequest },
    body: JSON.stringify({ query, variables }),
    keepalive,
    signal: signal ?? null,
  });
  const answer = (await jsonOf(response)) as GraphqlAnswer;
  const error = answer.errors?.[0];
  if (error) {
    const byStatus = response.status === 401 ? "AUTHENTICATION_ERROR" : "UNAVAILABLE";
    throw new ApiError(error.message ?? "The server refused", error.extensions?.code ?? byStatus);
  }
  if (!response.ok || answer.data == null) throw new ApiError(`The server answered ${response.status}`, "UNAVAILABLE");
  return answer.data as Data;
}

/** A REST call; null for an answer without a body. */
export async function rest<Body>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<Body | null> {
  const response = await reach(path, {
    method,
    headers: { ...ownRequest, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (response.status === 204) return null;
  const document = (await jsonOf(response)) as { message?: string; code?: string };
  if (response.ok) return document as Body;
  const code = response.status === 401 ? "AUTHENTICATION_ERROR" : response.status >= 500 ? "UNAVAILABLE" : (document.code ?? "MALFORMED_REQUEST");
  throw new ApiError(document.message ?? `The server answered ${response.status}`, code);
}
