"""Project: members and tags."""

from __future__ import annotations

from collections.abc import Iterable

from labelbox.orm import query
from labelbox.pagination import PaginatedCollection
from labelbox.schema._project.base import ProjectPart
from labelbox.schema.invite import Invite
from labelbox.schema.project_member import ProjectMember
from labelbox.schema.resource_tag import ResourceTag

PROJECT_MEMBERS = """query ProjectMembers($projectId: ID!) {
    project(where: {id: $projectId}) { members(skip: %%d, first: %%d) { %s } }
}"""
UPDATE_PROJECT_RESOURCE_TAGS = """mutation UpdateProjectResourceTags($projectId: ID!, $ids: [String!]) {
    project(where: {id: $projectId}) { updateProjectResourceTags(input: {resourceTagIds: $ids}) { %s } }
}"""
PROJECT_RESOURCE_TAGS = """query ProjectResourceTags($projectId: ID!) {
    project(where: {id: $projectId}) { resourceTags { %s } }
}"""


class ProjectPeople(ProjectPart):
    """Who works in a project, and how it is tagged."""

    def members(self) -> PaginatedCollection[ProjectMember]:
        """The members, each with user, role and where the access comes from (P-MB)."""
        return PaginatedCollection(
            self.client,
            PROJECT_MEMBERS % query.selection(ProjectMember),
            {"projectId": self.uid},
            ["project", "members"],
            ProjectMember,
        )

    def invites(self) -> PaginatedCollection[Invite]:
        """The open invitations that promise a role in the project."""
        return Invite.get_project_invites(self.client, self.uid)

    def update_project_resource_tags(self, resource_tag_ids: Iterable[str]) -> list[ResourceTag]:
        """Gives the project exactly the tags with these ids and returns them (P-TA-01)."""
        document = UPDATE_PROJECT_RESOURCE_TAGS % query.selection(ResourceTag)
        tags = self._in_project(document, ids=list(resource_tag_ids))["updateProjectResourceTags"]
        return [ResourceTag(self.client, values) for values in tags]

    def get_resource_tags(self) -> list[ResourceTag]:
        """The tags of the project (P-TG-01)."""
        document = PROJECT_RESOURCE_TAGS % query.selection(ResourceTag)
        return [ResourceTag(self.client, values) for values in self._in_project(document)["resourceTags"]]
