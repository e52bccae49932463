"""SQL for the files of exports, and for the data rows that an export is about."""

from __future__ import annotations

from typing import Any

from labelyard.exports.records import Condition, ExportFile, Filter, ProjectInfo, Span
from labelyard.plumbing.database import Database

_FILE = "f.task_id, f.chunk, f.blob_key, f.start_offset, f.end_offset, f.start_line, f.end_line"
_STREAM = "f.organization_id = %(organization_id)s AND f.stream = %(stream)s"
_SAME_ROW = "{0}.organization_id = d.organization_id AND {0}.data_row_id = d.id"
_HELD = _SAME_ROW.format("h")


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
        self._params: dict[str, Any] = {"organization_id": organization_id, "project_id": project_id}
        if project_id is None:
            self._tables = "data_rows AS d"
            conditions = ["d.organization_id = %(organization_id)s AND d.deleted_at IS NULL"]
        else:
            self._tables = (
                "project_data_rows AS p JOIN data_rows AS d ON d.organization_id = p.organization_id"
                " AND d.id = p.data_row_id AND d.deleted_at IS NULL"
            )
            conditions = ["p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"]
        conditions += [self._condition(number, given) for number, given in enumerate(filters)]
        self._where = " AND ".join(conditions)

    async def count(self, db: Database) -> int:
        """How many rows there are."""
        count: int = await db.fetch_value(
            f"SELECT count(*) FROM {self._tables} WHERE {self._where}", self._params
        )
        return count

    async def page(self, db: Database, after: str, limit: int, *, details: bool) -> list[tuple[Any, ...]]:
        """Rows after a data row, by id: id, row data, keys, media attributes, dataset, times, author.

        The last activity is looked up only with `details`.
        """
        key, place = "d.id", ""
        if self._project_id is not None:
            key, place = "p.data_row_id", ", p.project_id, p.last_activity_at AS place_activity_at"
        activity = self._activity("d.") if details else "NULL::timestamptz"
        # the page comes first: what is looked up for a row must not be looked up for rows of other pages
        return await db.fetch_all(
            "SELECT d.id, d.row_data, d.global_key, d.external_id, d.media_attributes, d.dataset_id, s.name,"
            f" d.created_at, d.updated_at, {activity}, u.email FROM (SELECT d.*{place} FROM {self._tables}"
            f" WHERE {self._where} AND {key} > %(after)s ORDER BY {key} LIMIT %(limit)s) AS d"
            " LEFT JOIN datasets AS s ON s.organization_id = d.organization_id AND s.id = d.dataset_id"
            " LEFT JOIN users AS u ON u.organization_id = d.organization_id AND u.id = d.created_by"
            " ORDER BY d.id",
            {**self._params, "after": after, "limit": limit},
        )

    def _activity(self, page: str = "") -> str:
        """When something last happened to a row: in the project, or anywhere; `page` "d." within a page."""
        scope = "" if self._project_id is None else f" AND {{0}}.project_id = {page or 'p.'}project_id"
        place = f"{page}place_activity_at" if page else "p.last_activity_at"
        if self._project_id is None:
            place = f"(SELECT max(h.last_activity_at) FROM project_data_rows AS h WHERE {_HELD})"
        parts = ["d.updated_at", place]
        for table, name in (("labels", "l"), ("reviews", "r")):
            parts.append(
                f"(SELECT max({name}.updated_at) FROM {table} AS {name} WHERE {_SAME_ROW.format(name)}"
                f"{scope.format(name)} AND {name}.deleted_at IS NULL)"
            )
        return f"greatest({', '.join(parts)})"

    def _condition(self, number: int, given: Filter) -> str:
        values = f"f{number}_values"
        self._params[values] = given.values
        chosen = f"= ANY(%({values})s)"
        match given.kind:
            case Condition.DATA_ROW:
                return f"d.id {chosen}"
            case Condition.GLOBAL_KEY:
                return f"d.global_key {chosen}"
            case Condition.DATASET:
                return f"d.dataset_id {chosen}"
            case Condition.BATCH:
                return self._placed(f"{{0}}.batch_id {chosen}")
            case Condition.LAST_ACTIVITY:
                return self._within(number, self._activity(), given.span)
            case Condition.LABELED:
                scope = "" if self._project_id is None else " AND l.project_id = p.project_id"
                within = self._within(number, "l.created_at", given.span)
                return (
                    f"EXISTS (SELECT 1 FROM labels AS l WHERE {_SAME_ROW.format('l')}{scope}"
                    f" AND l.deleted_at IS NULL AND {within})"
                )
            case Condition.TO_LABEL:
                return self._placed("{0}.state = 'TO_LABEL'")
            case Condition.STATUS:
                skipped = awaits_review("{0}")
                if given.values == ["DONE"]:
                    skipped = f"NOT {skipped}"
                elif given.values != ["IN_REVIEW"]:
                    skipped = "FALSE"
                return self._placed(f"({{0}}.state {chosen} OR {{0}}.state = 'SKIPPED' AND {skipped})")

    def _placed(self, condition: str) -> str:
        """A condition on the row's place: in the project, or in any one."""
        if self._project_id is not None:
            return condition.format("p")
        return f"EXISTS (SELECT 1 FROM project_data_rows AS h WHERE {_HELD} AND {condition.format('h')})"

    def _within(self, number: int, moment: str, span: Span | None) -> str:
        parts = ["TRUE"]
        if span is not None and span.start is not None:
            self._params[f"f{number}_start"] = span.start
            parts.append(f"{moment} >= %(f{number}_start)s")
        if span is not None and span.end is not None:
            self._params[f"f{number}_end"] = span.end
            parts.append(f"{moment} <= %(f{number}_end)s")
        return " AND ".join(parts)


def awaits_review(place: str) -> str:
    """Whether a reviewer is still to look at a row; `place` is its row of `project_data_rows`."""
    waiting = [
        f"EXISTS (SELECT 1 FROM {table} AS w WHERE w.organization_id = {place}.organization_id"
        f" AND w.project_id = {place}.project_id AND w.data_row_id = {place}.data_row_id AND w.queue = 'REVIEW')"
        for table in ("queue_slots", "reservations")
    ]
    return f"({' OR '.join(waiting)})"


async def select_projects(db: Database, organization_id: str, ids: list[str] | None) -> list[ProjectInfo]:
    """Live projects by id, or all of them."""
    return await db.fetch_records(
        ProjectInfo,
        "SELECT id, name, ontology_id FROM projects WHERE organization_id = %(organization_id)s"
        " AND deleted_at IS NULL AND (%(ids)s::text[] IS NULL OR id = ANY(%(ids)s)) ORDER BY id",
        {"organization_id": organization_id, "ids": ids},
    )
