"""The schema, as numbered SQL files, forward only.

Every table that can grow has `organization_id` first in its primary and unique keys, so that an engine which
distributes by it can hold it (decision 2). Ids are made in the application. Text keys compare bytewise (C).
"""
