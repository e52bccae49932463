"""The search itself: data rows that fulfil filters, described as rows that exports, slices and sending read.

`d` is the data row; in a project `p` is its place there.
"""

from __future__ import annotations

from typing import Any

from labelyard.formats.search_filter import Condition, Filter, MetadataTest, Span
from labelyard.plumbing.source import Rows

_SAME_ROW = "{0}.organization_id = d.organization_id AND {0}.data_row_id = d.id"
_HELD = _SAME_ROW.format("h")
_LIVE_PROJECT = (
    "EXISTS (SELECT 1 FROM projects AS living WHERE living.organization_id = h.organization_id"
    " AND living.id = h.project_id AND living.deleted_at IS NULL)"
)
# columns that hold one value of a list
_CHOSEN = {
    Condition.DATA_ROW: "d.id",
    Condition.GLOBAL_KEY: "d.global_key",
    Condition.EXTERNAL_ID: "d.external_id",
    Condition.DATASET: "d.dataset_id",
    Condition.MEDIA_TYPE: "d.media_type",
}


def found_rows(organization_id: str, project_id: str | None, filters: list[Filter]) -> Rows:
    """Live data rows of the organization, or of one project, as far as all filters hold."""
    return _Search(organization_id, project_id, filters).rows


def last_activity(project_id: str | None, page: str = "") -> str:
    """When something last happened to a row: in the project, or anywhere; `page` "d." within a page of rows.

    Labels, reviews, issues and their comments count, and what changed the row, its metadata or its state (P-EX-05).
    """
    scope = "" if project_id is None else f" AND {{0}}.project_id = {page or 'p.'}project_id"
    place = f"{page}place_activity_at" if page else "p.last_activity_at"
    if project_id is None:
        place = f"(SELECT max(h.last_activity_at) FROM project_data_rows AS h WHERE {_HELD})"
    parts = ["d.updated_at", place]
    for table, name in (("labels", "l"), ("reviews", "r"), ("issues", "i")):
        parts.append(
            f"(SELECT max({name}.updated_at) FROM {table} AS {name} WHERE {_SAME_ROW.format(name)}"
            f"{scope.format(name)} AND {name}.deleted_at IS NULL)"
        )
    parts.append(
        "(SELECT max(c.updated_at) FROM issues AS i JOIN issue_comments AS c ON c.organization_id ="
        f" i.organization_id AND c.issue_id = i.id AND c.deleted_at IS NULL WHERE {_SAME_ROW.format('i')}"
        f"{scope.format('i')} AND i.deleted_at IS NULL)"
    )
    return f"greatest({', '.join(parts)})"


def awaits_review(place: str) -> str:
    """Whether a reviewer is still to look at a row; `place` is its row of `project_data_rows`."""
    waiting = [
        f"EXISTS (SELECT 1 FROM {table} AS w WHERE w.organization_id = {place}.organization_id"
        f" AND w.project_id = {place}.project_id AND w.data_row_id = {place}.data_row_id AND w.queue = 'REVIEW')"
        for table in ("queue_slots", "reservations")
    ]
    return f"({' OR '.join(waiting)})"


class _Search:
    """Builds the condition of one search, with its parameters."""

    def __init__(self, organization_id: str, project_id: str | None, filters: list[Filter]) -> None:
        self._project_id = project_id
        self._params: dict[str, Any] = {"organization_id": organization_id, "project_id": project_id}
        if project_id is None:
            tables = "data_rows AS d"
            conditions = ["d.organization_id = %(organization_id)s AND d.deleted_at IS NULL"]
        else:
            tables = (
                "project_data_rows AS p JOIN data_rows AS d ON d.organization_id = p.organization_id"
                " AND d.id = p.data_row_id AND d.deleted_at IS NULL"
            )
            conditions = ["p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"]
        for number, given in enumerate(filters):
            condition = self._condition(number, given)
            conditions.append(f"({condition}) IS NOT TRUE" if given.negated else condition)
        key = "d.id" if project_id is None else "p.data_row_id"
        self.rows = Rows(tables, " AND ".join(conditions), self._params, key)

    def _condition(self, number: int, given: Filter) -> str:
        chosen = f"= ANY({self._param(number, 'values', given.values)})"
        match given.kind:
            case Condition.PROJECT:
                return (
                    f"EXISTS (SELECT 1 FROM project_data_rows AS h WHERE {_HELD} AND h.project_id {chosen}"
                    f" AND {_LIVE_PROJECT})"
                )
            case Condition.BATCH:
                return self._placed(f"{{0}}.batch_id {chosen}")
            case Condition.METADATA if given.metadata is not None:
                return self._metadata(number, given.metadata)
            case Condition.CREATED:
                return self._within(number, "d.created_at", given.span)
            case Condition.UPDATED:
                return self._within(number, "d.updated_at", given.span)
            case Condition.LAST_ACTIVITY:
                return self._within(number, last_activity(self._project_id), given.span)
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
        return f"{_CHOSEN[given.kind]} {chosen}"

    def _param(self, number: int, name: str, value: Any) -> str:
        self._params[f"f{number}_{name}"] = value
        return f"%(f{number}_{name})s"

    def _placed(self, condition: str) -> str:
        """A condition on the row's place: in the project, or in any live one."""
        if self._project_id is not None:
            return condition.format("p")
        return (
            f"EXISTS (SELECT 1 FROM project_data_rows AS h WHERE {_HELD} AND {condition.format('h')}"
            f" AND {_LIVE_PROJECT})"
        )

    def _within(self, number: int, moment: str, span: Span | None) -> str:
        parts = ["TRUE"]
        if span is not None and span.start is not None:
            parts.append(f"{moment} >= {self._param(number, 'start', span.start)}")
        if span is not None and span.end is not None:
            parts.append(f"{moment} <= {self._param(number, 'end', span.end)}")
        return " AND ".join(parts)

    def _metadata(self, number: int, test: MetadataTest) -> str:
        """A stored value that passes the test; CASE keeps values of other kinds from being cast."""
        text = "v.value #>> '{}'"
        value = f"CASE WHEN json_typeof(v.value) = 'number' THEN ({text})::float END"
        if test.part is not None:
            passes = f"position(lower({self._param(number, 'part', test.part)}) in lower({text})) > 0"
        elif test.span is not None:
            passes = self._within(
                number,
                f"CASE WHEN f.kind = 'CustomMetadataDateTime' THEN ({text})::timestamptz END",
                test.span,
            )
        elif test.least is not None or test.most is not None:
            parts = []
            if test.least is not None:
                parts.append(f"{value} >= {self._param(number, 'least', test.least)}")
            if test.most is not None:
                parts.append(f"{value} <= {self._param(number, 'most', test.most)}")
            passes = " AND ".join(parts)
        else:
            texts = self._param(number, "texts", test.texts)
            passes = (
                f"(v.option_id = ANY({texts}) OR o.name = ANY({texts}) OR v.option_id = '' AND {text} = ANY({texts})"
                f" OR {value} = ANY({self._param(number, 'numbers', test.numbers)}::float[]))"
            )
        return (
            "EXISTS (SELECT 1 FROM metadata_values AS v JOIN metadata_schemas AS f ON f.organization_id ="
            " v.organization_id AND f.id = v.schema_id AND f.deleted_at IS NULL LEFT JOIN metadata_schemas AS o"
            f" ON o.organization_id = v.organization_id AND o.id = v.option_id WHERE {_SAME_ROW.format('v')}"
            f" AND v.schema_id = {self._param(number, 'schema', test.schema_id)} AND {passes})"
        )
