-- Labels, drafts, masks, pre-labels, reviews, annotation imports, export files.
CREATE TABLE labels (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    -- the label document of docs/wire/labeling.md, in the form in which it is exported
    annotations json NOT NULL,
    -- the text a legacy client gave or changed; null: derived from the annotations when asked for
    label_text text,
    skipped boolean NOT NULL DEFAULT false,
    seconds_to_label double precision NOT NULL DEFAULT 0,
    seconds_to_review double precision NOT NULL DEFAULT 0,
    agreement double precision,
    benchmark_agreement double precision,
    is_benchmark_reference boolean NOT NULL DEFAULT false,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    content_updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX labels_project ON labels (organization_id, project_id, id) WHERE deleted_at IS NULL;
CREATE INDEX labels_data_row ON labels (organization_id, data_row_id, project_id) WHERE deleted_at IS NULL;

CREATE TABLE label_masks (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    feature_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    height integer NOT NULL,
    width integer NOT NULL,
    -- compressed COCO run lengths
    counts text COLLATE "C" NOT NULL,
    color_rgb integer[] NOT NULL DEFAULT '{255,255,255}',
    -- instances that share one composite picture
    composite_id text COLLATE "C",
    PRIMARY KEY (organization_id, project_id, feature_id)
);
CREATE INDEX label_masks_composite ON label_masks (organization_id, composite_id) WHERE composite_id IS NOT NULL;

CREATE TABLE drafts (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    annotations json NOT NULL,
    seconds_spent double precision NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, project_id, data_row_id, user_id)
);

-- answers to requests that an outbox may send again
CREATE TABLE submissions (
    organization_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    idempotency_key text NOT NULL,
    result_id text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, user_id, idempotency_key)
);

CREATE TABLE annotation_imports (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'RUNNING',
    progress integer NOT NULL DEFAULT 0,
    input_url text,
    input_key text,
    status_key text,
    error_key text,
    failure text,
    checkpoint json,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX annotation_imports_name ON annotation_imports (organization_id, project_id, kind, name);

CREATE TABLE pre_labels (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    uuid text COLLATE "C" NOT NULL,
    import_id text COLLATE "C" NOT NULL,
    -- objects, classifications or relationships: the list of the label document it belongs in
    part text NOT NULL,
    annotation json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, project_id, data_row_id, uuid)
);
CREATE INDEX pre_labels_import ON pre_labels (organization_id, import_id);

CREATE TABLE reviews (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    label_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    score double precision NOT NULL,
    comment text,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX reviews_label ON reviews (organization_id, label_id) WHERE deleted_at IS NULL;
CREATE INDEX reviews_project ON reviews (organization_id, project_id, id) WHERE deleted_at IS NULL;
CREATE INDEX reviews_data_row ON reviews (organization_id, project_id, data_row_id) WHERE deleted_at IS NULL;

CREATE TABLE export_files (
    organization_id text COLLATE "C" NOT NULL,
    task_id text COLLATE "C" NOT NULL,
    stream text NOT NULL,
    chunk integer NOT NULL,
    blob_key text NOT NULL,
    start_offset bigint NOT NULL,
    end_offset bigint NOT NULL,
    start_line bigint NOT NULL,
    end_line bigint NOT NULL,
    PRIMARY KEY (organization_id, task_id, stream, chunk)
);
