import { graphql } from "../../../api/client";

/** What a page of one's own is told of a data row and of the label that is on it. */
export interface FrameTask {
  readonly dataRow: {
    readonly id: string;
    readonly externalId: string | null;
    readonly globalKey: string | null;
    readonly rowData: string | null;
    readonly attachments: readonly { readonly type: string | null; readonly value: string | null }[];
    readonly predictions: readonly { readonly id: string; readonly label: string | null; readonly predictionModel: { readonly id: string } | null }[];
  };
  readonly label: {
    readonly id: string;
    readonly label: string | null;
    readonly skipped: boolean;
    readonly createdAt: string | null;
    readonly createdBy: { readonly email: string | null } | null;
  } | null;
}

const FRAME_TASK = /* GraphQL */ `
  fragment FrameTask on LabelingTask {
    dataRow { id externalId globalKey rowData attachments { type value } predictions { id label predictionModel { id } } }
    label { id label skipped createdAt createdBy { email } }
  }
`;

const RESERVE_FRAME_ROWS = /* GraphQL */ `
  mutation ReserveFrameRows($data: ReserveDataRowsInput!) {
    reserveDataRows(data: $data) { tasks { ...FrameTask } remaining }
  }
  ${FRAME_TASK}
`;

export interface FrameRows {
  readonly tasks: readonly FrameTask[];
  readonly remaining: number;
}

export async function reserveFrameRows(projectId: string, mode: "label" | "review"): Promise<FrameRows> {
  const data = { projectId, queueType: mode === "review" ? "ReviewQueue" : "LabelingQueue", first: 2 };
  return (await graphql<{ reserveDataRows: FrameRows }>(RESERVE_FRAME_ROWS, { data })).reserveDataRows;
}

const FRAME_ROW = /* GraphQL */ `
  query FrameRow($projectId: ID!, $dataRowId: ID!) {
    labelingTask(projectId: $projectId, dataRowId: $dataRowId) { ...FrameTask }
  }
  ${FRAME_TASK}
`;

export async function frameRow(projectId: string, dataRowId: string): Promise<FrameTask | null> {
  return (await graphql<{ labelingTask: FrameTask | null }>(FRAME_ROW, { projectId, dataRowId })).labelingTask;
}

const FRAME_SETTINGS = /* GraphQL */ `
  query FrameSettings($id: ID!) {
    project(where: { id: $id }) {
      activePredictionModel { id }
      labelingFrontendOptions { customizationOptions }
    }
  }
`;

export interface FrameSettings {
  readonly activePredictionModel: { readonly id: string } | null;
  readonly labelingFrontendOptions: readonly { readonly customizationOptions: string | null }[];
}

export async function frameSettings(id: string): Promise<FrameSettings | null> {
  return (await graphql<{ project: FrameSettings | null }>(FRAME_SETTINGS, { id })).project;
}

const CREATE_FRAME_LABEL = /* GraphQL */ `
  mutation CreateFrameLabel($data: CreateLabelInput!) {
    createLabel(data: $data) { id }
  }
`;

export async function createFrameLabel(projectId: string, dataRowId: string, label: string, type: string, secondsToLabel: number): Promise<string> {
  const data = {
    label,
    secondsToLabel,
    type: { connect: { name: type } },
    project: { connect: { id: projectId } },
    dataRow: { connect: { id: dataRowId } },
  };
  return (await graphql<{ createLabel: { id: string } }>(CREATE_FRAME_LABEL, { data })).createLabel.id;
}

const UPDATE_FRAME_LABEL = /* GraphQL */ `
  mutation UpdateFrameLabel($id: ID!, $label: String!) {
    updateLabel(where: { id: $id }, data: { label: $label }) { id }
  }
`;

export async function updateFrameLabel(id: string, label: string): Promise<void> {
  await graphql(UPDATE_FRAME_LABEL, { id, label });
}

const ROW_OF_LABEL = /* GraphQL */ `
  query RowOfLabel($id: ID!) {
    label(where: { id: $id }) { dataRow { id } }
  }
`;

export async function rowOfLabel(id: string): Promise<string | null> {
  const { label } = await graphql<{ label: { dataRow: { id: string } | null } | null }>(ROW_OF_LABEL, { id });
  return label?.dataRow?.id ?? null;
}

const DECIDE_FRAME_ROW = {
  approve: /* GraphQL */ `
    mutation ApproveFrameRow($data: ReviewDataRowInput!) {
      approveDataRow(data: $data) { dataRowId }
    }
  `,
  reject: /* GraphQL */ `
    mutation RejectFrameRow($data: ReviewDataRowInput!) {
      rejectDataRow(data: $data) { dataRowId }
    }
  `,
};

export async function decideFrameRow(kind: "approve" | "reject", projectId: string, dataRowId: string): Promise<void> {
  await graphql(DECIDE_FRAME_ROW[kind], { data: { projectId, dataRowId } });
}
