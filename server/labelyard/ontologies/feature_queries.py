"""SQL for features in ontologies, and for ontologies and features that nobody uses."""

from __future__ import annotations

from labelyard.ontologies.records import FeaturePlace, FeatureRecord, OntologyRecord
from labelyard.plumbing.database import Database

_HELD = (
    "SELECT 1 FROM ontology_features AS held JOIN ontologies AS y ON y.organization_id = held.organization_id"
    " AND y.id = held.ontology_id AND y.deleted_at IS NULL WHERE held.organization_id = f.organization_id"
    " AND held.feature_schema_id = f.id"
)
_USED = (
    "SELECT 1 FROM projects AS p WHERE p.organization_id = y.organization_id AND p.ontology_id = y.id"
    " AND p.deleted_at IS NULL"
)


async def select_feature(db: Database, organization_id: str, feature_id: str) -> FeatureRecord | None:
    """One live feature, locked until the transaction ends."""
    return await db.fetch_record(
        FeatureRecord,
        "SELECT id, name, kind, normalized FROM feature_schemas WHERE organization_id = %(organization_id)s"
        " AND id = %(id)s AND deleted_at IS NULL FOR UPDATE",
        {"organization_id": organization_id, "id": feature_id},
    )


async def select_place(
    db: Database, organization_id: str, ontology_id: str, feature_id: str
) -> FeaturePlace | None:
    """A feature in an ontology."""
    return await db.fetch_record(
        FeaturePlace,
        "SELECT feature_schema_id, is_root, archived, archived_node, archived_position FROM ontology_features"
        " WHERE organization_id = %(organization_id)s AND ontology_id = %(ontology_id)s"
        " AND feature_schema_id = %(id)s",
        {"organization_id": organization_id, "ontology_id": ontology_id, "id": feature_id},
    )


async def select_holder(db: Database, organization_id: str, feature_id: str) -> str | None:
    """The name of a live ontology that has the feature at any depth."""
    name: str | None = await db.fetch_value(
        "SELECT y.name FROM ontology_features AS held JOIN ontologies AS y"
        " ON y.organization_id = held.organization_id AND y.id = held.ontology_id AND y.deleted_at IS NULL"
        " WHERE held.organization_id = %(organization_id)s AND held.feature_schema_id = %(id)s LIMIT 1",
        {"organization_id": organization_id, "id": feature_id},
    )
    return name


async def select_holders(db: Database, organization_id: str, feature_id: str) -> list[OntologyRecord]:
    """The live ontologies that have the feature at any depth, locked until the transaction ends."""
    return await db.fetch_records(
        OntologyRecord,
        "SELECT y.id, y.name, y.media_type, y.normalized, y.instructions, y.updated_at"
        " FROM ontology_features AS held JOIN ontologies AS y"
        " ON y.organization_id = held.organization_id AND y.id = held.ontology_id AND y.deleted_at IS NULL"
        " WHERE held.organization_id = %(organization_id)s AND held.feature_schema_id = %(id)s"
        " ORDER BY y.id FOR UPDATE OF y",
        {"organization_id": organization_id, "id": feature_id},
    )


async def select_features_lacking(
    db: Database, organization_id: str, ontology_id: str, holder_id: str
) -> dict[str, str]:
    """Names by ids of the features of one ontology, archived ones too, that another does not have."""
    rows = await db.fetch_all(
        "SELECT f.id, f.name FROM ontology_features AS held"
        " JOIN feature_schemas AS f ON f.organization_id = held.organization_id AND f.id = held.feature_schema_id"
        " WHERE held.organization_id = %(organization_id)s AND held.ontology_id = %(holder_id)s"
        " AND NOT EXISTS (SELECT 1 FROM ontology_features AS own"
        "  WHERE own.organization_id = held.organization_id AND own.ontology_id = %(id)s"
        "  AND own.feature_schema_id = held.feature_schema_id)",
        {"organization_id": organization_id, "id": ontology_id, "holder_id": holder_id},
    )
    return dict(rows)


async def select_unused_features(db: Database, organization_id: str, after: str, first: int) -> list[str]:
    """A page of features that stand for themselves and are in no live ontology."""
    return await db.fetch_column(
        "SELECT f.id FROM feature_schemas AS f WHERE f.organization_id = %(organization_id)s"
        f" AND f.deleted_at IS NULL AND f.is_root AND f.id > %(after)s AND NOT EXISTS ({_HELD})"
        " ORDER BY f.id LIMIT %(first)s",
        {"organization_id": organization_id, "after": after, "first": first},
    )


