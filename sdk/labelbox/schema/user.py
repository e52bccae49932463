"""User: a person of the organization (API reference 2.4; R-US-01 to R-US-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToMany, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.schema.role import OrgRole, Role, format_role, roles_of

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.schema.organization import Organization
    from labelbox.schema.project import Project
    from labelbox.schema.task import Task

SET_ORGANIZATION_ROLE = """mutation SetOrganizationRole($userId: ID!, $roleId: ID!) {
    setOrganizationRole(data: {userId: $userId, roleId: $roleId}) { id name }
}"""
SET_PROJECT_MEMBERSHIP = """mutation SetProjectMembership($userId: ID!, $roleId: ID!, $projectId: ID!) {
    setProjectMembership(data: {userId: $userId, roleId: $roleId, projectId: $projectId}) { id }
}"""


class User(DbObject):
    """A registered user: you, or somebody of your organization."""

    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    email: Field[str] = Field.String()
    # The wire has these two the other way round than the reference (R-US-05, R-US-06).
    name: Field[str | None] = Field.String("nickname")
    nickname: Field[str | None] = Field.String("name")
    intercom_hash: Field[str | None] = Field.String()
    picture: Field[str | None] = Field.String()
    is_viewer: Field[bool] = Field.Boolean()
    is_external_viewer: Field[bool] = Field.Boolean("isExternalUser")

    organization: ToOne[Organization] = Rel.ToOne("Organization")
    created_tasks: ToMany[Task] = Rel.ToMany("Task")
    projects: ToMany[Project] = Rel.ToMany("Project", filter_deleted=True)
    org_role: ToOne[OrgRole] = Rel.ToOne("OrgRole")

    @property
    def is_external_user(self) -> bool:
        """Another name of `is_external_viewer`."""
        return self.is_external_viewer

    def update_org_role(self, role: Role) -> None:
        """Gives the user a role in the whole organization; the role NONE makes projects decide."""
        params = {"userId": self.uid, "roleId": role.uid}
        self.client.execute(SET_ORGANIZATION_ROLE, params, raise_return_resource_not_found=True)

    def upsert_project_role(self, project: Project, role: Role) -> None:
        """Gives the user a role in one project.

        Raises ValueError unless the user's organization role is NONE: the two kinds exclude each other.
        """
        org_role = self.org_role()
        if org_role is not None and format_role(org_role.name) != "NONE":
            raise ValueError(
                f"{self.email} has the organization role {org_role.name}; only a user without one "
                "can have project roles"
            )
        params = {"userId": self.uid, "roleId": role.uid, "projectId": project.uid}
        self.client.execute(SET_PROJECT_MEMBERSHIP, params, raise_return_resource_not_found=True)

    def remove_from_project(self, project: Project) -> None:
        """Takes away the user's role in one project."""
        self.upsert_project_role(project, roles_of(self.client)["NONE"])
