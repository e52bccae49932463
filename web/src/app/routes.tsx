import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Suspense, lazy, useEffect } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { codeOf, mayPass, messageOf } from "../api/client";
import { outboxOf } from "../pages/labels/outbox";
import { Button, LinkButton } from "../ui/Button";
import { Empty } from "../ui/Notice";
import { Toasts } from "../ui/Toasts";
import { AcceptInvite } from "./AcceptInvite";
import { ErrorBoundary } from "./ErrorBoundary";
import { useSession } from "./session";
import { Shell } from "./Shell";
import { SignIn } from "./SignIn";

const ProjectList = lazy(() => import("../pages/projects/ProjectList"));
const ProjectOverview = lazy(() => import("../pages/projects/ProjectOverview"));
const LabelTable = lazy(() => import("../pages/labels/LabelTable"));
const LabelPage = lazy(() => import("../pages/labels/LabelPage"));

const client: QueryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: (failures, error) => mayPass(error) && failures < 2, refetchOnWindowFocus: false, staleTime: 5000 },
  },
  queryCache: new QueryCache({
    onError: (error) => {
      // A session that ended: the next look at it leads to the sign-in page.
      if (codeOf(error) === "AUTHENTICATION_ERROR") client.setQueryData(["session"], null);
    },
  }),
});

export function App() {
  return (
    <QueryClientProvider client={client}>
      <ErrorBoundary>
        <Pages />
      </ErrorBoundary>
      <Toasts />
    </QueryClientProvider>
  );
}

function Pages() {
  const session = useSession();
  const [path] = useLocation();
  const userId = session.data?.user.id;
  useEffect(() => {
    // Decisions that an earlier tab could not send go out from whichever page is opened.
    if (userId !== undefined) outboxOf(userId);
  }, [userId]);
  if (session.isPending) return null;
  if (session.isError) {
    return (
      <Empty title="The server cannot be reached" actions={<Button look="primary" onClick={() => void session.refetch()}>Try again</Button>}>
        {messageOf(session.error)}
      </Empty>
    );
  }
  const invite = /^\/invite\/([^/]+)$/.exec(path)?.[1];
  if (invite !== undefined) return <AcceptInvite token={invite} />;
  if (path === "/sign-in") return <SignIn signedIn={session.data !== null} />;
  if (session.data === null) return <Redirect to={`/sign-in?to=${encodeURIComponent(path + window.location.search)}`} replace />;
  const { data } = session;
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/projects/:projectId/label/:dataRowId?">
          {({ projectId, dataRowId }) => (
            <LabelPage key={`label ${projectId}`} mode="label" userId={data.user.id} projectId={projectId} dataRowId={dataRowId ?? null} />
          )}
        </Route>
        <Route path="/projects/:projectId/review/:dataRowId?">
          {({ projectId, dataRowId }) => (
            <LabelPage key={`review ${projectId}`} mode="review" userId={data.user.id} projectId={projectId} dataRowId={dataRowId ?? null} />
          )}
        </Route>
        <Route>
          <Shell session={data}>
            <Suspense fallback={null}>
              <Switch>
                <Route path="/">
                  <Redirect to="/projects" replace />
                </Route>
                <Route path="/projects">
                  <ProjectList />
                </Route>
                <Route path="/projects/:projectId">{({ projectId }) => <ProjectOverview projectId={projectId} />}</Route>
                <Route path="/projects/:projectId/rows">{({ projectId }) => <LabelTable projectId={projectId} />}</Route>
                <Route>
                  <Empty title="There is no such page" actions={<LinkButton look="primary" href="/projects">All projects</LinkButton>}>
                    The address may be mistyped, or the page has moved.
                  </Empty>
                </Route>
              </Switch>
            </Suspense>
          </Shell>
        </Route>
      </Switch>
    </Suspense>
  );
}
