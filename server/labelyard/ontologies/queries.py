"""SQL for ontologies and feature schemas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from labelyard.ontologies.records import NewFeature, OntologyRecord
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows


def ontologies(context: Context) -> Rows:
    """Live ontologies of the organization."""
    return Rows(
        "ontologies AS y",
        "y.organization_id = %(organization_id)s AND y.deleted_at IS NULL",
        {"organization_id": context.organization_id},
        "y.id",
    )


def feature_schemas(context: Context) -> Rows:
    """Live feature schemas of the organization."""
    return Rows(
        "feature_schemas AS f",
        "f.organization_id = %(organization_id)s AND f.deleted_at IS NULL",
        {"organization_id": context.organization_id},
        "f.id",
    )


async def insert_ontology(
    db: Database,
    *,
    organization_id: str,
    ontology_id: str,
    name: str,
    media_type: str | None,
    editor_task_type: str | None,
    normalized: str,
    tools: int,
    classifications: int,
    created_by: str,
) -> None:
    """A new ontology."""
    await db.execute(
        "INSERT INTO ontologies (organization_id, id, name, media_type, editor_task_type, normalized,"
        " object_schema_count, classification_schema_count, created_by) VALUES (%(organization_id)s, %(id)s,"
        " %(name)s, %(media_type)s, %(editor_task_type)s, %(normalized)s::json, %(tools)s, %(classifications)s,"
        " %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": ontology_id,
            "name": name,
            "media_type": media_type,
            "editor_task_type": editor_task_type,
            "normalized": normalized,
            "tools": tools,
            "classifications": classifications,
            "created_by": created_by,
        },
    )


async def select_ontology(
    db: Database, organization_id: str, ontology_id: str, *, lock: bool = False
) -> OntologyRecord | None:
    """One live ontology."""
    return await db.fetch_record(
        OntologyRecord,
        "SELECT id, name, media_type, normalized, instructions, updated_at FROM ontologies"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s AND deleted_at IS NULL"
        + (" FOR UPDATE" if lock else ""),
        {"organization_id": organization_id, "id": ontology_id},
    )


async def update_instructions(
    db: Database, organization_id: str, ontology_id: str, instructions: str
) -> None:
    """Another file of instructions."""
    await db.execute(
        "UPDATE ontologies SET instructions = %(instructions)s, updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": ontology_id, "instructions": instructions},
    )


async def upsert_features(
    db: Database, organization_id: str, created_by: str, features: Sequence[NewFeature]
) -> None:
    """Feature schemas, new or with new content."""
    await db.execute(
        "INSERT INTO feature_schemas (organization_id, id, name, kind, normalized, is_root, created_by)"
        " SELECT %(organization_id)s, id, name, kind, normalized::json, is_root, %(created_by)s"
        " FROM unnest(%(ids)s::text[], %(names)s::text[], %(kinds)s::text[], %(documents)s::text[],"
        " %(roots)s::boolean[]) AS given(id, name, kind, normalized, is_root)"
        " ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, kind = excluded.kind,"
        " normalized = excluded.normalized, is_root = feature_schemas.is_root OR excluded.is_root,"
        " updated_at = now(), deleted_at = NULL",
        {
            "organization_id": organization_id,
            "created_by": created_by,
            "ids": [feature.id for feature in features],
            "names": [feature.name for feature in features],
            "kinds": [feature.kind for feature in features],
            "documents": [feature.normalized for feature in features],
            "roots": [feature.is_root for feature in features],
        },
    )


async def insert_ontology_features(
    db: Database, organization_id: str, ontology_id: str, features: Sequence[NewFeature], roots: set[str]
) -> None:
    """Which features an ontology holds, at any depth."""
    await db.execute(
        "INSERT INTO ontology_features (organization_id, ontology_id, feature_schema_id, is_root)"
        " SELECT %(organization_id)s, %(ontology_id)s, id, is_root"
        " FROM unnest(%(ids)s::text[], %(roots)s::boolean[]) AS given(id, is_root)"
        " ON CONFLICT (organization_id, ontology_id, feature_schema_id) DO UPDATE"
        " SET is_root = ontology_features.is_root OR excluded.is_root",
        {
            "organization_id": organization_id,
            "ontology_id": ontology_id,
            "ids": [feature.id for feature in features],
            "roots": [feature.id in roots for feature in features],
        },
    )


async def select_revision(db: Database, organization_id: str, ontology_id: str) -> datetime | None:
    """When a live ontology was changed last."""
    revision: datetime | None = await db.fetch_value(
        "SELECT updated_at FROM ontologies WHERE organization_id = %(organization_id)s AND id = %(id)s"
        " AND deleted_at IS NULL",
        {"organization_id": organization_id, "id": ontology_id},
    )
    return revision


async def select_archived(db: Database, organization_id: str, ontology_id: str) -> list[bytes]:
    """The tools and questions that an ontology keeps for the labels that use them."""
    return await db.fetch_column(
        "SELECT archived_node FROM ontology_features WHERE organization_id = %(organization_id)s"
        " AND ontology_id = %(id)s AND archived ORDER BY feature_schema_id",
        {"organization_id": organization_id, "id": ontology_id},
    )


async def select_known_feature_ids(db: Database, organization_id: str, ids: list[str]) -> set[str]:
    """Those of the ids that are live feature schemas."""
    return set(
        await db.fetch_column(
            "SELECT id FROM feature_schemas WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)"
            " AND deleted_at IS NULL",
            {"organization_id": organization_id, "ids": ids},
        )
    )


async def select_page(rows: Rows, db: Database, after: str | None, first: int) -> list[str]:
    """Ids of a page."""
    narrowed = rows.narrowed(f"{rows.key} > %(_after)s", _after=after or "")
    params: dict[str, Any] = {**narrowed.params, "first": first}
    return await db.fetch_column(
        f"SELECT {rows.key} FROM {narrowed.tables} WHERE {narrowed.where} ORDER BY {rows.key} LIMIT %(first)s",
        params,
    )
