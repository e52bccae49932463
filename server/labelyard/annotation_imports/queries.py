"""SQL for imports and for the data rows that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import orjson

from labelyard.access import visibility
from labelyard.annotation_imports.records import PRE_LABELS, AnnotationImport, Checkpoint, ImportKind
from labelyard.formats.ndjson_lines import ImportRow, RowLookup
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows

_ONE = "organization_id = %(organization_id)s AND id = %(id)s"


def bulk_imports(context: Context) -> Rows:
    """All imports of pre-labels, as the older calls know them."""
    return _imports(context, *PRE_LABELS)


def mal_imports(context: Context) -> Rows:
    """Imports of pre-labels by the newer calls."""
    return _imports(context, ImportKind.MAL)


def label_imports(context: Context) -> Rows:
    """Imports of labels."""
    return _imports(context, ImportKind.LABEL)


def _imports(context: Context, *kinds: ImportKind) -> Rows:
    rows = Rows(
        "annotation_imports AS i",
        "i.organization_id = %(organization_id)s AND i.kind = ANY(%(_kinds)s)",
        {"organization_id": context.organization_id, "_kinds": [kind.value for kind in kinds]},
        "i.id",
    )
    return visibility.in_projects(rows, context, "i.project_id")


def of_project(rows: Rows, project_id: str) -> Rows:
    """Those of the imports that belong to a project."""
    return rows.narrowed("i.project_id = %(_project)s", _project=project_id)


def deleted_import(row: bytes) -> Rows:
    """The one row of an import that is no longer in its table."""
    return Rows(
        "json_populate_record(NULL::annotation_imports, %(_row)s::json) AS i",
        "TRUE",
        {"_row": row.decode()},
        "i.id",
    )


async def insert_import(
    db: Database,
    *,
    organization_id: str,
    import_id: str,
    project_id: str,
    kind: str,
    name: str,
    input_url: str | None,
    input_key: str | None,
    created_by: str,
) -> bool:
    """A new running import; False when the name is taken."""
    return (
        await db.execute(
            "INSERT INTO annotation_imports (organization_id, id, project_id, kind, name, input_url,"
            " input_key, created_by) VALUES (%(organization_id)s, %(id)s, %(project_id)s, %(kind)s, %(name)s,"
            " %(input_url)s, %(input_key)s, %(created_by)s)"
            " ON CONFLICT (organization_id, project_id, kind, name) DO NOTHING",
            {
                "organization_id": organization_id,
                "id": import_id,
                "project_id": project_id,
                "kind": kind,
                "name": name,
                "input_url": input_url,
                "input_key": input_key,
                "created_by": created_by,
            },
        )
        == 1
    )


async def select_import(db: Database, organization_id: str, import_id: str) -> AnnotationImport | None:
    """One import."""
    return await db.fetch_record(
        AnnotationImport,
        "SELECT id, project_id, kind, name, state, input_url, input_key, checkpoint, created_at"
        f" FROM annotation_imports WHERE {_ONE}",
        {"organization_id": organization_id, "id": import_id},
    )


async def select_id_of_name(
    db: Database, organization_id: str, project_id: str, kinds: Sequence[ImportKind], name: str
) -> str | None:
    """The import of a project that has this name; the older kind when there are two."""
    found: str | None = await db.fetch_value(
        "SELECT id FROM annotation_imports WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND kind = ANY(%(kinds)s) AND name = %(name)s ORDER BY kind LIMIT 1",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "kinds": [kind.value for kind in kinds],
            "name": name,
        },
    )
    return found


async def update_input(db: Database, organization_id: str, import_id: str, input_key: str) -> None:
    """Where the fetched input is kept."""
    await db.execute(
        f"UPDATE annotation_imports SET input_key = %(key)s, updated_at = now() WHERE {_ONE}",
        {"organization_id": organization_id, "id": import_id, "key": input_key},
    )


async def update_checkpoint(
    db: Database, organization_id: str, import_id: str, checkpoint: Checkpoint, progress: int
) -> bool:
    """Goes one step on; False when the import is gone or somebody else has done the step."""
    return (
        await db.execute(
            "UPDATE annotation_imports SET checkpoint = %(checkpoint)s::json, progress = %(progress)s,"
            f" updated_at = now() WHERE {_ONE} AND state = 'RUNNING'"
            " AND coalesce((checkpoint->>'step')::int, 0) = %(before)s",
            {
                "organization_id": organization_id,
                "id": import_id,
                "checkpoint": orjson.dumps(asdict(checkpoint)).decode(),
                "progress": progress,
                "before": checkpoint.step - 1,
            },
        )
        == 1
    )


async def finish_import(
    db: Database,
    organization_id: str,
    import_id: str,
    *,
    state: str,
    step: int,
    status_key: str,
    error_key: str,
    failure: str | None,
) -> bool:
    """The last word on an import; False when it is gone or somebody else has said it."""
    return (
        await db.execute(
            "UPDATE annotation_imports SET state = %(state)s, status_key = %(status_key)s,"
            " error_key = %(error_key)s, failure = %(failure)s, updated_at = now(),"
            " progress = CASE WHEN %(state)s = 'FINISHED' THEN 100 ELSE progress END"
            f" WHERE {_ONE} AND state = 'RUNNING' AND coalesce((checkpoint->>'step')::int, 0) = %(step)s",
            {
                "organization_id": organization_id,
                "id": import_id,
                "state": state,
                "step": step,
                "status_key": status_key,
                "error_key": error_key,
                "failure": failure,
            },
        )
        == 1
    )


async def delete_import(db: Database, organization_id: str, import_id: str) -> bytes | None:
    """Deletes an import with its pre-labels and what it had read; the row that it was."""
    gone: bytes | None = await db.fetch_value(
        f"DELETE FROM annotation_imports AS i WHERE {_ONE} RETURNING row_to_json(i)",
        {"organization_id": organization_id, "id": import_id},
    )
    if gone is not None:
        await db.execute(
            "DELETE FROM import_annotations WHERE organization_id = %(organization_id)s"
            " AND import_id = %(import_id)s",
            {"organization_id": organization_id, "import_id": import_id},
        )
        await db.execute(
            "WITH gone AS (DELETE FROM pre_labels WHERE organization_id = %(organization_id)s"
            "  AND import_id = %(import_id)s RETURNING project_id, data_row_id, annotation)"
            " DELETE FROM label_masks AS m USING gone WHERE m.organization_id = %(organization_id)s"
            " AND m.project_id = gone.project_id AND m.feature_id = gone.annotation->>'feature_id'"
            " AND NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.organization_id = m.organization_id"
            "  AND l.data_row_id = gone.data_row_id AND l.project_id = m.project_id)"
            " AND NOT EXISTS (SELECT 1 FROM drafts AS d WHERE d.organization_id = m.organization_id"
            "  AND d.project_id = m.project_id AND d.data_row_id = gone.data_row_id)",
            {"organization_id": organization_id, "import_id": import_id},
        )
    return gone


async def select_rows(
    db: Database, organization_id: str, project_id: str, ids: list[str], keys: list[str]
) -> RowLookup:
    """The live data rows of a project that lines name, by id and by global key.

    One look-up for each name, whatever the planner believes of a project that was filled a moment ago: LIMIT keeps
    it from beginning with the project's rows.
    """
    live = "d.organization_id = %(organization_id)s AND d.deleted_at IS NULL"
    found = await db.fetch_all(
        "SELECT d.id, d.global_key, (d.media_attributes->>'width')::int, (d.media_attributes->>'height')::int"
        " FROM (SELECT d.* FROM unnest(%(ids)s::text[]) AS g(id) CROSS JOIN LATERAL (SELECT * FROM data_rows AS d"
        f"  WHERE {live} AND d.id = g.id LIMIT 1) AS d UNION ALL"
        "  SELECT d.* FROM unnest(%(keys)s::text[]) AS g(key) CROSS JOIN LATERAL (SELECT * FROM data_rows AS d"
        f"  WHERE {live} AND d.global_key = g.key LIMIT 1) AS d) AS d CROSS JOIN LATERAL (SELECT 1"
        "  FROM project_data_rows AS p WHERE p.organization_id = d.organization_id"
        "  AND p.project_id = %(project_id)s AND p.data_row_id = d.id LIMIT 1) AS p",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids, "keys": keys},
    )
    rows = [(ImportRow(row[0], row[2], row[3]), row[1]) for row in found]
    return RowLookup({row.id: row for row, _ in rows}, {key: row for row, key in rows if key is not None})
