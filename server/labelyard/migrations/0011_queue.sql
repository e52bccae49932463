-- Priorities and numbers of labels of single data rows, templates, review shares, stored workflows.

-- a name may be longer than an index entry
DROP INDEX batches_name;
CREATE UNIQUE INDEX batches_name ON batches (organization_id, project_id, md5(name)) WHERE deleted_at IS NULL;

-- null: the number of labels was left as it is; an override is known by project and data row
ALTER TABLE labeling_parameter_overrides
    DROP COLUMN id,
    ALTER COLUMN number_of_labels DROP NOT NULL,
    ALTER COLUMN number_of_labels DROP DEFAULT;

-- a row without a priority of its own comes after the largest one that a client can give
ALTER TABLE project_data_rows
    ALTER COLUMN priority TYPE bigint,
    -- what holds again when the override is taken away; null without an override
    ADD COLUMN plain_priority bigint,
    ADD COLUMN plain_labels_required integer;
ALTER TABLE queue_slots ALTER COLUMN priority TYPE bigint;
ALTER TABLE reservations ALTER COLUMN priority TYPE bigint;
UPDATE project_data_rows SET priority = 2147483648 WHERE priority = 2147483647;
UPDATE queue_slots SET priority = 2147483648 WHERE priority = 2147483647;
UPDATE reservations SET priority = 2147483648 WHERE priority = 2147483647;

-- deleted labels that are offered as a starting point when their rows are labeled again
CREATE TABLE label_templates (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    label_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, project_id, data_row_id)
);

-- workflows that somebody has changed; a project without a row here has the standard one
CREATE TABLE project_workflows (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    config json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, project_id)
);
