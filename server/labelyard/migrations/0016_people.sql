-- People: invitations, tags of projects, user groups; and which features an ontology holds at any depth.
CREATE TABLE invites (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    inviter_id text COLLATE "C" NOT NULL,
    -- of the link that was made last; null before the first one
    token_hash bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    cancelled_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
-- one open invitation for an address
CREATE UNIQUE INDEX invites_open ON invites (organization_id, lower(email))
    WHERE accepted_at IS NULL AND cancelled_at IS NULL;
-- a link is looked up before its organization is known
CREATE INDEX invites_token ON invites (token_hash) WHERE token_hash IS NOT NULL;

CREATE TABLE invite_projects (
    organization_id text COLLATE "C" NOT NULL,
    invite_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (organization_id, invite_id, project_id)
);
CREATE INDEX invite_projects_project ON invite_projects (organization_id, project_id);

CREATE TABLE invite_groups (
    organization_id text COLLATE "C" NOT NULL,
    invite_id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (organization_id, invite_id, group_id)
);

CREATE TABLE resource_tags (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    text text NOT NULL,
    -- six hexadecimal digits, without #
    color text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX resource_tags_text ON resource_tags (organization_id, text);

CREATE TABLE project_resource_tags (
    organization_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    resource_tag_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, project_id, resource_tag_id)
);
CREATE UNIQUE INDEX project_resource_tags_id ON project_resource_tags (organization_id, id);

CREATE TABLE user_groups (
    organization_id text COLLATE "C" NOT NULL,
    -- a UUID: clients check that
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    color text NOT NULL,
    description text NOT NULL DEFAULT '',
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX user_groups_name ON user_groups (organization_id, name);

CREATE TABLE user_group_members (
    organization_id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    -- the role in every project of the group
    role text NOT NULL,
    PRIMARY KEY (organization_id, group_id, user_id)
);
CREATE INDEX user_group_members_user ON user_group_members (organization_id, user_id);

CREATE TABLE user_group_projects (
    organization_id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, group_id, project_id)
);
CREATE INDEX user_group_projects_project ON user_group_projects (organization_id, project_id);

-- what became of a group, its members and its projects; it stays when the group is gone
CREATE TABLE user_group_events (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    group_name text NOT NULL,
    type text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    actor_id text COLLATE "C" NOT NULL,
    member_id text COLLATE "C",
    previous_role text,
    role text,
    project_id text COLLATE "C",
    -- what the change came by: API, CSV_IMPORT
    channel text NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX user_group_events_group ON user_group_events (organization_id, group_id, id);

-- every role that somebody has in a project and not in the whole organization, wherever it comes from
CREATE VIEW project_grants AS
    SELECT organization_id, project_id, user_id, role, 'PROJECT_MEMBERSHIP' AS source, id
    FROM project_memberships WHERE role <> 'NONE'
    UNION ALL
    SELECT inside.organization_id, opened.project_id, inside.user_id, inside.role, 'USER_GROUP', inside.group_id
    FROM user_group_members AS inside JOIN user_group_projects AS opened
    ON opened.organization_id = inside.organization_id AND opened.group_id = inside.group_id;

-- features at any depth, not only tools and questions at the top; and those taken out that labels still use
ALTER TABLE ontology_features ADD COLUMN is_root boolean NOT NULL DEFAULT true;
ALTER TABLE ontology_features ADD COLUMN archived_node json;
ALTER TABLE ontology_features ADD COLUMN archived_position integer;
INSERT INTO ontology_features (organization_id, ontology_id, feature_schema_id, is_root)
    SELECT DISTINCT y.organization_id, y.id, found.id #>> '{}', false
    FROM ontologies AS y, jsonb_path_query(y.normalized::jsonb, 'strict $.**.featureSchemaId') AS found(id)
    WHERE jsonb_typeof(found.id) = 'string'
    ON CONFLICT DO NOTHING;

-- what stands for itself, and is not only an answer or a question inside another feature
ALTER TABLE feature_schemas ADD COLUMN is_root boolean NOT NULL DEFAULT true;
UPDATE feature_schemas AS f SET is_root = false WHERE NOT EXISTS (SELECT 1 FROM ontology_features AS held
    WHERE held.organization_id = f.organization_id AND held.feature_schema_id = f.id AND held.is_root)
    AND EXISTS (SELECT 1 FROM ontology_features AS held
    WHERE held.organization_id = f.organization_id AND held.feature_schema_id = f.id);
