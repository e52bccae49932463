"""The three kinds of annotation imports."""

from __future__ import annotations

from typing import Any

from labelyard.annotation_imports import actions, queries
from labelyard.annotation_imports.records import PRE_LABELS, ImportKind
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult
from labelyard.plumbing.source import Column, Moment, One, Rows

_NDJSON = "application/x-ndjson"
_INPUT = "coalesce(i.input_url, 'blob:' || i.input_key)"


def _file_url(context: Context, value: str | None) -> str | None:
    """Files of ours are handed out under signed addresses; an address that the caller gave as it is."""
    if value is None or not value.startswith("blob:"):
        return value
    return blob_links.url(context, value.removeprefix("blob:"), content_type=_NDJSON)


def _result_url(context: Context, key: str | None) -> str | None:
    return blob_links.url(context, key, content_type=_NDJSON) if key else None


def _percent(context: Context, value: int) -> str:
    return f"{value}%"


class BulkImportRequest:
    """An import of pre-labels, under the name that older clients and the project guide use."""

    rows = queries.bulk_imports
    id = Column("i.id")
    name = Column("i.name")
    state = Column("i.state")
    input_file_url = Column(_INPUT, render=_file_url, filterable=False)
    status_file_url = Column("i.status_key", render=_result_url, filterable=False)
    error_file_url = Column("i.error_key", render=_result_url, filterable=False)
    created_at = Moment("i.created_at")
    created_by = One("User", "i.created_by")
    project = One("Project", "i.project_id")


class MALPredictionImport:
    """An import of pre-labels."""

    rows = queries.mal_imports
    id = Column("i.id")
    name = Column("i.name")
    state = Column("i.state")
    progress = Column("i.progress", render=_percent, filterable=False)
    input_file_url = Column(_INPUT, render=_file_url, filterable=False)
    status_file_url = Column("i.status_key", render=_result_url, filterable=False)
    error_file_url = Column("i.error_key", render=_result_url, filterable=False)
    created_by = One("User", "i.created_by")
    project = One("Project", "i.project_id")


class LabelImport:
    """An import of labels."""

    rows = queries.label_imports
    id = Column("i.id")
    name = Column("i.name")
    state = Column("i.state")
    progress = Column("i.progress", render=_percent, filterable=False)
    input_file_url = Column(_INPUT, render=_file_url, filterable=False)
    status_file_url = Column("i.status_key", render=_result_url, filterable=False)
    error_file_url = Column("i.error_key", render=_result_url, filterable=False)
    created_by = One("User", "i.created_by")
    project = One("Project", "i.project_id")


class Query:
    """Looking at imports."""

    @staticmethod
    async def bulk_import_request(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One import, by id or by project and name."""
        return await actions.find_import(context, PRE_LABELS, where or {})

    @staticmethod
    async def bulk_import_requests(context: Context, where: dict[str, Any]) -> Rows:
        """The imports of a project."""
        return queries.of_project(queries.bulk_imports(context), where["project_id"])

    @staticmethod
    async def label_import(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One import, by id or by project and name."""
        return await actions.find_import(context, [ImportKind.LABEL], where or {})

    @staticmethod
    async def label_imports(context: Context, where: dict[str, Any]) -> Rows:
        """The imports of a project."""
        return queries.of_project(queries.label_imports(context), where["project_id"])

    @staticmethod
    async def m_al_prediction_import(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One import, by id."""
        return await actions.find_import(context, [ImportKind.MAL], where or {})

    @staticmethod
    async def model_assisted_labeling_prediction_import(
        context: Context, where: dict[str, Any]
    ) -> str | None:
        """One import, by project and name."""
        return await actions.find_import(context, [ImportKind.MAL], where)

    @staticmethod
    async def model_assisted_labeling_prediction_imports(context: Context, where: dict[str, Any]) -> Rows:
        """The imports of a project."""
        return queries.of_project(queries.mal_imports(context), where["project_id"])


class Mutation:
    """Starting and deleting imports."""

    @staticmethod
    async def create_bulk_import_request(context: Context, data: dict[str, Any]) -> str:
        """Starts an import of pre-labels."""
        return await _create(context, ImportKind.BULK, data)

    @staticmethod
    async def delete_bulk_import_request(context: Context, where: dict[str, Any]) -> Rows:
        """Deletes an import with its pre-labels; what it was."""
        return queries.deleted_import(
            await actions.delete_import(context, kinds=PRE_LABELS, import_id=where["id"])
        )

    @staticmethod
    async def create_label_import(context: Context, data: dict[str, Any]) -> str:
        """Starts an import of labels."""
        return await _create(context, ImportKind.LABEL, data)

    @staticmethod
    async def create_model_assisted_labeling_prediction_import(context: Context, data: dict[str, Any]) -> str:
        """Starts an import of pre-labels."""
        return await _create(context, ImportKind.MAL, data)

    @staticmethod
    async def delete_model_assisted_labeling_prediction_import(
        context: Context, where: dict[str, Any]
    ) -> IdResult:
        """Deletes an import with its pre-labels."""
        await actions.delete_import(context, kinds=[ImportKind.MAL], import_id=where["id"])
        return IdResult(where["id"])


async def _create(context: Context, kind: ImportKind, data: dict[str, Any]) -> str:
    payload = data.get("file_payload")
    return await actions.create_import(
        context,
        kind=kind,
        project_id=data["project_id"],
        name=data["name"],
        file=payload["file"] if payload else None,
        address=data.get("file_url"),
    )
