"""What the filters of an export mean, and how workflow states are called in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelyard import errors
from labelyard.formats import search_filter
from labelyard.formats.search_filter import Condition, Filter, SearchRefused, Span
from labelyard.projects.rules import media_type

MAX_PROJECTS = 30
MOST_RUNNING_IN_PROJECT = 10
MOST_RUNNING = 20
NAMES = (Condition.DATA_ROW, Condition.GLOBAL_KEY)  # filters that name rows one by one
_WIRE_PARAMS = (
    "includeAttachments",
    "includeEmbeddings",
    "includeMetadata",
    "includeMetadataFields",
    "includeDataRowDetails",
    "includeProjectDetails",
    "includePerformanceDetails",
    "includeLabelDetails",
    "includeInterpolatedFrames",
    "includePredictions",
    "includeModelRunDetails",
    "projectIds",
    "modelRunIds",
    "allProjects",
    "allModelRuns",
    "mediaTypeOverride",
)


def wire_params(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters of a request under their names of the wire. Raises Malformed for too many projects."""
    by_plain_name = {name.replace("_", "").lower(): value for name, value in (given or {}).items()}
    params = {name: by_plain_name.get(name.lower()) for name in _WIRE_PARAMS}
    params["includeMetadata"] = params["includeMetadata"] or params.pop("includeMetadataFields")
    for name in ("projectIds", "modelRunIds"):
        if len(params[name] or ()) > MAX_PROJECTS:
            raise errors.Malformed(f"{name} holds more than {MAX_PROJECTS} ids.")
    return params


def read_query(items: Any) -> list[Filter]:
    """The filters of a search query, all of which must hold. Raises Malformed naming what cannot be read."""
    try:
        return search_filter.read_query(items)
    except SearchRefused as refused:
        raise errors.Malformed(str(refused)) from None


def read_span(start: Any, end: Any) -> Span:
    """A stretch of time in UTC; a day without a time means the whole day. Raises Malformed."""
    try:
        return search_filter.read_span(start, end)
    except SearchRefused as refused:
        raise errors.Malformed(str(refused)) from None


def of_media_type(override: str | None) -> list[Filter]:
    """The filter that `mediaTypeOverride` stands for: only rows of that media type are exported."""
    kept = media_type(override)
    return [Filter(Condition.MEDIA_TYPE, [kept])] if kept else []


def refusal(name: str, *, exists: bool, is_key: bool) -> dict[str, str]:
    """The line of the errors' stream about a row that was named and cannot be exported."""
    noun = "global key" if is_key else "id"
    reason = "is not in this project" if exists else "does not exist"
    return {
        "global_key" if is_key else "data_row_id": name,
        "error": f"The data row with {noun} {name} {reason}.",
    }


def check_running(in_organization: int, in_project: int) -> None:
    """Raises NotAllowed when as many exports are running as there may be (reference/export.md 1.2)."""
    if in_project >= MOST_RUNNING_IN_PROJECT:
        raise errors.NotAllowed(
            f"{in_project} exports of this project are running, and more are not possible; wait until one is done."
        )
    if in_organization >= MOST_RUNNING:
        raise errors.NotAllowed(
            f"{in_organization} exports are running, and more are not possible; wait until one is done."
        )


def workflow_status(state: str, *, awaits_review: bool) -> str:
    """The state of a row as exports call it: a skipped row is in review until somebody has looked at it."""
    if state == "SKIPPED":
        return "IN_REVIEW" if awaits_review else "DONE"
    return state


def may_join(*, delivered: bool, asked_seconds_ago: float) -> bool:
    """Whether a request is a client that asks again for a label export that it has ordered (every 2 seconds)."""
    return not delivered and asked_seconds_ago <= 20
