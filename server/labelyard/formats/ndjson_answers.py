"""Answers in annotation NDJSON: radio, checklist and text, at the top or nested, by schema id or by name."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from labelyard.formats.feature_index import ClassificationFeature, Level
from labelyard.formats.refusals import AnnotationRefused

NewId = Callable[[], str]


class OptionAnswer(msgspec.Struct):
    """A chosen option; `value` and `frames` belong to answers for a part of the asset."""

    schemaId: str | None = None  # noqa: N815 - the wire's key
    name: str | None = None
    classifications: "list[Classification] | None" = None
    confidence: Any = None  # checked only where it is kept
    customMetrics: Any = None  # noqa: N815
    value: str | None = None
    frames: list[dict[str, Any]] | None = None


class Classification(msgspec.Struct):
    """A nested question with its answer."""

    schemaId: str | None = None  # noqa: N815
    name: str | None = None
    answer: "str | OptionAnswer | list[OptionAnswer] | UnsetType" = UNSET
    answers: list[OptionAnswer] | UnsetType = UNSET
    classifications: "list[Classification] | None" = None
    confidence: Any = None  # checked only where it is kept
    customMetrics: Any = None  # noqa: N815


Answer = str | OptionAnswer | list[OptionAnswer] | UnsetType


def read_answer(
    question: ClassificationFeature,
    answer: Answer,
    answers: list[OptionAnswer] | UnsetType,
    beside: list[Classification] | None,
    new_id: NewId,
    keep_scores: bool,
) -> dict[str, Any]:
    """The label document's classification for an answered question.

    `answers` is the older key for checklists; `beside` are nested questions that an older form puts beside
    the answer. Raises `AnnotationRefused`.
    """
    annotation: dict[str, Any] = {
        "feature_id": new_id(),
        "feature_schema_id": question.id,
        "name": question.name,
        "value": question.slug,
    }
    given: Answer = answers if answers is not UNSET else answer
    if question.kind == "text":
        if not isinstance(given, str):
            raise _wrong_kind(question, given)
        annotation["text_answer"] = {"content": given}
    elif question.kind == "radio":
        if not isinstance(given, OptionAnswer):
            raise _wrong_kind(question, given)
        annotation["radio_answer"] = _option(question, given, beside, new_id, keep_scores)
    else:
        chosen = [given] if isinstance(given, OptionAnswer) else given
        if not isinstance(chosen, list):
            raise _wrong_kind(question, given)
        if not chosen:
            raise AnnotationRefused("EmptyAnswers", f"The checklist {question.name!r} has no answer.")
        picked = [_option(question, one, None, new_id, keep_scores) for one in chosen]
        if len({one["feature_schema_id"] for one in picked}) != len(picked):
            raise AnnotationRefused("DuplicateOption", f"An option of {question.name!r} is chosen twice.")
        annotation["checklist_answers"] = picked
    return annotation


def read_classifications(
    given: list[Classification], level: Level, where: str, new_id: NewId, keep_scores: bool
) -> list[dict[str, Any]]:
    """The nested questions of a tool or an option. Raises `AnnotationRefused`."""
    read = []
    answered: set[str] = set()
    for entry in given:
        question = level.by_id.get(entry.schemaId) if entry.schemaId else level.by_name.get(entry.name or "")
        if question is None:
            if entry.schemaId is None and entry.name is None:
                raise AnnotationRefused(
                    "MissingField", f"A question of {where!r} has neither schemaId nor name."
                )
            raise AnnotationRefused(
                "UnknownSchema", f"{entry.schemaId or entry.name!r} is no question of {where!r}."
            )
        if question.id in answered:
            raise AnnotationRefused("DuplicateAnswer", f"The question {question.name!r} is answered twice.")
        answered.add(question.id)
        if entry.answer is UNSET and entry.answers is UNSET:
            raise AnnotationRefused("MissingField", f"The question {question.name!r} has no answer.")
        annotation = read_answer(
            question, entry.answer, entry.answers, entry.classifications, new_id, keep_scores
        )
        if keep_scores:
            annotation.update(check_confidence(entry.confidence, entry.customMetrics))
        read.append(annotation)
    return read


def check_confidence(confidence: Any, metrics: Any) -> dict[str, Any]:
    """The members of a prediction that say how good it is. Raises `AnnotationRefused`."""
    scores: dict[str, Any] = {}
    if confidence is not None:
        if isinstance(confidence, bool) or not isinstance(confidence, int | float):
            raise AnnotationRefused("WrongType", f"The confidence {confidence!r} is not a number.")
        if not 0 <= confidence <= 1:
            raise AnnotationRefused("OutOfRange", f"The confidence {confidence:g} is not between 0 and 1.")
        scores["confidence"] = confidence
    if metrics:
        if not isinstance(metrics, list):
            raise AnnotationRefused("WrongType", "The customMetrics are not a list.")
        scores["custom_metrics"] = [_metric(metric) for metric in metrics]
    return scores


def _metric(metric: Any) -> dict[str, Any]:
    name, value = (metric.get("name"), metric.get("value")) if isinstance(metric, dict) else (None, None)
    if name is None or value is None:
        raise AnnotationRefused("MissingField", "A custom metric needs a name and a value.")
    if not isinstance(name, str) or isinstance(value, bool) or not isinstance(value, int | float):
        raise AnnotationRefused("WrongType", f"The custom metric {name!r} needs a number as its value.")
    return {"name": name, "value": value}


def _option(
    question: ClassificationFeature,
    given: OptionAnswer,
    beside: list[Classification] | None,
    new_id: NewId,
    keep_scores: bool,
) -> dict[str, Any]:
    if given.schemaId:
        option = question.options.get(given.schemaId)
    elif given.name is not None:
        option = question.options_by_name.get(given.name)
    else:
        raise AnnotationRefused(
            "MissingField", f"An answer of {question.name!r} has neither schemaId nor name."
        )
    if option is None:
        raise AnnotationRefused(
            "UnknownOption", f"{given.schemaId or given.name!r} is no option of {question.name!r}."
        )
    if given.frames is not None:
        raise AnnotationRefused(
            "NotSupported", f"Answers of {question.name!r} for a part of the asset cannot be imported."
        )
    nested = given.classifications or beside
    answer = {
        "feature_id": new_id(),
        "feature_schema_id": option.id,
        "name": option.name,
        "value": option.slug,
        "classifications": read_classifications(
            nested, option.classifications, option.name, new_id, keep_scores
        )
        if nested
        else [],
    }
    if keep_scores:
        answer.update(check_confidence(given.confidence, given.customMetrics))
    return answer


def _wrong_kind(question: ClassificationFeature, given: Answer) -> AnnotationRefused:
    wanted = {"text": "a text", "radio": "one option", "checklist": "a list of options"}[question.kind]
    came = {str: "a text", OptionAnswer: "one option", list: "a list"}.get(type(given), "nothing")
    name = "ToolMismatch" if isinstance(given, str) or question.kind == "text" else "WrongType"
    return AnnotationRefused(name, f"The {question.type} {question.name!r} takes {wanted}, not {came}.")
