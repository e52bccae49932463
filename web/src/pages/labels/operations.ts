import { graphql } from "../../api/client";
import type { OutboxEntry } from "../../editors/core/state/outbox";

export interface Person {
  readonly email: string | null;
  readonly nickname: string | null;
  readonly name: string | null;
}

export interface TaskRow {
  readonly id: string;
  readonly externalId: string | null;
  readonly globalKey: string | null;
  readonly rowData: string | null;
  readonly processingStatus: string;
  readonly processingError: string | null;
}

export interface Attachment {
  readonly id: string;
  readonly type: string | null;
  readonly name: string | null;
  readonly value: string | null;
}

export interface TaskComment {
  readonly id: string;
  readonly content: string;
  readonly createdAt: string;
  readonly createdBy: Person | null;
}

export interface LabelingTask {
  readonly dataRow: TaskRow & { readonly attachments: readonly Attachment[] };
  readonly state: string;
  readonly taskQueue: { readonly id: string; readonly name: string | null } | null;
  readonly label: {
    readonly id: string;
    readonly skipped: boolean;
    readonly secondsToLabel: number | null;
    readonly createdBy: Person | null;
  } | null;
  readonly annotations: unknown;
  readonly annotationsFrom: "DRAFT" | "LABEL" | "PRELABEL" | "TEMPLATE" | null;
  readonly secondsSpent: number;
  readonly comments: readonly TaskComment[];
}

export interface ReservedRows {
  readonly tasks: readonly LabelingTask[];
  readonly remaining: number;
  readonly heldByOthers: number;
}

export type QueueType = "LabelingQueue" | "ReviewQueue";

const TASK_FIELDS = /* GraphQL */ `
  fragment TaskFields on LabelingTask {
    dataRow {
      id externalId globalKey rowData processingStatus processingError
      attachments { id type name value }
    }
    state
    taskQueue { id name }
    label { id skipped secondsToLabel createdBy { email nickname name } }
    annotations
    annotationsFrom
    secondsSpent
    comments { id content createdAt createdBy { email nickname name } }
  }
`;

const RESERVE_DATA_ROWS = /* GraphQL */ `
  mutation ReserveDataRows($data: ReserveDataRowsInput!) {
    reserveDataRows(data: $data) { tasks { ...TaskFields } remaining heldByOthers }
  }
  ${TASK_FIELDS}
`;

export async function reserveDataRows(projectId: string, queueType: QueueType, first: number): Promise<ReservedRows> {
  const data = { projectId, queueType, first };
  return (await graphql<{ reserveDataRows: ReservedRows }>(RESERVE_DATA_ROWS, { data })).reserveDataRows;
}

const LABELING_TASK = /* GraphQL */ `
  query LabelingTask($projectId: ID!, $dataRowId: ID!) {
    labelingTask(projectId: $projectId, dataRowId: $dataRowId) { ...TaskFields }
  }
  ${TASK_FIELDS}
`;

export async function labelingTask(projectId: string, dataRowId: string): Promise<LabelingTask | null> {
  return (await graphql<{ labelingTask: LabelingTask | null }>(LABELING_TASK, { projectId, dataRowId })).labelingTask;
}

const EXTEND_RESERVATIONS = /* GraphQL */ `
  mutation ExtendReservations($projectId: ID!, $queueType: ReservationQueueType!) {
    extendReservations(projectId: $projectId, queueType: $queueType)
  }
`;

export async function extendReservations(projectId: string, queueType: QueueType): Promise<void> {
  await graphql(EXTEND_RESERVATIONS, { projectId, queueType });
}

const SAVE_DRAFT = /* GraphQL */ `
  mutation SaveDraft($data: SaveDraftInput!) {
    saveDraft(data: $data) { dataRowId updatedAt }
  }
`;

export async function saveDraft(projectId: string, dataRowId: string, annotations: unknown, secondsToLabel: number): Promise<void> {
  await graphql(SAVE_DRAFT, { data: { projectId, dataRowId, annotations, secondsToLabel } });
}

