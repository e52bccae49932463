"""Label documents of one ontology become those of another, feature by feature (reference/projects.md 15).

What is not mapped is left out and counted; what is mapped must be of the same kind on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from labelyard.formats.annotations import RELATIONSHIP_KINDS
from labelyard.formats.feature_index import FeatureIndex, Level

_OPTION = "option"
_LISTS = ("objects", "classifications", "relationships")
_MASK_URL = re.compile(r"^/api/v1/projects/[^/]+/annotations/([^/]+)/")
_COMPOSITE_URL = re.compile(r"^/api/v1/tasks/[^/]+/masks/[^/]+/")
_DROPPED: Any = object()


class MappingRefused(Exception):
    """Features cannot be mapped like this; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Feature:
    id: str
    kind: str
    name: str
    slug: str
    parent: str | None
    constraints: frozenset[tuple[str, str]] | None = None

    @property
    def shown(self) -> str:
        """As sentences name it."""
        return f"{self.name!r} ({self.kind}, {self.id})"


@dataclass(slots=True)
class MappedMask:
    """A mask that goes with a mapped document: its feature id before and after, and the new composite picture."""

    before: str
    after: str
    composite_id: str | None


@dataclass(slots=True)
class MappedDocument:
    """A document in the words of the other ontology; `dropped` counts annotations and answers left out."""

    document: dict[str, Any] = field(default_factory=dict)
    masks: list[MappedMask] = field(default_factory=list)
    dropped: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was mapped."""
        return not any(self.document.values())


class FeatureMapping:
    """Which feature of one ontology becomes which of another."""

    def __init__(self, targets: dict[str, _Feature]) -> None:
        self._targets = targets

    @classmethod
    def of(cls, given: object, source: FeatureIndex, destination: FeatureIndex) -> FeatureMapping:
        """The mapping of feature schema ids. Raises MappingRefused naming every pair that does not fit."""
        if not isinstance(given, dict):
            raise MappingRefused(["The mapping of features is not an object of feature schema ids."])
        before = {feature.id: feature for feature in _features(source)}
        after = {feature.id: feature for feature in _features(destination)}
        problems: list[str] = []
        taken: dict[str, _Feature] = {}
        for source_id, target_id in given.items():
            one, other = before.get(source_id), after.get(target_id) if isinstance(target_id, str) else None
            if one is None:
                problems.append(f"The source project's ontology has no feature {source_id!r}.")
            elif other is None:
                problems.append(
                    f"The destination project's ontology has no feature {target_id!r}, which {one.shown} is to become."
                )
            elif one.kind != other.kind:
                problems.append(f"{one.shown} cannot become {other.shown}: they are of different kinds.")
            elif (one.parent is None) != (other.parent is None) or (
                one.parent in given and given[one.parent] != other.parent
            ):
                problems.append(f"{one.shown} cannot become {other.shown}: they belong to other features.")
            elif _is_question(one, source) and taken.setdefault(other.id, one) is not one:
                problems.append(f"{taken[other.id].shown} and {one.shown} cannot both become {other.shown}.")
        if problems:
            raise MappingRefused(problems)
        return cls({source_id: after[target_id] for source_id, target_id in given.items()})

    def apply(
        self, document: dict[str, Any], *, project_id: str, new_id: Callable[[], str]
    ) -> MappedDocument:
        """The document for a project of the other ontology, with new feature ids."""
        return _Mapper(self._targets, project_id, new_id).map(document)


def _is_question(feature: _Feature, index: FeatureIndex) -> bool:
    return feature.kind != _OPTION and feature.id not in index.tools


def _features(index: FeatureIndex) -> Iterator[_Feature]:
    for tool in index.tools.values():
        yield _Feature(tool.id, tool.tool, tool.name, tool.slug, None, tool.constraints)
        yield from _questions(tool.classifications, tool.id)
    yield from _questions(index.classifications, None)


def _questions(level: Level, parent: str | None) -> Iterator[_Feature]:
    for question in level.by_id.values():
        yield _Feature(question.id, question.type, question.name, question.slug, parent)
        for option in question.options.values():
            yield _Feature(option.id, _OPTION, option.name, option.slug, question.id)
            yield from _questions(option.classifications, option.id)


class _Mapper:
    """Maps one document."""

    def __init__(self, targets: dict[str, _Feature], project_id: str, new_id: Callable[[], str]) -> None:
        self._targets = targets
        self._project_id = project_id
        self._new_id = new_id
        self._ids: dict[str, str] = {}
        self._schemas: dict[str, str] = {}
        self._gone: set[str] = set()
        self._composite: str | None = None
        self._mapped = MappedDocument()

    def map(self, document: dict[str, Any]) -> MappedDocument:
        """The whole document; relationships last, when it is known which objects are left."""
        mapped = {key: self._walk(value) for key, value in document.items() if key != "relationships"}
        mapped = {key: value for key, value in mapped.items() if value is not _DROPPED}
        if any(key not in _LISTS for key in mapped):
            mapped = self._renamed(mapped)
        mapped["relationships"] = [
            found
            for entry in document.get("relationships") or ()
            if (found := self._relationship(entry)) is not _DROPPED
        ]
        self._mapped.document = {**{name: [] for name in _LISTS}, **mapped}
        return self._mapped

    def _walk(self, value: Any) -> Any:
        if isinstance(value, list):
            return [found for entry in value if (found := self._walk(entry)) is not _DROPPED]
        if not isinstance(value, dict):
            return value
        if "feature_schema_id" in value:
            return self._entry(value)
        walked = {key: self._walk(entry) for key, entry in value.items()}
        return {key: entry for key, entry in walked.items() if entry is not _DROPPED}

    def _entry(self, entry: dict[str, Any]) -> Any:
        before = str(entry.get("feature_id"))
        target = self._targets.get(entry["feature_schema_id"])
        if target is None:
            return self._drop(before)
        after = self._ids.setdefault(before, self._new_id())
        mapped = {key: self._walk(value) for key, value in entry.items()}
        if mapped.get("radio_answer") is _DROPPED or mapped.get("checklist_answers") == []:
            return self._drop(before)
        if "checklist_answers" in mapped:
            chosen = {answer["feature_schema_id"]: answer for answer in reversed(mapped["checklist_answers"])}
            mapped["checklist_answers"] = list(reversed(chosen.values()))
        self._schemas[after] = target.id
        mapped |= {
            "feature_id": after,
            "feature_schema_id": target.id,
            "name": target.name,
            "value": target.slug,
        }
        self._mask(mapped, before, after)
        return mapped

    def _drop(self, feature_id: str) -> Any:
        self._gone.add(feature_id)
        self._mapped.dropped += 1
        return _DROPPED

    def _mask(self, mapped: dict[str, Any], before: str, after: str) -> None:
        """Masks are copied with their objects, and have addresses of their own in the other project."""
        for key, pattern in (("mask", _MASK_URL), ("composite_mask", _COMPOSITE_URL)):
            mask = mapped.get(key)
            if not isinstance(mask, dict) or not isinstance(mask.get("url"), str):
                continue
            if key == "mask":
                start = f"/api/v1/projects/{self._project_id}/annotations/{after}/"
            else:
                self._composite = self._composite or self._new_id()
                start = f"/api/v1/tasks/{self._project_id}/masks/{self._composite}/"
            mask["url"] = pattern.sub(start, mask["url"])
            self._mapped.masks.append(
                MappedMask(before, after, self._composite if key == "composite_mask" else None)
            )

    def _relationship(self, entry: dict[str, Any]) -> Any:
        kind = next((key for key in RELATIONSHIP_KINDS if isinstance(entry.get(key), dict)), None)
        target = self._targets.get(entry.get("feature_schema_id", ""))
        feature_id = str(entry.get("feature_id"))
        if kind is None or target is None:
            return self._drop(feature_id)
        ends = [self._ids.get(entry[kind].get(end)) for end in ("source", "target")]
        schemas = tuple(self._schemas.get(end or "") for end in ends)
        if None in schemas or (target.constraints is not None and schemas not in target.constraints):
            return self._drop(feature_id)
        mapped = self._entry({key: value for key, value in entry.items() if key != kind})
        return {**mapped, kind: {**entry[kind], "source": ends[0], "target": ends[1]}}

    def _renamed(self, value: Any) -> Any:
        """Members that are called like an object (`segments`, `key_frame_feature_map`) are called like the new one."""
        if isinstance(value, list):
            return [self._renamed(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        return {
            self._ids.get(key, key): self._renamed(entry)
            for key, entry in value.items()
            if key not in self._gone
        }
