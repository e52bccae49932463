"""Quick look-ups in an ontology: a tool, question or option by its feature id or by its name, level by
level.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from labelyard.formats.ontology_json import slug

AnswerKind = Literal["radio", "checklist", "text"]

_ANSWER_KINDS: dict[str, AnswerKind] = {
    "radio": "radio",
    "dropdown": "radio",
    "response-radio": "radio",
    "checklist": "checklist",
    "response-checklist": "checklist",
    "text": "text",
    "prompt": "text",
    "response-text": "text",
    "group": "text",
}


@dataclass(slots=True)
class OptionFeature:
    """One option; its name is what imports and exports call it (the option's value)."""

    id: str
    name: str
    slug: str
    label: str
    classifications: "Level"


@dataclass(slots=True)
class ClassificationFeature:
    """One question, at the top or nested."""

    id: str
    name: str
    slug: str
    type: str
    kind: AnswerKind
    scope: str
    required: bool
    options: dict[str, OptionFeature] = field(default_factory=dict)
    options_by_name: dict[str, OptionFeature] = field(default_factory=dict)


@dataclass(slots=True)
class Level:
    """The questions of one level."""

    by_id: dict[str, ClassificationFeature] = field(default_factory=dict)
    by_name: dict[str, ClassificationFeature] = field(default_factory=dict)
    required: list[ClassificationFeature] = field(default_factory=list)


@dataclass(slots=True)
class ToolFeature:
    """One tool."""

    id: str
    name: str
    slug: str
    tool: str
    color: str
    required: bool
    classifications: Level
    constraints: frozenset[tuple[str, str]] | None = None


@dataclass(slots=True)
class FeatureIndex:
    """A normalized ontology, ready for look-ups. Build it once and keep it as long as the ontology is
    unchanged.
    """

    tools: dict[str, ToolFeature]
    tools_by_name: dict[str, ToolFeature]
    classifications: Level

    @classmethod
    def of(cls, normalized: dict[str, Any]) -> "FeatureIndex":
        """Index a document that `parse_ontology` returned."""
        tools = [
            ToolFeature(
                id=tool["featureSchemaId"],
                name=tool["name"],
                slug=slug(tool["name"]),
                tool=tool["tool"],
                color=tool.get("color") or "",
                required=bool(tool.get("required")),
                classifications=_level(tool.get("classifications", ())),
                constraints=_constraints(tool),
            )
            for tool in normalized["tools"]
        ]
        return cls(
            tools={tool.id: tool for tool in tools},
            tools_by_name={tool.name: tool for tool in tools},
            classifications=_level(normalized["classifications"]),
        )


def _level(classifications: Any) -> Level:
    level = Level()
    for question in classifications:
        feature = ClassificationFeature(
            id=question["featureSchemaId"],
            name=question["name"],
            slug=slug(question["name"]),
            type=question["type"],
            kind=_ANSWER_KINDS[question["type"]],
            scope=question.get("scope") or "global",
            required=bool(question.get("required")),
        )
        for option in question["options"]:
            name = str(option["value"])
            known = OptionFeature(
                id=option["featureSchemaId"],
                name=name,
                slug=slug(name),
                label=str(option["label"]),
                classifications=_level(option.get("options", ())),
            )
            feature.options[known.id] = known
            feature.options_by_name[name] = known
        for option in feature.options.values():  # a label finds its option unless it is another one's value
            feature.options_by_name.setdefault(option.label, option)
        level.by_id[feature.id] = feature
        level.by_name[feature.name] = feature
        if feature.required:
            level.required.append(feature)
    for question in classifications:
        level.by_name.setdefault(question["instructions"], level.by_id[question["featureSchemaId"]])
    return level


def _constraints(tool: dict[str, Any]) -> frozenset[tuple[str, str]] | None:
    pairs = (tool.get("definition") or {}).get("constraints") if tool["tool"] == "edge" else None
    return frozenset((source, target) for source, target in pairs) if pairs else None
