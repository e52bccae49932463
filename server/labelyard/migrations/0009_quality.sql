-- Benchmarks: one reference label for a data row of a project; and who has won a consensus.
CREATE TABLE benchmarks (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    label_id text COLLATE "C" NOT NULL,
    -- of the labels that were compared with the reference; 0 to 1
    average_agreement double precision,
    completed_count integer NOT NULL DEFAULT 0,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_activity timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX benchmarks_data_row ON benchmarks (organization_id, project_id, data_row_id);
CREATE UNIQUE INDEX benchmarks_label ON benchmarks (organization_id, label_id);

-- a reviewer's choice; without one the first label wins
ALTER TABLE labels ADD COLUMN is_consensus_winner boolean NOT NULL DEFAULT false;
CREATE INDEX labels_author ON labels (organization_id, project_id, created_by) WHERE deleted_at IS NULL;

-- references that were imported before there were benchmarks
INSERT INTO benchmarks (organization_id, id, project_id, data_row_id, label_id, created_by)
SELECT DISTINCT ON (organization_id, project_id, data_row_id) organization_id,
    'c' || left(md5('benchmark ' || id), 24), project_id, data_row_id, id, created_by
FROM labels WHERE is_benchmark_reference AND deleted_at IS NULL
ORDER BY organization_id, project_id, data_row_id, id DESC;
