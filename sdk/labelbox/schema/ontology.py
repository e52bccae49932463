"""Ontology, OntologyBuilder: what may be said about an asset (API reference 2.4; R-ON-01 to R-ON-19)."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import InconsistentOntologyException
from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToMany, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.schema.classification import (
    Classification,
    FeatureSchemaAttribute,
    Option,
    PromptResponseClassification,
    ResponseOption,
    classification_from_dict,
)
from labelbox.schema.media_type import MediaType
from labelbox.schema.tool import (
    FactCheckingTool,
    PromptIssueTool,
    RelationshipTool,
    StepReasoningTool,
    Tool,
    tool_from_dict,
)

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.schema.project import Project
    from labelbox.schema.user import User

__all__ = [
    "Classification",
    "DeleteFeatureFromOntologyResult",
    "FactCheckingTool",
    "FeatureSchema",
    "FeatureSchemaAttribute",
    "Ontology",
    "OntologyBuilder",
    "Option",
    "PromptIssueTool",
    "PromptResponseClassification",
    "RelationshipTool",
    "ResponseOption",
    "StepReasoningTool",
    "Tool",
]


class FeatureSchema(DbObject):
    """One reusable node: a tool, a classification or an option."""

    name: Field[str] = Field.String()
    normalized: Field[dict[str, Any]] = Field.Json()


@dataclass(frozen=True)
class DeleteFeatureFromOntologyResult:
    """What became of a feature schema that was taken out of an ontology: archived when it is in use."""

    archived: bool
    deleted: bool


class Ontology(DbObject):
    """Tools and classifications; `normalized` holds them as a dict with those two lists."""

    name: Field[str] = Field.String()
    description: Field[str | None] = Field.String()
    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    normalized: Field[dict[str, Any]] = Field.Json()
    object_schema_count: Field[int] = Field.Int()
    classification_schema_count: Field[int] = Field.Int()
    media_type: Field[MediaType] = Field.Enum(MediaType)

    projects: ToMany[Project] = Rel.ToMany("Project", filter_deleted=True)
    created_by: ToOne[User] = Rel.ToOne("User")

    def tools(self) -> list[Tool]:
        """The object tools (R-ON-13)."""
        return [tool_from_dict(tool) for tool in self.normalized["tools"]]

    def classifications(self) -> list[Classification | PromptResponseClassification]:
        """The questions about a whole asset (R-ON-12)."""
        return [classification_from_dict(c) for c in self.normalized["classifications"]]


@dataclass
class OntologyBuilder:
    """Builds an ontology from tools and classifications.

    >>> builder = OntologyBuilder(tools=[Tool(Tool.Type.BBOX, "boat")])
    >>> project.setup(frontend, builder.asdict())
    """

    tools: list[Tool] = field(default_factory=list)
    classifications: list[Classification | PromptResponseClassification] = field(default_factory=list)

    @classmethod
    def from_dict(cls, ontology: dict[str, Any]) -> OntologyBuilder:
        """A builder with the content of a normalized ontology."""
        return cls(
            tools=[tool_from_dict(tool) for tool in ontology["tools"]],
            classifications=[classification_from_dict(c) for c in ontology["classifications"]],
        )

    @classmethod
    def from_project(cls, project: Project) -> OntologyBuilder:
        """A builder with the ontology of a project. Raises ValueError when the project has none."""
        ontology = project.ontology()
        if ontology is None:
            raise ValueError(f"project {project.name!r} has no ontology")
        return cls.from_ontology(ontology)

    @classmethod
    def from_ontology(cls, ontology: Ontology) -> OntologyBuilder:
        """A builder with the content of an ontology of the server."""
        return cls.from_dict(ontology.normalized)

    def asdict(self) -> dict[str, Any]:
        """The normalized ontology; tools without a colour get one, spread evenly over the hues.

        Raises InconsistentOntologyException for a classification without the options it needs.
        """
        self._give_colors()
        return {
            "tools": [tool.asdict() for tool in self.tools],
            "classifications": [c.asdict() for c in self.classifications],
        }

    def add_tool(self, tool: Tool) -> None:
        """Adds a tool.

        Raises InconsistentOntologyException when there is one of that name, TypeError for anything but a tool.
        """
        if not isinstance(tool, Tool):
            raise TypeError(f"add_tool takes a Tool, got {tool!r}")
        if tool.name in (each.name for each in self.tools):
            raise InconsistentOntologyException(f"Duplicate tool name {tool.name!r}. ")
        self.tools.append(tool)

    def add_classification(self, classification: Classification | PromptResponseClassification) -> None:
        """Adds a question about the whole asset.

        Raises InconsistentOntologyException when there is one of that name, ValueError for a second prompt,
        TypeError for anything but a classification.
        """
        if not isinstance(classification, (Classification, PromptResponseClassification)):
            raise TypeError(f"add_classification takes a Classification, got {classification!r}")
        if classification.name in (each.name for each in self.classifications):
            raise InconsistentOntologyException(f"Duplicate classification name {classification.name!r}. ")
        prompt = PromptResponseClassification.Type.PROMPT
        if classification.class_type is prompt and prompt in (c.class_type for c in self.classifications):
            raise ValueError("an ontology has at most one prompt")
        self.classifications.append(classification)

    def _give_colors(self) -> None:
        for index, tool in enumerate(self.tools):
            if tool.color is None:
                channels = colorsys.hsv_to_rgb(index / len(self.tools), 1, 1)
                tool.color = "#{:02x}{:02x}{:02x}".format(*(int(255 * channel) for channel in channels))
