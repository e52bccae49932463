-- Written by tools/schema_dump.py from the migrations; the job queue's own tables are left out.

CREATE TABLE public.annotation_imports (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    name text NOT NULL,
    state text DEFAULT 'RUNNING'::text NOT NULL,
    progress integer DEFAULT 0 NOT NULL,
    input_url text,
    input_key text,
    status_key text,
    error_key text,
    failure text,
    checkpoint json,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.api_keys (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    prefix text NOT NULL,
    key_hash bytea NOT NULL,
    role text,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone
);

CREATE TABLE public.attachments (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL,
    value text NOT NULL,
    name text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.audit_log (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    credential text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.batches (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    size bigint DEFAULT 0 NOT NULL,
    priority integer DEFAULT 5 NOT NULL,
    number_of_labels integer,
    coverage_percentage double precision,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.benchmarks (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    label_id text NOT NULL COLLATE pg_catalog."C",
    average_agreement double precision,
    completed_count integer DEFAULT 0 NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_activity timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.data_row_exports (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    object_id text NOT NULL COLLATE pg_catalog."C",
    includes_metadata boolean NOT NULL,
    state text DEFAULT 'IN_PROGRESS'::text NOT NULL,
    delivered boolean DEFAULT false NOT NULL,
    blob_key text,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.data_rows (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    dataset_id text NOT NULL COLLATE pg_catalog."C",
    global_key text COLLATE pg_catalog."C",
    external_id text COLLATE pg_catalog."C",
    row_data text NOT NULL,
    media_type text NOT NULL,
    media_attributes json DEFAULT '{}'::json NOT NULL,
    processing text DEFAULT 'SUCCESS'::text NOT NULL,
    processing_error text,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.datasets (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    row_count bigint DEFAULT 0 NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.drafts (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    annotations json NOT NULL,
    seconds_spent double precision DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.export_files (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    task_id text NOT NULL COLLATE pg_catalog."C",
    stream text NOT NULL,
    chunk integer NOT NULL,
    blob_key text NOT NULL,
    start_offset bigint NOT NULL,
    end_offset bigint NOT NULL,
    start_line bigint NOT NULL,
    end_line bigint NOT NULL
);

CREATE TABLE public.external_submissions (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    entries json NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.feature_schemas (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    kind text NOT NULL,
    normalized json NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    is_root boolean DEFAULT true NOT NULL
);

CREATE TABLE public.import_annotations (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    import_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    uuid text NOT NULL COLLATE pg_catalog."C",
    part text NOT NULL,
    annotation json NOT NULL,
    is_benchmark boolean NOT NULL
);

CREATE TABLE public.invite_groups (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    invite_id text NOT NULL COLLATE pg_catalog."C",
    group_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL
);

CREATE TABLE public.invite_projects (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    invite_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL
);

CREATE TABLE public.invites (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL,
    role text NOT NULL,
    inviter_id text NOT NULL COLLATE pg_catalog."C",
    token_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    cancelled_at timestamp with time zone
);

CREATE TABLE public.issue_categories (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    description text,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.issue_comments (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    issue_id text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.issues (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    number integer NOT NULL,
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    label_id text COLLATE pg_catalog."C",
    category_id text COLLATE pg_catalog."C",
    type text DEFAULT 'Issue'::text NOT NULL,
    content text NOT NULL,
    "position" json,
    status text DEFAULT 'Open'::text NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    resolved_by text COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    content_updated_at timestamp with time zone,
    latest_reply_at timestamp with time zone,
    resolved_at timestamp with time zone,
    deleted_at timestamp with time zone
);

CREATE TABLE public.label_exports (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    filters json NOT NULL,
    version text NOT NULL,
    state text DEFAULT 'RUNNING'::text NOT NULL,
    delivered boolean DEFAULT false NOT NULL,
    blob_key text,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.label_masks (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    feature_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    height integer NOT NULL,
    width integer NOT NULL,
    counts text NOT NULL COLLATE pg_catalog."C",
    color_rgb integer[] DEFAULT '{255,255,255}'::integer[] NOT NULL,
    composite_id text COLLATE pg_catalog."C"
);

CREATE TABLE public.label_templates (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    label_id text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.labeling_frontend_options (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    labeling_frontend_id text NOT NULL COLLATE pg_catalog."C",
    customization_options text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.labeling_frontends (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    iframe_url_path text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.labeling_parameter_overrides (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    priority integer NOT NULL,
    number_of_labels integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.labels (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    annotations json NOT NULL,
    label_text text,
    skipped boolean DEFAULT false NOT NULL,
    seconds_to_label double precision DEFAULT 0 NOT NULL,
    seconds_to_review double precision DEFAULT 0 NOT NULL,
    agreement double precision,
    benchmark_agreement double precision,
    is_benchmark_reference boolean DEFAULT false NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    content_updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    is_consensus_winner boolean DEFAULT false NOT NULL
);

CREATE TABLE public.metadata_schemas (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    parent_id text COLLATE pg_catalog."C",
    name text NOT NULL,
    kind text NOT NULL,
    reserved boolean DEFAULT false NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.metadata_values (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    schema_id text NOT NULL COLLATE pg_catalog."C",
    option_id text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    value json NOT NULL
);

CREATE TABLE public.ontologies (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    media_type text,
    editor_task_type text,
    normalized json NOT NULL,
    object_schema_count integer DEFAULT 0 NOT NULL,
    classification_schema_count integer DEFAULT 0 NOT NULL,
    instructions text,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.ontology_features (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    ontology_id text NOT NULL COLLATE pg_catalog."C",
    feature_schema_id text NOT NULL COLLATE pg_catalog."C",
    archived boolean DEFAULT false NOT NULL,
    is_root boolean DEFAULT true NOT NULL,
    archived_node json,
    archived_position integer
);

CREATE TABLE public.organizations (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.pre_labels (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    uuid text NOT NULL COLLATE pg_catalog."C",
    import_id text NOT NULL COLLATE pg_catalog."C",
    part text NOT NULL,
    annotation json NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.prediction_models (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    slug text NOT NULL,
    version integer NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.predictions (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    prediction_model_id text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL,
    agreement double precision,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.project_data_rows (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    batch_id text COLLATE pg_catalog."C",
    source text NOT NULL,
    priority bigint NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    state text DEFAULT 'TO_LABEL'::text NOT NULL,
    labels_required integer DEFAULT 1 NOT NULL,
    labels_done integer DEFAULT 0 NOT NULL,
    last_activity_at timestamp with time zone NOT NULL,
    plain_priority bigint,
    plain_labels_required integer
);

CREATE TABLE public.project_datasets (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    dataset_id text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.project_memberships (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.user_group_members (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    group_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL
);

CREATE TABLE public.user_group_projects (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    group_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.project_resource_tags (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    resource_tag_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.project_workflows (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    config json NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.projects (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    media_type text,
    editor_task_type text,
    queue_mode text,
    upload_type text,
    auto_audit_number_of_labels integer DEFAULT 1 NOT NULL,
    auto_audit_percentage double precision DEFAULT 1 NOT NULL,
    is_benchmark_enabled boolean,
    is_consensus_enabled boolean,
    model_setup_complete boolean,
    setup_complete timestamp with time zone,
    ontology_id text COLLATE pg_catalog."C",
    labeling_frontend_id text COLLATE pg_catalog."C",
    active_prediction_model_id text COLLATE pg_catalog."C",
    show_pre_labels boolean DEFAULT true NOT NULL,
    review_share double precision DEFAULT 1 NOT NULL,
    data_row_count bigint DEFAULT 0 NOT NULL,
    last_activity_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.queue_slots (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    queue text NOT NULL,
    priority bigint NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    slot integer NOT NULL,
    assigned_to text COLLATE pg_catalog."C"
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');

CREATE TABLE public.reservations (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    queue text NOT NULL,
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    slot integer NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    priority bigint NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    assigned_to text COLLATE pg_catalog."C",
    reserved_at timestamp with time zone DEFAULT now() NOT NULL,
    reserved_until timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');

CREATE TABLE public.resource_tags (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL,
    color text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.reviews (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    label_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    score double precision NOT NULL,
    comment text,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.schema_migrations (
    number integer NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.sessions (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);

CREATE TABLE public.sign_in_links (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    token_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.slices (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    filter json NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.submissions (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    idempotency_key text NOT NULL,
    result_id text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.task_chunks (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    task_id text NOT NULL COLLATE pg_catalog."C",
    chunk integer NOT NULL,
    created integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    blob_key text
);

CREATE TABLE public.tasks (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    completion_percentage double precision DEFAULT 0 NOT NULL,
    result text,
    errors text,
    metadata json,
    checkpoint json,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.unprobed_ranges (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    first_id text NOT NULL COLLATE pg_catalog."C",
    last_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL
);

CREATE TABLE public.uploads (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    blob_key text NOT NULL,
    filename text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.user_group_events (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    group_id text NOT NULL COLLATE pg_catalog."C",
    group_name text NOT NULL,
    type text NOT NULL,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id text NOT NULL COLLATE pg_catalog."C",
    member_id text COLLATE pg_catalog."C",
    previous_role text,
    role text,
    project_id text COLLATE pg_catalog."C",
    channel text NOT NULL
);

CREATE TABLE public.user_groups (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    color text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.users (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL,
    display_name text NOT NULL,
    full_name text DEFAULT ''::text NOT NULL,
    picture text DEFAULT ''::text NOT NULL,
    timezone text,
    role text NOT NULL,
    is_external boolean DEFAULT false NOT NULL,
    password_hash text,
    last_login_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.webhook_deliveries (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    topic text NOT NULL,
    object_id text NOT NULL COLLATE pg_catalog."C",
    state text DEFAULT 'WAITING'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    first_attempt_at timestamp with time zone,
    last_attempt_at timestamp with time zone,
    request_headers json,
    request_body text,
    response_status integer,
    response_headers json,
    response_body text,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.webhooks (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    project_id text COLLATE pg_catalog."C",
    url text NOT NULL,
    topics text[] NOT NULL,
    secret text NOT NULL,
    status text DEFAULT 'ACTIVE'::text NOT NULL,
    revoked_because text,
    failing_since timestamp with time zone,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.workflow_history (
    organization_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    data_row_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL,
    previous_state text,
    next_state text,
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.annotation_imports
    ADD CONSTRAINT annotation_imports_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.batches
    ADD CONSTRAINT batches_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.benchmarks
    ADD CONSTRAINT benchmarks_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.data_row_exports
    ADD CONSTRAINT data_row_exports_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.data_rows
    ADD CONSTRAINT data_rows_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.datasets
    ADD CONSTRAINT datasets_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (organization_id, project_id, data_row_id, user_id);

ALTER TABLE ONLY public.export_files
    ADD CONSTRAINT export_files_pkey PRIMARY KEY (organization_id, task_id, stream, chunk);

ALTER TABLE ONLY public.external_submissions
    ADD CONSTRAINT external_submissions_pkey PRIMARY KEY (organization_id, project_id, id);

ALTER TABLE ONLY public.feature_schemas
    ADD CONSTRAINT feature_schemas_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.import_annotations
    ADD CONSTRAINT import_annotations_pkey PRIMARY KEY (organization_id, import_id, data_row_id, "position");

ALTER TABLE ONLY public.invite_groups
    ADD CONSTRAINT invite_groups_pkey PRIMARY KEY (organization_id, invite_id, group_id);

ALTER TABLE ONLY public.invite_projects
    ADD CONSTRAINT invite_projects_pkey PRIMARY KEY (organization_id, invite_id, project_id);

ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.issue_categories
    ADD CONSTRAINT issue_categories_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.issue_comments
    ADD CONSTRAINT issue_comments_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.issues
    ADD CONSTRAINT issues_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.label_exports
    ADD CONSTRAINT label_exports_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.label_masks
    ADD CONSTRAINT label_masks_pkey PRIMARY KEY (organization_id, project_id, feature_id);

ALTER TABLE ONLY public.label_templates
    ADD CONSTRAINT label_templates_pkey PRIMARY KEY (organization_id, project_id, data_row_id);

ALTER TABLE ONLY public.labeling_frontend_options
    ADD CONSTRAINT labeling_frontend_options_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.labeling_frontends
    ADD CONSTRAINT labeling_frontends_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.labeling_parameter_overrides
    ADD CONSTRAINT labeling_parameter_overrides_pkey PRIMARY KEY (organization_id, project_id, data_row_id);

ALTER TABLE ONLY public.labels
    ADD CONSTRAINT labels_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.metadata_schemas
    ADD CONSTRAINT metadata_schemas_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.metadata_values
    ADD CONSTRAINT metadata_values_pkey PRIMARY KEY (organization_id, data_row_id, schema_id, option_id);

ALTER TABLE ONLY public.ontologies
    ADD CONSTRAINT ontologies_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.ontology_features
    ADD CONSTRAINT ontology_features_pkey PRIMARY KEY (organization_id, ontology_id, feature_schema_id);

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pre_labels
    ADD CONSTRAINT pre_labels_pkey PRIMARY KEY (organization_id, project_id, data_row_id, uuid);

ALTER TABLE ONLY public.prediction_models
    ADD CONSTRAINT prediction_models_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.predictions
    ADD CONSTRAINT predictions_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.project_data_rows
    ADD CONSTRAINT project_data_rows_pkey PRIMARY KEY (organization_id, project_id, data_row_id) INCLUDE (state);

ALTER TABLE ONLY public.project_datasets
    ADD CONSTRAINT project_datasets_pkey PRIMARY KEY (organization_id, project_id, dataset_id);

ALTER TABLE ONLY public.project_memberships
    ADD CONSTRAINT project_memberships_pkey PRIMARY KEY (organization_id, project_id, user_id);

ALTER TABLE ONLY public.project_resource_tags
    ADD CONSTRAINT project_resource_tags_pkey PRIMARY KEY (organization_id, project_id, resource_tag_id);

ALTER TABLE ONLY public.project_workflows
    ADD CONSTRAINT project_workflows_pkey PRIMARY KEY (organization_id, project_id);

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.queue_slots
    ADD CONSTRAINT queue_slots_pkey PRIMARY KEY (organization_id, project_id, queue, priority, enqueued_at, data_row_id, slot);

ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT reservations_pkey PRIMARY KEY (organization_id, project_id, queue, data_row_id, slot);

ALTER TABLE ONLY public.resource_tags
    ADD CONSTRAINT resource_tags_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.slices
    ADD CONSTRAINT slices_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.submissions
    ADD CONSTRAINT submissions_pkey PRIMARY KEY (organization_id, user_id, idempotency_key);

ALTER TABLE ONLY public.task_chunks
    ADD CONSTRAINT task_chunks_pkey PRIMARY KEY (organization_id, task_id, chunk);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.unprobed_ranges
    ADD CONSTRAINT unprobed_ranges_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.uploads
    ADD CONSTRAINT uploads_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.user_group_events
    ADD CONSTRAINT user_group_events_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.user_group_members
    ADD CONSTRAINT user_group_members_pkey PRIMARY KEY (organization_id, group_id, user_id);

ALTER TABLE ONLY public.user_group_projects
    ADD CONSTRAINT user_group_projects_pkey PRIMARY KEY (organization_id, group_id, project_id);

ALTER TABLE ONLY public.user_groups
    ADD CONSTRAINT user_groups_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (organization_id, webhook_id, id);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (organization_id, id);

ALTER TABLE ONLY public.workflow_history
    ADD CONSTRAINT workflow_history_pkey PRIMARY KEY (organization_id, project_id, data_row_id, id);

CREATE UNIQUE INDEX annotation_imports_name ON public.annotation_imports USING btree (organization_id, project_id, kind, name);

CREATE INDEX api_keys_hash ON public.api_keys USING btree (key_hash);

CREATE INDEX attachments_data_row ON public.attachments USING btree (organization_id, data_row_id, id);

CREATE UNIQUE INDEX batches_name ON public.batches USING btree (organization_id, project_id, md5(name)) WHERE (deleted_at IS NULL);

CREATE INDEX batches_project ON public.batches USING btree (organization_id, project_id, id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX benchmarks_data_row ON public.benchmarks USING btree (organization_id, project_id, data_row_id);

CREATE UNIQUE INDEX benchmarks_label ON public.benchmarks USING btree (organization_id, label_id);

CREATE INDEX data_row_exports_asker ON public.data_row_exports USING btree (organization_id, created_by, kind, object_id, id);

CREATE INDEX data_rows_dataset ON public.data_rows USING btree (organization_id, dataset_id, id) WHERE (deleted_at IS NULL);

CREATE INDEX data_rows_external_id ON public.data_rows USING btree (organization_id, external_id) WHERE ((external_id IS NOT NULL) AND (deleted_at IS NULL));

CREATE UNIQUE INDEX data_rows_global_key ON public.data_rows USING btree (organization_id, global_key) WHERE ((global_key IS NOT NULL) AND (deleted_at IS NULL));

CREATE INDEX data_rows_unprocessed ON public.data_rows USING btree (organization_id, id) WHERE ((processing = 'PROCESSING'::text) AND (deleted_at IS NULL));

CREATE INDEX invite_projects_project ON public.invite_projects USING btree (organization_id, project_id);

CREATE UNIQUE INDEX invites_open ON public.invites USING btree (organization_id, lower(email)) WHERE ((accepted_at IS NULL) AND (cancelled_at IS NULL));

CREATE INDEX invites_token ON public.invites USING btree (token_hash) WHERE (token_hash IS NOT NULL);

CREATE UNIQUE INDEX issue_categories_name ON public.issue_categories USING btree (organization_id, project_id, name) WHERE (deleted_at IS NULL);

CREATE INDEX issue_comments_issue ON public.issue_comments USING btree (organization_id, issue_id, id) WHERE (deleted_at IS NULL);

CREATE INDEX issues_data_row ON public.issues USING btree (organization_id, data_row_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX issues_number ON public.issues USING btree (organization_id, project_id, number);

CREATE INDEX issues_project ON public.issues USING btree (organization_id, project_id, id) WHERE (deleted_at IS NULL);

CREATE INDEX label_exports_asker ON public.label_exports USING btree (organization_id, project_id, created_by, id);

CREATE INDEX label_masks_composite ON public.label_masks USING btree (organization_id, composite_id) WHERE (composite_id IS NOT NULL);

CREATE INDEX labeling_frontend_options_project ON public.labeling_frontend_options USING btree (organization_id, project_id, id);

CREATE INDEX labels_author ON public.labels USING btree (organization_id, project_id, created_by) WHERE (deleted_at IS NULL);

CREATE INDEX labels_data_row ON public.labels USING btree (organization_id, data_row_id, project_id) WHERE (deleted_at IS NULL);

CREATE INDEX labels_project ON public.labels USING btree (organization_id, project_id, id) WHERE (deleted_at IS NULL);

CREATE INDEX ontology_features_schema ON public.ontology_features USING btree (organization_id, feature_schema_id);

CREATE INDEX pre_labels_import ON public.pre_labels USING btree (organization_id, import_id);

CREATE INDEX predictions_data_row ON public.predictions USING btree (organization_id, data_row_id, project_id, prediction_model_id, id);

CREATE INDEX predictions_model ON public.predictions USING btree (organization_id, prediction_model_id, id);

CREATE INDEX predictions_project ON public.predictions USING btree (organization_id, project_id, id);

CREATE INDEX project_data_rows_batch ON public.project_data_rows USING btree (organization_id, batch_id) WHERE (batch_id IS NOT NULL);

CREATE INDEX project_data_rows_data_row ON public.project_data_rows USING btree (data_row_id);

CREATE INDEX project_datasets_dataset ON public.project_datasets USING btree (organization_id, dataset_id);

CREATE INDEX project_memberships_user ON public.project_memberships USING btree (organization_id, user_id);

CREATE UNIQUE INDEX project_resource_tags_id ON public.project_resource_tags USING btree (organization_id, id);

CREATE INDEX projects_ontology ON public.projects USING btree (organization_id, ontology_id);

CREATE INDEX queue_slots_data_row ON public.queue_slots USING btree (data_row_id);

CREATE INDEX reservations_expiry ON public.reservations USING btree (reserved_until);

CREATE UNIQUE INDEX reservations_once ON public.reservations USING btree (organization_id, project_id, queue, user_id, data_row_id);

CREATE UNIQUE INDEX resource_tags_text ON public.resource_tags USING btree (organization_id, text);

CREATE INDEX reviews_data_row ON public.reviews USING btree (organization_id, project_id, data_row_id) WHERE (deleted_at IS NULL);

CREATE INDEX reviews_label ON public.reviews USING btree (organization_id, label_id) WHERE (deleted_at IS NULL);

CREATE INDEX reviews_project ON public.reviews USING btree (organization_id, project_id, id) WHERE (deleted_at IS NULL);

CREATE INDEX sessions_token ON public.sessions USING btree (token_hash);

CREATE INDEX sign_in_links_token ON public.sign_in_links USING btree (token_hash);

CREATE UNIQUE INDEX slices_name ON public.slices USING btree (organization_id, md5(name));

CREATE INDEX tasks_running ON public.tasks USING btree (organization_id, type) WHERE (status = 'IN_PROGRESS'::text);

CREATE INDEX tasks_user ON public.tasks USING btree (organization_id, created_by, id);

CREATE INDEX unprobed_ranges_due ON public.unprobed_ranges USING btree (due_at);

CREATE INDEX user_group_events_group ON public.user_group_events USING btree (organization_id, group_id, id);

CREATE INDEX user_group_members_user ON public.user_group_members USING btree (organization_id, user_id);

CREATE INDEX user_group_projects_project ON public.user_group_projects USING btree (organization_id, project_id);

CREATE UNIQUE INDEX user_groups_name ON public.user_groups USING btree (organization_id, name);

CREATE UNIQUE INDEX users_email ON public.users USING btree (organization_id, lower(email)) WHERE (deleted_at IS NULL);

CREATE INDEX users_sign_in ON public.users USING btree (lower(email)) WHERE (deleted_at IS NULL);

CREATE INDEX webhook_deliveries_age ON public.webhook_deliveries USING btree (created_at) WHERE (state <> 'WAITING'::text);

CREATE INDEX webhook_deliveries_line ON public.webhook_deliveries USING btree (organization_id, webhook_id, id) WHERE (state = 'WAITING'::text);

CREATE INDEX webhooks_project ON public.webhooks USING btree (organization_id, project_id, id);
