-- Batches, the data rows of a project with their state, and the queue that hands them out.
CREATE TABLE batches (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL DEFAULT 0,
    priority integer NOT NULL DEFAULT 5,
    number_of_labels integer,
    coverage_percentage double precision,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX batches_name ON batches (organization_id, project_id, name) WHERE deleted_at IS NULL;
CREATE INDEX batches_project ON batches (organization_id, project_id, id) WHERE deleted_at IS NULL;

-- one row for each data row of a project, whichever way it came in
CREATE TABLE project_data_rows (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    batch_id text COLLATE "C",
    source text NOT NULL,
    priority integer NOT NULL,
    enqueued_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'TO_LABEL',
    labels_required integer NOT NULL DEFAULT 1,
    labels_done integer NOT NULL DEFAULT 0,
    last_activity_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, project_id, data_row_id)
);
CREATE INDEX project_data_rows_state ON project_data_rows (organization_id, project_id, state, data_row_id);
CREATE INDEX project_data_rows_data_row ON project_data_rows (organization_id, data_row_id);
CREATE INDEX project_data_rows_batch ON project_data_rows (organization_id, batch_id) WHERE batch_id IS NOT NULL;

-- what is waiting to be handed out: a slot is here or in `reservations`, or it is closed
CREATE TABLE queue_slots (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    queue text NOT NULL,
    priority integer NOT NULL,
    enqueued_at timestamptz NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    assigned_to text COLLATE "C",
    PRIMARY KEY (organization_id, project_id, queue, priority, enqueued_at, data_row_id, slot)
) WITH (
    -- claimed slots leave dead rows at the head of the queue; the head must stay short
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX queue_slots_data_row ON queue_slots (organization_id, project_id, data_row_id);

CREATE TABLE reservations (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    queue text NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    priority integer NOT NULL,
    enqueued_at timestamptz NOT NULL,
    assigned_to text COLLATE "C",
    reserved_at timestamptz NOT NULL DEFAULT now(),
    reserved_until timestamptz NOT NULL,
    PRIMARY KEY (organization_id, project_id, queue, data_row_id, slot)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
CREATE UNIQUE INDEX reservations_once ON reservations (organization_id, project_id, queue, user_id, data_row_id);
CREATE INDEX reservations_expiry ON reservations (reserved_until);

CREATE TABLE labeling_parameter_overrides (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    priority integer NOT NULL,
    number_of_labels integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, project_id, data_row_id)
);

CREATE TABLE workflow_history (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    action text NOT NULL,
    previous_state text,
    next_state text,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, project_id, data_row_id, id)
);
