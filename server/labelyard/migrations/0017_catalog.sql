-- Slices, exports of data rows for older clients, what was submitted from outside.
CREATE TABLE slices (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    -- the search as it was given: a list of items, or an object with one under `query`
    filter json NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX slices_name ON slices (organization_id, md5(name));

CREATE TABLE data_row_exports (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    -- QUEUE, DATASET or BATCH, and the id of the project, the dataset or the batch
    kind text NOT NULL,
    object_id text COLLATE "C" NOT NULL,
    includes_metadata boolean NOT NULL,
    state text NOT NULL DEFAULT 'IN_PROGRESS',
    delivered boolean NOT NULL DEFAULT false,
    blob_key text,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX data_row_exports_asker ON data_row_exports (organization_id, created_by, kind, object_id, id);

-- work on a project's rows that was done somewhere else, as it was told
CREATE TABLE external_submissions (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    entries json NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, project_id, id)
);

-- how many exports are running
CREATE INDEX tasks_running ON tasks (organization_id, type) WHERE status = 'IN_PROGRESS';
