-- Webhooks and their outbox: a delivery is written with the change that it tells of, and stays as the log.
CREATE TABLE webhooks (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    -- null: every project of the organization
    project_id text COLLATE "C",
    url text NOT NULL,
    topics text[] NOT NULL,
    -- signs the deliveries, so it cannot be kept as a hash; nothing ever reads it out
    secret text NOT NULL,
    status text NOT NULL DEFAULT 'ACTIVE',
    -- why the server itself has switched it off
    revoked_because text,
    -- the first of the failures since the last success
    failing_since timestamptz,
    created_by text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX webhooks_project ON webhooks (organization_id, project_id, id);

CREATE TABLE webhook_deliveries (
    organization_id text COLLATE "C" NOT NULL,
    webhook_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    topic text NOT NULL,
    object_id text COLLATE "C" NOT NULL,
    state text NOT NULL DEFAULT 'WAITING',
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    first_attempt_at timestamptz,
    last_attempt_at timestamptz,
    request_headers json,
    request_body text,
    response_status integer,
    response_headers json,
    response_body text,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, webhook_id, id)
);
-- what is to be sent, in order
CREATE INDEX webhook_deliveries_line ON webhook_deliveries (organization_id, webhook_id, id)
    WHERE state = 'WAITING';
-- what the cleaner looks for
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at) WHERE state <> 'WAITING';
