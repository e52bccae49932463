-- The reference's handle on something asynchronous, and the files people upload.
CREATE TABLE tasks (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    completion_percentage double precision NOT NULL DEFAULT 0,
    result text,
    errors text,
    metadata json,
    checkpoint json,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX tasks_user ON tasks (organization_id, created_by, id);

CREATE TABLE task_chunks (
    organization_id text COLLATE "C" NOT NULL,
    task_id text COLLATE "C" NOT NULL,
    chunk integer NOT NULL,
    created integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    blob_key text,
    PRIMARY KEY (organization_id, task_id, chunk)
);

CREATE TABLE uploads (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    blob_key text NOT NULL,
    filename text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
