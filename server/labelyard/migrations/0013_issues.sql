-- Issues: remarks about a data row of a project that stay open until somebody resolves them.
CREATE TABLE issue_categories (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX issue_categories_name ON issue_categories (organization_id, project_id, name)
    WHERE deleted_at IS NULL;

CREATE TABLE issues (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    -- counts up in the project: what people call the issue
    number integer NOT NULL,
    data_row_id text COLLATE "C" NOT NULL,
    label_id text COLLATE "C",
    category_id text COLLATE "C",
    -- the published clients make and ask for issues of the type Issue
    type text NOT NULL DEFAULT 'Issue',
    content text NOT NULL,
    position json,
    status text NOT NULL DEFAULT 'Open',
    created_by text COLLATE "C" NOT NULL,
    resolved_by text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    content_updated_at timestamptz,
    latest_reply_at timestamptz,
    resolved_at timestamptz,
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX issues_number ON issues (organization_id, project_id, number);
CREATE INDEX issues_project ON issues (organization_id, project_id, id) WHERE deleted_at IS NULL;
CREATE INDEX issues_data_row ON issues (organization_id, data_row_id) WHERE deleted_at IS NULL;

CREATE TABLE issue_comments (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    issue_id text COLLATE "C" NOT NULL,
    content text NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX issue_comments_issue ON issue_comments (organization_id, issue_id, id) WHERE deleted_at IS NULL;
