"""Radio, Checklist, Text: answers to questions (import format, section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labelbox.data.annotation_types.base_annotation import ScoredFeature

if TYPE_CHECKING:
    from labelbox.data.annotation_types.annotation import ClassificationAnnotation


@dataclass(kw_only=True)
class ClassificationAnswer(ScoredFeature):
    """A chosen option, with the answers to the questions that it leads to."""

    classifications: list[ClassificationAnnotation] = field(default_factory=list)

    def as_line(self) -> dict[str, Any]:
        line = super().as_line()
        if self.classifications:
            line["classifications"] = [nested.as_nested_line() for nested in self.classifications]
        return line


@dataclass
class Radio:
    """Exactly one option."""

    answer: ClassificationAnswer

    def as_line(self) -> dict[str, Any]:
        """The answer as a line of an import has it."""
        return {"answer": self.answer.as_line()}


@dataclass
class Checklist:
    """One or more options, each once. Raises ValueError for none or a repeated one."""

    answer: list[ClassificationAnswer]

    def __post_init__(self) -> None:
        if not self.answer:
            raise ValueError("a checklist needs at least one answer")
        chosen = [(option.name, option.feature_schema_id) for option in self.answer]
        if len(set(chosen)) < len(chosen):
            raise ValueError(f"a checklist has each option at most once, got {chosen}")

    def as_line(self) -> dict[str, Any]:
        """The answer as a line of an import has it."""
        return {"answer": [option.as_line() for option in self.answer]}


@dataclass
class Text:
    """A free text."""

    answer: str

    def as_line(self) -> dict[str, Any]:
        """The answer as a line of an import has it."""
        return {"answer": self.answer}
