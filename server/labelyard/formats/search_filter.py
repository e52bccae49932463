"""The search items of exports, slices and sending (docs/wire/catalog.md): JSON becomes a list of conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MOST_VALUES = 2_000
MOST_ITEMS = 100
STATUSES = {"InReview": "IN_REVIEW", "InRework": "IN_REWORK", "Done": "DONE"}
_BETWEEN, _FROM, _UNTIL = "BETWEEN", "GREATER_THAN_OR_EQUAL", "LESS_THAN_OR_EQUAL"


class SearchRefused(Exception):
    """A search item cannot be read; the text names what is wrong with it."""


class Condition(StrEnum):
    """What a search item looks at, in the words of the wire."""

    DATA_ROW = "data_row_id"
    GLOBAL_KEY = "global_key"
    EXTERNAL_ID = "external_id"
    DATASET = "dataset"
    PROJECT = "project"
    BATCH = "batch"
    MEDIA_TYPE = "media_type"
    METADATA = "metadata"
    LAST_ACTIVITY = "data_row_last_activity_at"
    CREATED = "data_row_created_at"
    UPDATED = "data_row_updated_at"
    LABELED = "labeled_at"
    TO_LABEL = "task_queue_not_exist"
    STATUS = "task_queue_status"


MOMENTS = (Condition.LAST_ACTIVITY, Condition.CREATED, Condition.UPDATED, Condition.LABELED)


@dataclass(frozen=True)
class Span:
    """A stretch of time, both ends included; None is open."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class MetadataTest:
    """What is asked of one metadata field: one of the values, a part of a text, or a number or time in a range."""

    schema_id: str
    texts: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    part: str | None = None
    span: Span | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Filter:
    """One condition; all of them must hold. Which of the members counts, its kind says."""

    kind: Condition
    values: list[str]
    span: Span | None = None
    metadata: MetadataTest | None = None
    negated: bool = False


def search_items(query: Any) -> list[Any]:
    """The items of a query: a list, or an object that holds one under `query`. Raises SearchRefused."""
    items = query.get("query") if isinstance(query, dict) else query
    if items is None:
        return []
    if not isinstance(items, list):
        raise SearchRefused("A search is a list of search items.")
    if len(items) > MOST_ITEMS:
        raise SearchRefused(f"A search has {len(items)} items; at most {MOST_ITEMS} are allowed.")
    return items


def read_query(query: Any, most_values: int = MOST_VALUES) -> list[Filter]:
    """The filters of a search, all of which must hold. Raises SearchRefused naming what cannot be read."""
    return [_read_item(item, most_values) for item in search_items(query)]


def _read_item(item: Any, most_values: int) -> Filter:
    if not isinstance(item, dict) or item.get("type") not in list(Condition):
        raise SearchRefused(f"This filter is not known: {str(item)[:200]}")
    kind = Condition(item["type"])
    if kind in MOMENTS:
        return Filter(kind, [], _read_span(kind, item.get("value")))
    if kind is Condition.TO_LABEL:
        return Filter(kind, [])
    if kind is Condition.STATUS:
        status = STATUSES.get(str(item.get("status")))
        if status is None:
            raise SearchRefused(
                f"{item.get('status')!r} is not a workflow status; it is one of {', '.join(STATUSES)}."
            )
        return Filter(kind, [status])
    if kind is Condition.METADATA:
        return _read_metadata(item)
    operator = item.get("operator", "is")
    if operator not in ("is", "is not"):
        raise SearchRefused(f"The operator {operator!r} is not possible for {kind}.")
    values = item.get("ids")
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise SearchRefused(f"The filter {kind} needs a list of ids.")
    if len(values) > most_values:
        raise SearchRefused(f"The filter {kind} has {len(values)} ids; at most {most_values} are allowed.")
    return Filter(kind, [value for value in values if "\0" not in value], negated=operator == "is not")


def _read_metadata(item: dict[str, Any]) -> Filter:
    schema_id, operator, value = item.get("schemaId"), item.get("operator", "is"), item.get("value")
    if not isinstance(schema_id, str) or "\0" in schema_id:
        raise SearchRefused("The filter metadata needs the schemaId of a field.")
    test: MetadataTest
    match operator:
        case "is" | "is not":
            values: list[Any] = value if isinstance(value, list) else [value]
            if not values or not all(isinstance(one, str | int | float) for one in values):
                raise SearchRefused("The filter metadata needs a text or number, or a list of them.")
            texts = [one for one in values if isinstance(one, str) and "\0" not in one]
            test = MetadataTest(schema_id, texts, [float(one) for one in values if not isinstance(one, str)])
        case "contains" if isinstance(value, str) and value and "\0" not in value:
            test = MetadataTest(schema_id, part=value)
        case "BETWEEN" | "GREATER_THAN_OR_EQUAL" | "LESS_THAN_OR_EQUAL":
            start, end = _ends(operator, value)
            if all(end is None or _is_number(end) for end in (start, end)):
                test = MetadataTest(schema_id, least=start, most=end)
            else:
                test = MetadataTest(schema_id, span=read_span(start, end, _read_zone(item.get("timezone"))))
        case _:
            raise SearchRefused(f"The operator {operator!r} with {value!r} is not possible for metadata.")
    return Filter(Condition.METADATA, [], metadata=test, negated=operator == "is not")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ends(operator: Any, value: Any) -> tuple[Any, Any]:
    if operator == _BETWEEN and isinstance(value, dict):
        return value.get("min"), value.get("max")
    if operator == _FROM and value is not None:
        return value, None
    if operator == _UNTIL and value is not None:
        return None, value
    raise SearchRefused(f"The operator {operator!r} is not possible with {value!r}.")


def _read_span(kind: Condition, value: Any) -> Span:
    if not isinstance(value, dict):
        raise SearchRefused(f"The filter {kind} needs a value with an operator.")
    zone = _read_zone(value.get("timezone"))
    if value.get("operator") not in (_BETWEEN, _FROM, _UNTIL):
        raise SearchRefused(f"The operator {value.get('operator')!r} is not possible for {kind}.")
    return read_span(*_ends(value["operator"], value.get("value")), zone)


def read_span(start: Any, end: Any, zone: tzinfo = UTC) -> Span:
    """A stretch of time; a day without a time means the whole day. Raises SearchRefused."""
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
        raise SearchRefused(f"{text!r} is not a date or time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _read_zone(name: Any) -> tzinfo:
    if not name:
        return UTC
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SearchRefused(f"{name!r} is not a time zone.") from None
