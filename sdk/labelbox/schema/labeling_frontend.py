"""LabelingFrontend, LabelingFrontendOptions: editors and how a project uses one (API reference 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToMany, ToOne
from labelbox.orm.model import Relationship as Rel

if TYPE_CHECKING:
    from labelbox.schema.organization import Organization
    from labelbox.schema.project import Project


class LabelingFrontend(DbObject):
    """A label editor: a web page in which labels are made. Every organization has "Editor" (R-LF-02)."""

    name: Field[str] = Field.String()
    description: Field[str | None] = Field.String()
    iframe_url_path: Field[str | None] = Field.String()

    projects: ToMany[Project] = Rel.ToMany("Project", filter_deleted=True)


class LabelingFrontendOptions(DbObject):
    """The options with which a project uses its editor: its ontology as JSON text (R-LFO-02)."""

    customization_options: Field[str] = Field.String()

    project: ToOne[Project] = Rel.ToOne("Project")
    labeling_frontend: ToOne[LabelingFrontend] = Rel.ToOne("LabelingFrontend")
    organization: ToOne[Organization] = Rel.ToOne("Organization")
