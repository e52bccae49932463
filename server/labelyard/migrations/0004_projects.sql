-- Ontologies, frontends, projects and what hangs on them.
CREATE TABLE ontologies (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    media_type text,
    editor_task_type text,
    normalized json NOT NULL,
    object_schema_count integer NOT NULL DEFAULT 0,
    classification_schema_count integer NOT NULL DEFAULT 0,
    instructions text,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE feature_schemas (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    normalized json NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE ontology_features (
    organization_id text COLLATE "C" NOT NULL,
    ontology_id text COLLATE "C" NOT NULL,
    feature_schema_id text COLLATE "C" NOT NULL,
    archived boolean NOT NULL DEFAULT false,
    PRIMARY KEY (organization_id, ontology_id, feature_schema_id)
);
CREATE INDEX ontology_features_schema ON ontology_features (organization_id, feature_schema_id);

CREATE TABLE labeling_frontends (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    iframe_url_path text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE labeling_frontend_options (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    labeling_frontend_id text COLLATE "C" NOT NULL,
    customization_options text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX labeling_frontend_options_project ON labeling_frontend_options (organization_id, project_id, id);

CREATE TABLE projects (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    media_type text,
    editor_task_type text,
    queue_mode text,
    upload_type text,
    auto_audit_number_of_labels integer NOT NULL DEFAULT 1,
    auto_audit_percentage double precision NOT NULL DEFAULT 1,
    is_benchmark_enabled boolean,
    is_consensus_enabled boolean,
    model_setup_complete boolean,
    setup_complete timestamptz,
    ontology_id text COLLATE "C",
    labeling_frontend_id text COLLATE "C",
    active_prediction_model_id text COLLATE "C",
    show_pre_labels boolean NOT NULL DEFAULT true,
    review_share double precision NOT NULL DEFAULT 1,
    data_row_count bigint NOT NULL DEFAULT 0,
    last_activity_time timestamptz NOT NULL DEFAULT now(),
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX projects_ontology ON projects (organization_id, ontology_id);

CREATE TABLE project_datasets (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    dataset_id text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, project_id, dataset_id)
);
CREATE INDEX project_datasets_dataset ON project_datasets (organization_id, dataset_id);
