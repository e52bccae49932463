-- Data rows by address that nobody has looked at yet: one line for each chunk of an import, from id to id.
CREATE TABLE unprobed_ranges (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    first_id text COLLATE "C" NOT NULL,
    last_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    -- when the next look is due; in the future while somebody looks
    due_at timestamptz NOT NULL DEFAULT now(),
    -- how often in a row no host could be reached
    attempts integer NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX unprobed_ranges_due ON unprobed_ranges (due_at);