async def delete_feature(db: Database, organization_id: str, feature_id: str) -> None:
    """A feature that is there no more."""
    await db.execute(
        "UPDATE feature_schemas SET deleted_at = now() WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": feature_id},
    )


async def select_user(db: Database, organization_id: str, ontology_id: str) -> str | None:
    """The name of a live project that has the ontology."""
    name: str | None = await db.fetch_value(
        "SELECT name FROM projects WHERE organization_id = %(organization_id)s AND ontology_id = %(id)s"
        " AND deleted_at IS NULL LIMIT 1",
        {"organization_id": organization_id, "id": ontology_id},
    )
    return name


async def select_unused_ontologies(db: Database, organization_id: str, after: str, first: int) -> list[str]:
    """A page of ontologies that no live project has."""
    return await db.fetch_column(
        "SELECT y.id FROM ontologies AS y WHERE y.organization_id = %(organization_id)s AND y.deleted_at IS NULL"
        f" AND y.id > %(after)s AND NOT EXISTS ({_USED}) ORDER BY y.id LIMIT %(first)s",
        {"organization_id": organization_id, "after": after, "first": first},
    )


async def delete_ontology(db: Database, organization_id: str, ontology_id: str) -> None:
    """An ontology that is there no more."""
    await db.execute(
        "UPDATE ontologies SET deleted_at = now() WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": ontology_id},
    )


async def update_ontology(
    db: Database,
    organization_id: str,
    ontology_id: str,
    normalized: str,
    tools: int,
    classifications: int,
) -> None:
    """Another document; the time is the clock's, so that no two changes have the same."""
    await db.execute(
        "UPDATE ontologies SET normalized = %(normalized)s::json, object_schema_count = %(tools)s,"
        " classification_schema_count = %(classifications)s, updated_at = clock_timestamp()"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {
            "organization_id": organization_id,
            "id": ontology_id,
            "normalized": normalized,
            "tools": tools,
            "classifications": classifications,
        },
    )


async def is_in_labels(db: Database, organization_id: str, ontology_id: str, feature_id: str) -> bool:
    """Whether a live label of a project with this ontology says something about the feature."""
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM projects AS p JOIN labels AS l ON l.organization_id = p.organization_id"
        " AND l.project_id = p.id AND l.deleted_at IS NULL WHERE p.organization_id = %(organization_id)s"
        " AND p.ontology_id = %(ontology_id)s AND position(%(id)s in l.annotations::text) > 0)",
        {"organization_id": organization_id, "ontology_id": ontology_id, "id": feature_id},
    )
    return found


async def archive(
    db: Database, organization_id: str, ontology_id: str, feature_id: str, node: str, position: int
) -> None:
    """Keeps a feature that was taken out, for the labels that use it."""
    await db.execute(
        "UPDATE ontology_features SET archived = true, archived_node = %(node)s::json,"
        " archived_position = %(position)s WHERE organization_id = %(organization_id)s"
        " AND ontology_id = %(ontology_id)s AND feature_schema_id = %(id)s",
        {
            "organization_id": organization_id,
            "ontology_id": ontology_id,
            "id": feature_id,
            "node": node,
            "position": position,
        },
    )


async def unarchive(db: Database, organization_id: str, ontology_id: str, feature_id: str) -> None:
    """The feature is in the ontology again."""
    await db.execute(
        "UPDATE ontology_features SET archived = false, archived_node = NULL, archived_position = NULL"
        " WHERE organization_id = %(organization_id)s AND ontology_id = %(ontology_id)s"
        " AND feature_schema_id = %(id)s",
        {"organization_id": organization_id, "ontology_id": ontology_id, "id": feature_id},
    )


async def update_archived(db: Database, organization_id: str, feature_id: str, node: str) -> None:
    """New content of a feature, where it is archived."""
    await db.execute(
        "UPDATE ontology_features SET archived_node = %(node)s::json"
        " WHERE organization_id = %(organization_id)s AND feature_schema_id = %(id)s AND archived",
        {"organization_id": organization_id, "id": feature_id, "node": node},
    )


async def delete_places(db: Database, organization_id: str, ontology_id: str, feature_ids: list[str]) -> None:
    """Features that are in the ontology no more."""
    await db.execute(
        "DELETE FROM ontology_features WHERE organization_id = %(organization_id)s"
        " AND ontology_id = %(ontology_id)s AND feature_schema_id = ANY(%(ids)s)",
        {"organization_id": organization_id, "ontology_id": ontology_id, "ids": feature_ids},
    )
