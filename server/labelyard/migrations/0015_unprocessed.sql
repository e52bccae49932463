-- which rows are still being looked into: few at any time, asked for before every batch
CREATE INDEX data_rows_unprocessed ON data_rows (organization_id, id)
    WHERE processing = 'PROCESSING' AND deleted_at IS NULL;
