-- Datasets, data rows, attachments, metadata.
CREATE TABLE datasets (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    row_count bigint NOT NULL DEFAULT 0,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE data_rows (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    dataset_id text COLLATE "C" NOT NULL,
    global_key text COLLATE "C",
    external_id text COLLATE "C",
    -- a URL, a text, a JSON document, or blob:KEY for what was uploaded to us
    row_data text NOT NULL,
    media_type text NOT NULL,
    media_attributes json NOT NULL DEFAULT '{}',
    processing text NOT NULL DEFAULT 'SUCCESS',
    processing_error text,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX data_rows_global_key ON data_rows (organization_id, global_key)
    WHERE global_key IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX data_rows_dataset ON data_rows (organization_id, dataset_id, id) WHERE deleted_at IS NULL;
CREATE INDEX data_rows_external_id ON data_rows (organization_id, external_id)
    WHERE external_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE attachments (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    type text NOT NULL,
    value text NOT NULL,
    name text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX attachments_data_row ON attachments (organization_id, data_row_id, id);

CREATE TABLE metadata_schemas (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    parent_id text COLLATE "C",
    name text NOT NULL,
    kind text NOT NULL,
    reserved boolean NOT NULL DEFAULT false,
    position integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE metadata_values (
    organization_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    schema_id text COLLATE "C" NOT NULL,
    -- the chosen option of an enum, '' for other kinds: an enum may hold several
    option_id text COLLATE "C" NOT NULL DEFAULT '',
    value json NOT NULL,
    PRIMARY KEY (organization_id, data_row_id, schema_id, option_id)
);
