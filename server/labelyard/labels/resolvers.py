"""Label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelyard.labels import actions, ontology_changes, queries
from labelyard.labels.records import LabelingActivity
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import Column, Many, Moment, One, computed


def _of_data_row(value: dict[str, Any] | None) -> tuple[str, Mapping[str, Any]]:
    if value is None:
        return "TRUE", {}
    if value.get("id"):
        return "l.data_row_id = %(row)s", {"row": value["id"]}
    dataset = value.get("dataset") or {}
    wanted = dataset.get("id_in")
    if wanted is None:
        wanted = [dataset["id"]] if dataset.get("id") else []
    return queries.IN_DATASETS, {"datasets": wanted}


def _of_author(value: dict[str, Any] | None) -> tuple[str, Mapping[str, Any]]:
    if value is None:
        return "TRUE", {}
    return "l.created_by = %(author)s", {"author": value.get("id")}


class Label:
    """What one labeler said about one data row. Agreement is 0 to 100 here (reference/quality.md 1)."""

    rows = queries.labels
    filters = {"dataRow": _of_data_row, "createdBy": _of_author}  # noqa: RUF012
    id = Column("l.id")
    agreement = Column("l.agreement * 100")
    benchmark_agreement = Column("l.benchmark_agreement * 100")
    is_benchmark_reference = Column("l.is_benchmark_reference")
    seconds_to_label = Column("l.seconds_to_label")
    skipped = Column("l.skipped", filterable=False)
    annotations = Column("l.annotations", filterable=False)
    created_at = Moment("l.created_at")
    updated_at = Moment("l.updated_at")
    created_by = One("User", "l.created_by")
    data_row = One("DataRow", "l.data_row_id")
    project = One("Project", "l.project_id")

    @computed("l.project_id", "l.label_text", "l.skipped", "l.annotations")
    async def label(context: Context, parents: list[tuple[str, str | None, bool, Any]]) -> list[str]:  # noqa: N805
        """The legacy text: what a client gave, `Skip`, or the annotations in the form of the 2.4 export."""
        return await actions.legacy_texts(context, parents)


class Project:
    """A project's labels."""

    labels = Many("Label", "l.project_id", where=queries.LIVE_ROW)

    @computed("p.id")
    async def label_count(context: Context, parents: list[tuple[str]]) -> list[int]:  # noqa: N805
        """How many labels there are."""
        counts = await actions.count_labels(context, [key for (key,) in parents])
        return [counts.get(key, 0) for (key,) in parents]


class DataRow:
    """A data row's labels."""

    labels = Many("Label", "l.data_row_id")

    @computed("d.id")
    async def labeling_activity(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        where: dict[str, Any],
    ) -> list[LabelingActivity | None]:
        """What came of labeling it in a project."""
        selected = await actions.selected_labels(context, where["project_id"], [row for (row,) in parents])
        return [LabelingActivity(selected.get(row)) for (row,) in parents]


class Query:
    """Looking at labels."""

    @staticmethod
    async def label(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One label."""
        return where["id"] if where else None


class ProjectMutation:
    """What the labels of one project have a say in."""

    namespace = True

    @staticmethod
    async def connect_ontology(context: Context, project_id: str, ontology_id: str) -> str:
        """Gives the project an ontology."""
        return await ontology_changes.connect_ontology(
            context, project_id=project_id, ontology_id=ontology_id
        )
