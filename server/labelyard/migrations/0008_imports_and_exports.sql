-- What an annotation import has read but not yet written, and the label exports of older clients.
CREATE TABLE import_annotations (
    organization_id text COLLATE "C" NOT NULL,
    import_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    uuid text COLLATE "C" NOT NULL,
    -- the list of the label document it belongs in; 'pending' is a relationship that is decided at the end
    part text NOT NULL,
    annotation json NOT NULL,
    is_benchmark boolean NOT NULL,
    PRIMARY KEY (organization_id, import_id, data_row_id, position)
);

CREATE TABLE label_exports (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    filters json NOT NULL,
    -- what the project's labels were when the export was ordered
    version text NOT NULL,
    state text NOT NULL DEFAULT 'RUNNING',
    delivered boolean NOT NULL DEFAULT false,
    blob_key text,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX label_exports_asker ON label_exports (organization_id, project_id, created_by, id);
