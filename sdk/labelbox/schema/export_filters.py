"""Which data rows an export holds: the user's filters and the wire's search items (export format, 1.2).

All filters must hold at once. A date is `YYYY-MM-DD`, `YYYY-MM-DD hh:mm:ss` (both in the user's time zone)
or `YYYY-MM-DDThh:mm:ss+hhmm`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

_DATE_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S")
_OFFSET_FORMAT = "%Y-%m-%dT%H:%M:%S%z"
_MOST_IDS = 2000
_ID_TYPES = {"data_row_ids": "data_row_id", "global_keys": "global_key", "batch_ids": "batch"}
_DATE_TYPES = {"last_activity_at": "data_row_last_activity_at", "label_created_at": "labeled_at"}
_STATUSES = ("ToLabel", "InReview", "InRework", "Done")


def search_items(filters: dict[str, Any] | None, timezone: Callable[[], str]) -> list[dict[str, Any]]:
    """The wire's search items. `timezone` is asked only when a date without an offset is given.

    Raises ValueError for a filter that is malformed, too long or contradicts another.
    """
    given = {name: value for name, value in (filters or {}).items() if value is not None}
    if "data_row_ids" in given and "global_keys" in given:
        raise ValueError("the filters data_row_ids and global_keys cannot be used together")
    items = [_date_item(name, given[name], timezone) for name in _DATE_TYPES if name in given]
    items += [_ids_item(name, given[name]) for name in _ID_TYPES if name in given]
    if "workflow_status" in given:
        items.append(_status_item(given["workflow_status"]))
    return items


def ids_item(ids: Sequence[str], kind: str) -> dict[str, Any]:
    """The search item for things of one kind by their ids."""
    return {"ids": list(ids), "operator": "is", "type": kind}


def _ids_item(name: str, ids: Any) -> dict[str, Any]:
    if isinstance(ids, str) or not isinstance(ids, Sequence) or not all(isinstance(i, str) for i in ids):
        raise ValueError(f"the filter {name} must be a list of strings")
    if not ids:
        raise ValueError(f"the filter {name} must not be empty")
    if len(ids) > _MOST_IDS:
        raise ValueError(f"the filter {name} takes at most {_MOST_IDS} ids, got {len(ids)}")
    return ids_item(ids, _ID_TYPES[name])


def _status_item(status: Any) -> dict[str, Any]:
    if status not in _STATUSES:
        raise ValueError(f"the filter workflow_status must be one of {_STATUSES}, got {status!r}")
    if status == "ToLabel":
        return {"type": "task_queue_not_exist"}
    return {"type": "task_queue_status", "status": status}


def _date_item(name: str, bounds: Any, timezone: Callable[[], str]) -> dict[str, Any]:
    if isinstance(bounds, str) or not isinstance(bounds, Sequence) or len(bounds) != 2:
        raise ValueError(f"the filter {name} must be a list of two dates, either of which may be None")
    start, end = (None if bound is None else _date(name, bound) for bound in bounds)
    if start is None and end is None:
        raise ValueError(f"the filter {name} needs at least one date")
    has_offset = any(bound is not None and bound[1] for bound in (start, end))
    value: dict[str, Any] = {"timezone": "UTC" if has_offset else timezone()}
    if start and end:
        value.update(operator="BETWEEN", value={"min": start[0], "max": end[0]})
    elif start:
        value.update(operator="GREATER_THAN_OR_EQUAL", value=start[0])
    elif end:
        value.update(operator="LESS_THAN_OR_EQUAL", value=end[0])
    return {"type": _DATE_TYPES[name], "value": value}


def _date(name: str, text: Any) -> tuple[str, bool]:
    """The date as the wire has it, and whether it had an offset, in which case it is moved to UTC."""
    for form in _DATE_FORMATS:
        try:
            datetime.strptime(text, form)
        except (TypeError, ValueError):
            continue
        return text, False
    try:
        moment = datetime.strptime(text, _OFFSET_FORMAT)
    except (TypeError, ValueError):
        raise ValueError(
            f"the filter {name} has {text!r}; a date must be YYYY-MM-DD, YYYY-MM-DD hh:mm:ss "
            "or YYYY-MM-DDThh:mm:ss+hhmm"
        ) from None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"), True
