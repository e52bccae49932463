"""SQL for what webhooks are told of labels."""

from __future__ import annotations

from labelyard.labels.records import LabelEvent
from labelyard.plumbing.database import Database


async def select_label_events(db: Database, organization_id: str, label_ids: list[str]) -> list[LabelEvent]:
    """Labels with everything around them, whether they are still there or deleted."""
    return await db.fetch_records(
        LabelEvent,
        "SELECT l.id, l.created_at, l.updated_at, l.seconds_to_label, l.annotations, l.label_text, l.skipped,"
        " l.agreement * 100 AS agreement, l.benchmark_agreement * 100 AS benchmark_agreement,"
        " l.deleted_at IS NOT NULL AS deleted, l.created_by, u.email,"
        " p.id AS project_id, p.ontology_id, p.name AS project_name, p.description AS project_description,"
        " p.created_at AS project_created_at, p.updated_at AS project_updated_at,"
        " p.deleted_at IS NOT NULL AS project_deleted,"
        " d.id AS data_row_id, d.external_id, d.global_key, d.row_data, d.created_at AS row_created_at,"
        " d.updated_at AS row_updated_at, d.deleted_at AS row_deleted_at,"
        " ds.id AS dataset_id, ds.name AS dataset_name, ds.description AS dataset_description,"
        " ds.created_at AS dataset_created_at, ds.updated_at AS dataset_updated_at,"
        " ds.deleted_at IS NOT NULL AS dataset_deleted FROM labels AS l"
        " JOIN projects AS p ON p.organization_id = l.organization_id AND p.id = l.project_id"
        " JOIN data_rows AS d ON d.organization_id = l.organization_id AND d.id = l.data_row_id"
        " JOIN datasets AS ds ON ds.organization_id = d.organization_id AND ds.id = d.dataset_id"
        " JOIN users AS u ON u.organization_id = l.organization_id AND u.id = l.created_by"
        " WHERE l.organization_id = %(organization_id)s AND l.id = ANY(%(ids)s)",
        {"organization_id": organization_id, "ids": label_ids},
    )