const SUBMIT_LABEL = /* GraphQL */ `
  mutation SubmitLabel($data: SubmitLabelInput!) {
    submitLabel(data: $data) { id }
  }
`;

const SKIP_DATA_ROW = /* GraphQL */ `
  mutation SkipDataRow($data: SkipDataRowInput!) {
    skipDataRow(data: $data) { id }
  }
`;

const APPROVE_DATA_ROW = /* GraphQL */ `
  mutation ApproveDataRow($data: ReviewDataRowInput!) {
    approveDataRow(data: $data) { dataRowId state }
  }
`;

const REJECT_DATA_ROW = /* GraphQL */ `
  mutation RejectDataRow($data: ReviewDataRowInput!) {
    rejectDataRow(data: $data) { dataRowId state }
  }
`;

const DECISIONS = {
  submit: SUBMIT_LABEL,
  skip: SKIP_DATA_ROW,
  approve: APPROVE_DATA_ROW,
  reject: REJECT_DATA_ROW,
};

/** Sends a decision from the outbox; `leaving` when the page is about to go. */
export async function sendDecision(entry: OutboxEntry, leaving: boolean): Promise<void> {
  const data = { ...entry.data, projectId: entry.projectId, dataRowId: entry.dataRowId, idempotencyKey: entry.key };
  await graphql(DECISIONS[entry.kind], { data }, { keepalive: leaving });
}

export interface LabelingProject {
  readonly id: string;
  readonly name: string | null;
  readonly allowedMediaType: string | null;
  readonly ontology: { readonly id: string; readonly name: string | null; readonly normalized: unknown } | null;
  /** The page that people label with; null and `/editor` are our own editors. */
  readonly labelingFrontend: { readonly name: string | null; readonly iframeUrlPath: string | null } | null;
}

const LABELING_PROJECT = /* GraphQL */ `
  query LabelingProject($id: ID!) {
    project(where: { id: $id }) {
      id name allowedMediaType ontology { id name normalized } labelingFrontend { name iframeUrlPath }
    }
  }
`;

export async function labelingProject(id: string, signal: AbortSignal): Promise<LabelingProject | null> {
  return (await graphql<{ project: LabelingProject | null }>(LABELING_PROJECT, { id }, { signal })).project;
}

export interface ProjectRow {
  readonly dataRow: TaskRow & { readonly thumbnailUrl: string | null };
  readonly state: string;
  readonly priority: number | null;
  readonly batchName: string | null;
  readonly labelCount: number;
  readonly lastActivityAt: string | null;
}

export interface ProjectRowPage {
  readonly nodes: readonly ProjectRow[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean | null } | null;
}

const PROJECT_DATA_ROWS = /* GraphQL */ `
  query ProjectDataRows($id: ID!, $first: PageSize, $after: String, $state: String, $search: String) {
    project(where: { id: $id }) {
      id
      name
      dataRows(first: $first, after: $after, state: $state, search: $search) {
        nodes {
          dataRow { id externalId globalKey rowData processingStatus processingError thumbnailUrl }
          state
          priority
          batchName
          labelCount
          lastActivityAt
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`;

export interface RowQuery {
  readonly state: string | null;
  readonly search: string;
}

export async function projectDataRows(
  id: string,
  { state, search }: RowQuery,
  after: string | null,
  signal: AbortSignal,
): Promise<{ name: string | null; page: ProjectRowPage } | null> {
  const variables = { id, first: 100, after, state, search: search || null };
  const { project } = await graphql<{ project: { name: string | null; dataRows: ProjectRowPage } | null }>(
    PROJECT_DATA_ROWS,
    variables,
    { signal },
  );
  return project && { name: project.name, page: project.dataRows };
}

export function nameOf(person: Person | null): string {
  return person?.nickname || person?.name || person?.email || "somebody";
}
