-- Predictions of the legacy editor: any text that a model says about a data row of a project.
CREATE TABLE prediction_models (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    version integer NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE predictions (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    prediction_model_id text COLLATE "C" NOT NULL,
    label text NOT NULL,
    agreement double precision,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX predictions_project ON predictions (organization_id, project_id, id);
CREATE INDEX predictions_data_row ON predictions (organization_id, data_row_id, project_id, prediction_model_id, id);
CREATE INDEX predictions_model ON predictions (organization_id, prediction_model_id, id);
