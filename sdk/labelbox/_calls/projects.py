"""Client: create_project, get_project, get_projects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labelbox._calls.connection import Connection
from labelbox.orm.comparison import Clause
from labelbox.pagination import PaginatedCollection
from labelbox.schema.media_type import MediaType
from labelbox.schema.project import Project
from labelbox.schema.quality_mode import QualityMode, quality_settings

DELETE_PROJECT_MEMBERSHIPS = """mutation DeleteProjectMemberships($projectId: ID!, $userIds: [ID!]!) {
    deleteProjectMemberships(where: {projectId: $projectId, userIds: $userIds}) { success errorMessage }
}"""


class ProjectCalls(Connection):
    """The calls about projects."""

    def create_project(
        self,
        name: str | None = None,
        media_type: MediaType | None = None,
        description: str | None = None,
        quality_modes: Iterable[QualityMode] | QualityMode | None = None,
        is_benchmark_enabled: bool | None = None,
        is_consensus_enabled: bool | None = None,
        **kwargs: Any,
    ) -> Project:
        """Creates a project from its attributes (R-CLI-11, P-CR).

        >>> client.create_project(name="Boats", description="in the harbour", media_type=MediaType.Image)

        `quality_modes` is one or both of QualityMode; with a media type and without anything about quality,
        both. Raises InvalidAttributeError for a keyword that is no attribute of a project, TypeError when
        media_type is not a MediaType, ValueError for a name that is blank or no text.
        """
        values: dict[str, Any] = dict(kwargs)
        if name is not None:
            if not isinstance(name, str) or not name.strip():
                raise ValueError(f"project name must be a valid string, got {name!r}")
            values["name"] = name
        if description is not None:
            values["description"] = description
        if media_type is not None:
            if not MediaType.is_supported(media_type):
                raise TypeError(f"media_type must be one of {MediaType.get_supported_members()}")
            values["media_type"] = media_type
        modes = _quality_modes(
            quality_modes, values.pop("quality_mode", None), is_benchmark_enabled, is_consensus_enabled
        )
        audited = "auto_audit_number_of_labels" in values or "auto_audit_percentage" in values
        if modes is None and media_type is not None and not audited:
            modes = set(QualityMode)
        if modes is not None:
            values = {**quality_settings(modes), **values}
        return self._create(Project, values)

    def get_project(self, project_id: str) -> Project:
        """The project with that id. Raises ResourceNotFoundError when there is none (R-CLI-34)."""
        return self._get_single(Project, project_id)

    def get_projects(self, where: Clause | None = None) -> PaginatedCollection[Project]:
        """The projects that the user may open and that are not deleted, filtered by `where`.

        >>> client.get_projects(where=Project.name == "<project_name>").get_one()
        """
        return self._get_all(Project, where)

    def delete_project_memberships(self, project_id: str, user_ids: list[str]) -> dict[str, Any]:
        """Takes users out of a project; returns `{"success", "errorMessage"}`."""
        params = {"projectId": project_id, "userIds": user_ids}
        reply = self.execute(DELETE_PROJECT_MEMBERSHIPS, params, raise_return_resource_not_found=True)
        found: dict[str, Any] = reply["deleteProjectMemberships"]
        return found


def _quality_modes(
    modes: Iterable[QualityMode] | QualityMode | None,
    mode: QualityMode | None,
    benchmark: bool | None,
    consensus: bool | None,
) -> set[QualityMode] | None:
    """The modes that a caller asks for in one of the three ways; None when in none."""
    given = modes if modes is not None else mode
    if given is not None:
        found = {given} if isinstance(given, QualityMode) else set(given)
        if not found or not all(isinstance(each, QualityMode) for each in found):
            raise TypeError(f"quality_modes must hold members of QualityMode, got {given!r}")
        return found
    if benchmark is None and consensus is None:
        return None
    chosen = {QualityMode.Benchmark: benchmark, QualityMode.Consensus: consensus}
    return {each for each, wanted in chosen.items() if wanted}
