"""What was done on a project's rows somewhere else: kept as it was told (syncExternalProject)."""

from __future__ import annotations

from typing import Any

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id
from labelyard.projects import external_queries
from labelyard.projects.actions import get_project
from labelyard.projects.records import ExternalSubmission

MOST_ENTRIES = 10_000


async def submit(context: Context, *, project_id: str, entries: list[dict[str, Any]]) -> str:
    """Keeps what labelers and reviewers did elsewhere; the submission's id. Raises NotFound, Malformed."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await get_project(context, project_id)
    if not 1 <= len(entries) <= MOST_ENTRIES:
        raise errors.Malformed(f"A submission has 1 to {MOST_ENTRIES} entries, not {len(entries)}.")
    if any(not entry.get("label") and not entry.get("review") for entry in entries):
        raise errors.Malformed("Each entry of a submission needs a label or a review.")
    submission_id = new_id()
    await external_queries.insert_submission(
        context.database,
        organization_id=context.organization_id,
        project_id=project_id,
        submission_id=submission_id,
        entries=orjson.dumps(_as_sent(entries)).decode(),
        created_by=context.user_id,
    )
    await access.note(context, "submit external work", project_id)
    return submission_id


async def submissions(context: Context, project_id: str) -> list[ExternalSubmission]:
    """What was submitted for a project, oldest first."""
    return await external_queries.select_submissions(context.database, context.organization_id, project_id)


def _as_sent(value: Any) -> Any:
    """The entries under the names of the wire."""
    if isinstance(value, list):
        return [_as_sent(entry) for entry in value]
    if isinstance(value, dict):
        return {_wire_name(name): _as_sent(entry) for name, entry in value.items()}
    return value


def _wire_name(name: str) -> str:
    if name == "auto_qa":
        return "autoQA"
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
