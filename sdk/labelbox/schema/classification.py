"""Classification, Option: questions of an ontology and their answers (ontology format, 1.2 and 1.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar

from labelbox.exceptions import InconsistentOntologyException


@dataclass
class FeatureSchemaAttribute:
    """A named value on a feature schema."""

    attributeName: str  # noqa: N815 - the reference's name, and the wire's
    attributeValue: str  # noqa: N815

    def asdict(self) -> dict[str, str]:
        """The attribute as the wire has it."""
        return {"attributeName": self.attributeName, "attributeValue": self.attributeValue}

    @classmethod
    def from_dict(cls, values: dict[str, str]) -> FeatureSchemaAttribute:
        """The reverse of `asdict`."""
        return cls(values["attributeName"], values["attributeValue"])


@dataclass
class Option:
    """One answer to a radio, checklist or dropdown; `label` is shown and defaults to `value`."""

    value: str | int
    label: str | int | None = None
    schema_id: str | None = None
    feature_schema_id: str | None = None
    options: list[Classification] = field(default_factory=list)
    position: int | None = None

    def __post_init__(self) -> None:
        if self.label is None:
            self.label = self.value

    def asdict(self) -> dict[str, Any]:
        """The option as the wire has it; nested questions carry no scope."""
        values: dict[str, Any] = {
            "schemaNodeId": self.schema_id,
            "featureSchemaId": self.feature_schema_id,
            "label": self.label,
            "value": self.value,
            "options": [nested.asdict(is_subclass=True) for nested in self.options],
        }
        if self.position is not None:
            values["position"] = self.position
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Option:
        """The reverse of `asdict`."""
        return cls(
            value=values["value"],
            label=values.get("label"),
            schema_id=values.get("schemaNodeId"),
            feature_schema_id=values.get("featureSchemaId"),
            options=[Classification.from_dict(nested) for nested in values.get("options") or []],
            position=values.get("position"),
        )

    def add_option(self, option: Classification) -> None:
        """Adds a question that is asked when this option is chosen.

        Raises InconsistentOntologyException when a question of that name is there already, TypeError for anything
        but a classification: the answers belong to the question.
        """
        if not isinstance(option, Classification):
            raise TypeError(f"an Option's add_option takes a Classification, got {option!r}")
        if option.name in (nested.name for nested in self.options):
            raise InconsistentOntologyException(
                f"Duplicate nested classification {option.name!r} in {self.label!r}"
            )
        self.options.append(option)


@dataclass
class Classification:
    """A question about an asset or an object; `instructions` is its text, `name` defaults to it."""

    class Type(Enum):
        """How a question is answered."""

        TEXT = "text"
        CHECKLIST = "checklist"
        RADIO = "radio"
        DROPDOWN = "dropdown"

    class Scope(Enum):
        """GLOBAL is asked once per asset, INDEX once per frame or message."""

        GLOBAL = "global"
        INDEX = "index"

    class UIMode(Enum):
        """How many options are offered in the editor."""

        HOTKEY = "hotkey"
        SEARCHABLE = "searchable"

    _NEED_OPTIONS: ClassVar[set[str]] = {
        "checklist",
        "radio",
        "dropdown",
        "response-radio",
        "response-checklist",
    }

    class_type: Classification.Type
    instructions: str | None = None
    name: str | None = None
    required: bool = False
    options: list[Option] = field(default_factory=list)
    schema_id: str | None = None
    feature_schema_id: str | None = None
    scope: Classification.Scope | None = None
    ui_mode: Classification.UIMode | None = None
    attributes: list[FeatureSchemaAttribute] | None = None
    is_likert_scale: bool = False

    def __post_init__(self) -> None:
        if self.name is None:
            self.name = self.instructions
        if self.instructions is None:
            self.instructions = self.name
        if self.name is None:
            raise ValueError("a classification needs instructions or a name")
        if self.scope is None:
            self.scope = Classification.Scope.GLOBAL

    def asdict(self, is_subclass: bool = False) -> dict[str, Any]:
        """The question as the wire has it; `is_subclass` leaves out the scope, which only the top level has.

        Raises InconsistentOntologyException when a kind that needs options has none.
        """
        if self.class_type.value in self._NEED_OPTIONS and not self.options:
            raise InconsistentOntologyException(f"Classification {self.name!r} requires options.")
        values: dict[str, Any] = {
            "type": self.class_type.value,
            "instructions": self.instructions,
            "name": self.name,
            "required": self.required,
            "options": [option.asdict() for option in self.options],
            "schemaNodeId": self.schema_id,
            "featureSchemaId": self.feature_schema_id,
            "attributes": None if self.attributes is None else [a.asdict() for a in self.attributes],
        }
        if self.ui_mode is not None and self.class_type.value in ("radio", "checklist"):
            values["uiMode"] = self.ui_mode.value
        if self.is_likert_scale and self.class_type is Classification.Type.RADIO:
            values["isLikertScale"] = True
        if not is_subclass and self.scope is not None:
            values["scope"] = self.scope.value
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Classification:
        """The reverse of `asdict`."""
        attributes = values.get("attributes")
        return cls(
            class_type=cls.Type(values["type"]),
            instructions=values["instructions"],
            name=values.get("name"),
            required=values.get("required", False),
            options=[Option.from_dict(option) for option in values.get("options") or []],
            schema_id=values.get("schemaNodeId"),
            feature_schema_id=values.get("featureSchemaId"),
            scope=cls.Scope(values.get("scope") or "global"),
            ui_mode=cls.UIMode(values["uiMode"]) if values.get("uiMode") else None,
            attributes=None
            if attributes is None
            else [FeatureSchemaAttribute.from_dict(a) for a in attributes],
            is_likert_scale=values.get("isLikertScale", False),
        )

    def add_option(self, option: Option) -> None:
        """Adds an answer, numbered after those there are.

        Raises InconsistentOntologyException when an answer of that value is there already, TypeError for anything
        but an option.
        """
        if not isinstance(option, Option):
            raise TypeError(f"a Classification's add_option takes an Option, got {option!r}")
        if option.value in (each.value for each in self.options):
            raise InconsistentOntologyException(
                f"Duplicate option {option.value!r} for classification {self.name!r}."
            )
        if option.position is None:
            option.position = len(self.options)
        self.options.append(option)


@dataclass
class ResponseOption(Option):
    """One answer to a question about a prompt or response."""


@dataclass
class PromptResponseClassification:
    """A question of a prompt and response project: always required, without a scope."""

    class Type(Enum):
        """The kinds of such questions; an ontology has at most one PROMPT."""

        PROMPT = "prompt"
        RESPONSE_TEXT = "response-text"
        RESPONSE_CHECKLIST = "response-checklist"
        RESPONSE_RADIO = "response-radio"

    class_type: PromptResponseClassification.Type
    instructions: str | None = None
    name: str | None = None
    required: bool = True
    options: list[ResponseOption] = field(default_factory=list)
    character_min: int | None = None
    character_max: int | None = None
    schema_id: str | None = None
    feature_schema_id: str | None = None

    def __post_init__(self) -> None:
        self.name = self.name or self.instructions
        self.instructions = self.instructions or self.name
        self.required = True

    def asdict(self) -> dict[str, Any]:
        """The question as the wire has it. Raises InconsistentOntologyException when options are missing."""
        kind = self.class_type.value
        if kind in Classification._NEED_OPTIONS and not self.options:
            raise InconsistentOntologyException(f"Response Classification {self.name!r} requires options.")
        values: dict[str, Any] = {
            "type": kind,
            "instructions": self.instructions,
            "name": self.name,
            "required": True,
            "options": [option.asdict() for option in self.options],
            "schemaNodeId": self.schema_id,
            "featureSchemaId": self.feature_schema_id,
        }
        if kind in ("prompt", "response-text"):
            limits = {"minCharacters": self.character_min, "maxCharacters": self.character_max}
            values.update({key: limit for key, limit in limits.items() if limit})
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> PromptResponseClassification:
        """The reverse of `asdict`."""
        options = [ResponseOption.from_dict(option) for option in values.get("options") or []]
        return cls(
            class_type=cls.Type(values["type"]),
            instructions=values["instructions"],
            name=values.get("name"),
            options=[option for option in options if isinstance(option, ResponseOption)],
            character_min=values.get("minCharacters"),
            character_max=values.get("maxCharacters"),
            schema_id=values.get("schemaNodeId"),
            feature_schema_id=values.get("featureSchemaId"),
        )

    def add_option(self, option: ResponseOption) -> None:
        """Adds an answer. Raises InconsistentOntologyException when its value is there already."""
        if option.value in (each.value for each in self.options):
            raise InconsistentOntologyException(
                f"Duplicate option {option.value!r} for response {self.name!r}."
            )
        if option.position is None:
            option.position = len(self.options)
        self.options.append(option)


def classification_from_dict(values: dict[str, Any]) -> Classification | PromptResponseClassification:
    """A question of the class that its type asks for. Raises ValueError for an unknown type."""
    prompt_kinds = {member.value for member in PromptResponseClassification.Type}
    if values["type"] in prompt_kinds:
        return PromptResponseClassification.from_dict(values)
    return Classification.from_dict(values)
