"""Tool: a kind of object in an ontology (ontology format, sections 1.1 and 2)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Self

from labelbox.exceptions import InconsistentOntologyException
from labelbox.schema.classification import Classification, FeatureSchemaAttribute


@dataclass
class Tool:
    """A kind of object that can be marked on an asset."""

    class Type(Enum):
        """How an object is marked; the values are the wire's."""

        POLYGON = "polygon"
        SEGMENTATION = "superpixel"
        RASTER_SEGMENTATION = "raster-segmentation"
        POINT = "point"
        BBOX = "rectangle"
        LINE = "line"
        NER = "named-entity"
        RELATIONSHIP = "edge"
        MARKER = "marker"
        MESSAGE_SINGLE_SELECTION = "message-single-selection"
        MESSAGE_MULTI_SELECTION = "message-multi-selection"
        MESSAGE_RANKING = "message-ranking"
        STEP_REASONING = "step-reasoning"
        FACT_CHECKING = "fact-checking"
        PROMPT_ISSUE = "prompt-issue"

    tool: Tool.Type
    name: str
    required: bool = False
    color: str | None = None
    classifications: list[Classification] = field(default_factory=list)
    schema_id: str | None = None
    feature_schema_id: str | None = None
    attributes: list[FeatureSchemaAttribute] | None = None

    def asdict(self) -> dict[str, Any]:
        """The tool as the wire has it."""
        return {
            "tool": self.tool.value,
            "name": self.name,
            "required": self.required,
            "color": self.color,
            "classifications": [c.asdict(is_subclass=True) for c in self.classifications],
            "schemaNodeId": self.schema_id,
            "featureSchemaId": self.feature_schema_id,
            "attributes": None if self.attributes is None else [a.asdict() for a in self.attributes],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The reverse of `asdict`. Raises ValueError for an unknown kind of tool."""
        attributes = values.get("attributes")
        return cls(
            tool=Tool.Type(values["tool"]),
            name=values["name"],
            required=values.get("required", False),
            color=values.get("color"),
            classifications=[Classification.from_dict(c) for c in values.get("classifications") or []],
            schema_id=values.get("schemaNodeId"),
            feature_schema_id=values.get("featureSchemaId"),
            attributes=None
            if attributes is None
            else [FeatureSchemaAttribute.from_dict(a) for a in attributes],
        )

    def add_classification(self, classification: Classification) -> None:
        """Adds a question about each such object.

        Raises InconsistentOntologyException when a question of that name is there already, TypeError for anything
        but a classification.
        """
        if not isinstance(classification, Classification):
            raise TypeError(f"add_classification takes a Classification, got {classification!r}")
        if classification.name in (each.name for each in self.classifications):
            raise InconsistentOntologyException(
                f"Duplicate nested classification {classification.name!r} for tool {self.name!r}"
            )
        self.classifications.append(classification)


@dataclass
class RelationshipTool(Tool):
    """A tool that connects objects; `constraints` are pairs of feature schema ids that may be connected."""

    tool: Tool.Type = Tool.Type.RELATIONSHIP
    name: str = ""
    constraints: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.tool is not Tool.Type.RELATIONSHIP:
            raise ValueError("a RelationshipTool is of type RELATIONSHIP")
        if not self.name:
            raise ValueError("a tool needs a name")

    def asdict(self) -> dict[str, Any]:
        values = super().asdict()
        if self.constraints:
            values["definition"] = {"constraints": [list(pair) for pair in self.constraints]}
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        tool = super().from_dict(values)
        pairs = (values.get("definition") or {}).get("constraints") or []
        tool.constraints = [(source, target) for source, target in pairs]
        return tool

    def add_constraint(self, start: Tool, end: Tool) -> None:
        """Allows a relationship from `start` to `end`.

        Tools without ids get temporary ones, which the server replaces everywhere in the document.
        """
        for tool in (start, end):
            if tool.feature_schema_id is None:
                tool.feature_schema_id = str(uuid.uuid4())
            if tool.schema_id is None:
                tool.schema_id = str(uuid.uuid4())
        self.constraints.append((str(start.feature_schema_id), str(end.feature_schema_id)))


_REWRITE_ACTIONS = ["regenerateSteps", "generateAndRateAlternativeSteps", "rewriteStep", "justification"]


@dataclass
class VariantTool(Tool):
    """A tool whose choices, each with what may be done then, are part of its definition."""

    _VARIANTS: ClassVar[list[tuple[str, list[str]]]] = []

    variants: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.variants:
            self.variants = [
                {"id": index, "name": name, "actions": list(actions)}
                for index, (name, actions) in enumerate(self._VARIANTS)
            ]

    def asdict(self) -> dict[str, Any]:
        values = super().asdict()
        del values["classifications"]
        values["definition"] = {"version": 1, "variants": self.variants}
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        tool = super().from_dict(values)
        tool.variants = (values.get("definition") or {}).get("variants") or tool.variants
        return tool


@dataclass
class StepReasoningTool(VariantTool):
    """Judges each step of a model's reasoning."""

    _VARIANTS = [  # noqa: RUF012
        ("Correct", []),
        ("Neutral", []),
        ("Incorrect", _REWRITE_ACTIONS),
    ]

    tool: Tool.Type = Tool.Type.STEP_REASONING
    name: str = "Step reasoning"


@dataclass
class FactCheckingTool(VariantTool):
    """Judges each fact of a model's reply."""

    _VARIANTS = [  # noqa: RUF012
        ("Accurate", []),
        ("Inaccurate", []),
        ("Disputed", ["justification"]),
        ("Unsupported", []),
        ("Can't confidently assess", []),
        ("No factual information", []),
    ]

    tool: Tool.Type = Tool.Type.FACT_CHECKING
    name: str = "Fact checking"


@dataclass
class PromptIssueTool(Tool):
    """Says what is wrong with a prompt, in exactly one checklist."""

    tool: Tool.Type = Tool.Type.PROMPT_ISSUE
    name: str = "Prompt issue"

    def asdict(self) -> dict[str, Any]:
        """Raises InconsistentOntologyException unless there is exactly one checklist."""
        kinds = [c.class_type for c in self.classifications]
        if kinds != [Classification.Type.CHECKLIST]:
            raise InconsistentOntologyException("a prompt issue tool has exactly one checklist")
        return super().asdict()


_CLASS_OF: dict[str, type[Tool]] = {
    Tool.Type.RELATIONSHIP.value: RelationshipTool,
    Tool.Type.STEP_REASONING.value: StepReasoningTool,
    Tool.Type.FACT_CHECKING.value: FactCheckingTool,
    Tool.Type.PROMPT_ISSUE.value: PromptIssueTool,
}


def tool_from_dict(values: dict[str, Any]) -> Tool:
    """A tool of the class that its kind asks for. Raises ValueError for an unknown kind."""
    return _CLASS_OF.get(values["tool"], Tool).from_dict(values)
