"""SQL for the files of exports, and for the data rows that an export is about."""

from __future__ import annotations

from typing import Any

from labelyard.catalog import search
from labelyard.exports.records import ExportFile, ProjectInfo
from labelyard.formats.search_filter import Filter
from labelyard.plumbing.database import Database

_FILE = "f.task_id, f.chunk, f.blob_key, f.start_offset, f.end_offset, f.start_line, f.end_line"
_STREAM = "f.organization_id = %(organization_id)s AND f.stream = %(stream)s"


async def insert_file(db: Database, organization_id: str, stream: str, file: ExportFile) -> bool:
    """A finished file of a stream; False when somebody else has written that part."""
    return (
        await db.execute(
            "INSERT INTO export_files (organization_id, task_id, stream, chunk, blob_key, start_offset,"
            " end_offset, start_line, end_line) VALUES (%(organization_id)s, %(task_id)s, %(stream)s, %(chunk)s,"
            " %(blob_key)s, %(start_offset)s, %(end_offset)s, %(start_line)s, %(end_line)s)"
            " ON CONFLICT (organization_id, task_id, stream, chunk) DO NOTHING",
            {
                "organization_id": organization_id,
                "stream": stream,
                "task_id": file.task_id,
                "chunk": file.chunk,
                "blob_key": file.blob_key,
                "start_offset": file.start_offset,
                "end_offset": file.end_offset,
                "start_line": file.start_line,
                "end_line": file.end_line,
            },
        )
        == 1
    )


async def select_files(db: Database, organization_id: str, task_id: str, stream: str) -> list[ExportFile]:
    """The files of a stream in their order."""
    return await db.fetch_records(
        ExportFile,
        f"SELECT {_FILE} FROM export_files AS f WHERE {_STREAM} AND f.task_id = %(task_id)s ORDER BY f.chunk",
        {"organization_id": organization_id, "task_id": task_id, "stream": stream},
    )


async def select_totals(
    db: Database, organization_id: str, task_ids: list[str], stream: str
) -> dict[str, tuple[int, int]]:
    """Bytes and lines of streams by task; empty ones are left out."""
    rows = await db.fetch_all(
        f"SELECT f.task_id, max(f.end_offset), max(f.end_line) FROM export_files AS f WHERE {_STREAM}"
        " AND f.task_id = ANY(%(task_ids)s) GROUP BY f.task_id",
        {"organization_id": organization_id, "task_ids": task_ids, "stream": stream},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def select_files_at(
    db: Database,
    organization_id: str,
    task_ids: list[str],
    stream: str,
    *,
    offset: int | None,
    line: int | None,
) -> dict[str, ExportFile]:
    """By task the file that holds a byte or a line."""
    place = "offset" if offset is not None else "line"
    found = await db.fetch_records(
        ExportFile,
        f"SELECT {_FILE} FROM export_files AS f WHERE {_STREAM} AND f.task_id = ANY(%(task_ids)s)"
        f" AND f.start_{place} <= %(place)s AND f.end_{place} > %(place)s",
        {
            "organization_id": organization_id,
            "task_ids": task_ids,
            "stream": stream,
            "place": min(line if offset is None and line is not None else offset or 0, 2**63 - 1),
        },
    )
    return {file.task_id: file for file in found}


class Selection:
    """The data rows that an export is about: of a project, or of the catalog, as far as its filters hold.

    `d` is the data row, `p` its place in the project.
    """

    def __init__(self, organization_id: str, project_id: str | None, filters: list[Filter]) -> None:
        self._project_id = project_id
        self._rows = search.found_rows(organization_id, project_id, filters)

    async def count(self, db: Database) -> int:
        """How many rows there are."""
        count: int = await db.fetch_value(
            f"SELECT count(*) FROM {self._rows.tables} WHERE {self._rows.where}", self._rows.params
        )
        return count

    async def page(self, db: Database, after: str, limit: int, *, details: bool) -> list[tuple[Any, ...]]:
        """Rows after a data row, by id: id, row data, keys, media attributes, dataset, times, author.

        The last activity is looked up only with `details`.
        """
        rows, place = self._rows, ""
        if self._project_id is not None:
            place = ", p.project_id, p.last_activity_at AS place_activity_at"
        activity = search.last_activity(self._project_id, "d.") if details else "NULL::timestamptz"
        # the page comes first: what is looked up for a row must not be looked up for rows of other pages
        return await db.fetch_all(
            "SELECT d.id, d.row_data, d.global_key, d.external_id, d.media_attributes, d.dataset_id, s.name,"
            f" d.created_at, d.updated_at, {activity}, u.email FROM (SELECT d.*{place} FROM {rows.tables}"
            f" WHERE {rows.where} AND {rows.key} > %(after)s ORDER BY {rows.key} LIMIT %(limit)s) AS d"
            " LEFT JOIN datasets AS s ON s.organization_id = d.organization_id AND s.id = d.dataset_id"
            " LEFT JOIN users AS u ON u.organization_id = d.organization_id AND u.id = d.created_by"
            " ORDER BY d.id",
            {**rows.params, "after": after, "limit": limit},
        )


async def select_absent(
    db: Database, organization_id: str, project_id: str | None, names: list[str], *, are_keys: bool
) -> list[tuple[str, bool]]:
    """Those of the named rows that an export cannot hold: name, and whether there is such a row elsewhere."""
    column = "global_key" if are_keys else "id"
    rows = await db.fetch_all(
        "SELECT given.name, d.id IS NOT NULL FROM unnest(%(names)s::text[]) WITH ORDINALITY AS given(name, place)"
        f" LEFT JOIN data_rows AS d ON d.organization_id = %(organization_id)s AND d.{column} = given.name"
        " AND d.deleted_at IS NULL LEFT JOIN project_data_rows AS p ON p.organization_id = d.organization_id"
        " AND p.project_id = %(project_id)s AND p.data_row_id = d.id WHERE d.id IS NULL"
        " OR %(project_id)s::text IS NOT NULL AND p.data_row_id IS NULL ORDER BY given.place",
        {"organization_id": organization_id, "project_id": project_id, "names": names},
    )
    return [(row[0], row[1]) for row in rows]


async def count_running(db: Database, organization_id: str, project_id: str | None) -> tuple[int, int]:
    """How many exports are running in the organization, and of the project.

    Only one caller at a time counts: the next one waits until the first has ordered its export.
    """
    await db.hold(f"exports {organization_id}")
    row = await db.fetch_one(
        "SELECT count(*), count(*) FILTER (WHERE metadata->>'projectId' = %(project_id)s) FROM tasks"
        " WHERE organization_id = %(organization_id)s AND type = 'export-data-rows' AND status = 'IN_PROGRESS'",
        {"organization_id": organization_id, "project_id": project_id},
    )
    assert row is not None
    return row[0], row[1]


async def select_projects(db: Database, organization_id: str, ids: list[str] | None) -> list[ProjectInfo]:
    """Live projects by id, or all of them."""
    return await db.fetch_records(
        ProjectInfo,
        "SELECT id, name, ontology_id FROM projects WHERE organization_id = %(organization_id)s"
        " AND deleted_at IS NULL AND (%(ids)s::text[] IS NULL OR id = ANY(%(ids)s)) ORDER BY id",
        {"organization_id": organization_id, "ids": ids},
    )
