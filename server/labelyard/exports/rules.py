"""What the filters of an export mean, and how workflow states are called in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from labelyard import errors
from labelyard.exports.records import Condition, Filter, Span

MAX_VALUES = 2_000
MAX_PROJECTS = 30
_STATUSES = {"InReview": "IN_REVIEW", "InRework": "IN_REWORK", "Done": "DONE"}
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


def read_query(items: Sequence[Any]) -> list[Filter]:
    """The filters of a search query, all of which must hold. Raises Malformed naming what cannot be read."""
    return [_read_item(item) for item in items]


def _read_item(item: Any) -> Filter:
    if not isinstance(item, dict) or item.get("type") not in list(Condition):
        raise errors.Malformed(f"This filter is not known: {str(item)[:200]}")
    kind = Condition(item["type"])
    match kind:
        case Condition.LAST_ACTIVITY | Condition.LABELED:
            return Filter(kind, [], _read_span(kind, item.get("value")))
        case Condition.TO_LABEL:
            return Filter(kind, [])
        case Condition.STATUS:
            status = _STATUSES.get(str(item.get("status")))
            if status is None:
                raise errors.Malformed(
                    f"{item.get('status')!r} is not a workflow status; it is one of {', '.join(_STATUSES)}."
                )
            return Filter(kind, [status])
    values = item.get("ids")
    if item.get("operator", "is") != "is":
        raise errors.Malformed(f"The operator {item['operator']!r} is not possible for {kind}.")
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise errors.Malformed(f"The filter {kind} needs a list of ids.")
    if len(values) > MAX_VALUES:
        raise errors.Malformed(f"The filter {kind} has {len(values)} ids; at most {MAX_VALUES} are allowed.")
    return Filter(kind, [value for value in values if "\0" not in value])


def _read_span(kind: Condition, value: Any) -> Span:
    if not isinstance(value, dict):
        raise errors.Malformed(f"The filter {kind} needs a value with an operator.")
    zone = _read_zone(value.get("timezone"))
    given = value.get("value")
    match value.get("operator"):
        case "BETWEEN" if isinstance(given, dict):
            return read_span(given.get("min"), given.get("max"), zone)
        case "GREATER_THAN_OR_EQUAL":
            return read_span(given, None, zone)
        case "LESS_THAN_OR_EQUAL":
            return read_span(None, given, zone)
    raise errors.Malformed(f"The operator {value.get('operator')!r} is not possible for {kind}.")


def read_span(start: Any, end: Any, zone: tzinfo = UTC) -> Span:
    """A stretch of time; a day without a time means the whole day. Raises Malformed."""
    begins, ends = _read_moment(start, zone), _read_moment(end, zone)
    if ends is not None and isinstance(end, str) and len(end.strip()) == len("2025-01-31"):
        ends += timedelta(days=1, microseconds=-1)
    return Span(begins, ends)


def _read_moment(text: Any, zone: tzinfo) -> datetime | None:
    """`YYYY-MM-DD`, `YYYY-MM-DD hh:mm:ss` in the zone, or ISO 8601 with an offset."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise errors.Malformed(f"{text!r} is not a date or time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _read_zone(name: Any) -> tzinfo:
    if not name:
        return UTC
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.Malformed(f"{name!r} is not a time zone.") from None


def workflow_status(state: str, *, awaits_review: bool) -> str:
    """The state of a row as exports call it: a skipped row is in review until somebody has looked at it."""
    if state == "SKIPPED":
        return "IN_REVIEW" if awaits_review else "DONE"
    return state


def may_join(*, delivered: bool, asked_seconds_ago: float) -> bool:
    """Whether a request is a client that asks again for a label export that it has ordered (every 2 seconds)."""
    return not delivered and asked_seconds_ago <= 20
