import { graphql } from "../../api/client";

export interface ProjectSummary {
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly allowedMediaType: string | null;
  readonly dataRowCount: number | null;
  readonly labelCount: number;
  readonly createdAt: string | null;
  readonly lastActivityTime: string | null;
}

const PROJECTS = /* GraphQL */ `
  query Projects($search: String, $skip: Int, $first: Int) {
    projects(search: $search, skip: $skip, first: $first, orderBy: lastActivityTime_DESC) {
      id
      name
      description
      allowedMediaType
      dataRowCount
      labelCount
      createdAt
      lastActivityTime
    }
  }
`;

export const projectsPerPage = 100;

export async function projects(search: string, skip: number, signal: AbortSignal): Promise<readonly ProjectSummary[]> {
  const variables = { search, skip, first: projectsPerPage };
  return (await graphql<{ projects: readonly ProjectSummary[] }>(PROJECTS, variables, { signal })).projects;
}

export interface ProjectMember {
  readonly id: string;
  readonly user: { readonly id: string; readonly email: string | null; readonly nickname: string | null } | null;
  readonly role: { readonly name: string | null } | null;
}

export interface LabelerPerformance {
  readonly user: { readonly email: string | null };
  readonly count: number;
  readonly secondsPerLabel: number | null;
}

export interface ProjectDetails {
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly allowedMediaType: string | null;
  readonly dataRowCount: number | null;
  readonly ontology: { readonly id: string; readonly name: string | null; readonly normalized: unknown } | null;
  readonly taskQueues: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly queueType: string | null;
    readonly dataRowCount: number | null;
  }[];
  readonly workstreamStateCounts: readonly { readonly state: string; readonly count: number }[];
  readonly batches: { readonly nodes: readonly { readonly id: string; readonly name: string | null; readonly size: number | null; readonly createdAt: string | null }[] };
  readonly members: readonly ProjectMember[];
}

const PROJECT = /* GraphQL */ `
  query ProjectOverview($id: ID!) {
    project(where: { id: $id }) {
      id
      name
      description
      allowedMediaType
      dataRowCount
      ontology { id name normalized }
      taskQueues { id name queueType dataRowCount }
      workstreamStateCounts { state count }
      batches(first: 100) { nodes { id name size createdAt } }
      members(first: 100) { id user { id email nickname } role { name } }
    }
  }
`;

export async function projectDetails(id: string, signal: AbortSignal): Promise<ProjectDetails | null> {
  return (await graphql<{ project: ProjectDetails | null }>(PROJECT, { id }, { signal })).project;
}

const PERFORMANCE = /* GraphQL */ `
  query ProjectPerformance($id: ID!) {
    project(where: { id: $id }) {
      id
      labelerPerformance(first: 100) { user { email } count secondsPerLabel }
    }
  }
`;

/** Asked for by itself: these numbers take longer than the rest of the page and are not needed to begin. */
export async function labelerPerformance(id: string, signal: AbortSignal): Promise<readonly LabelerPerformance[]> {
  const { project } = await graphql<{ project: { labelerPerformance: readonly LabelerPerformance[] } | null }>(
    PERFORMANCE,
    { id },
    { signal },
  );
  return project?.labelerPerformance ?? [];
}
