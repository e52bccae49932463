"""Client: get_user, get_organization, get_roles, users and groups."""

from __future__ import annotations

from labelbox._calls.connection import Connection
from labelbox.orm.comparison import Clause
from labelbox.pagination import PaginatedCollection
from labelbox.schema.organization import Organization
from labelbox.schema.role import Role, roles_of
from labelbox.schema.user import User
from labelbox.schema.user_group import UserGroup


class OrganizationCalls(Connection):
    """The calls about people."""

    def get_user(self) -> User:
        """The user whom the API key belongs to (R-CLI-38)."""
        return self._get_single(User, None)

    def get_organization(self) -> Organization:
        """The organization of the API key (R-CLI-32)."""
        return self._get_single(Organization, None)

    def get_users(self, where: Clause | None = None) -> PaginatedCollection[User]:
        """The users of the organization."""
        return self._get_all(User, where, filter_deleted=False)

    def get_roles(self) -> dict[str, Role]:
        """The roles by name in upper case, for example `roles["TEAM_MANAGER"]`."""
        return roles_of(self)

    def get_user_groups(self) -> PaginatedCollection[UserGroup]:
        """The user groups of the organization."""
        return UserGroup.get_user_groups(self)

    def get_user_group(self, group_id: str) -> UserGroup:
        """One user group. Raises ResourceNotFoundError when there is none with that id."""
        return UserGroup(self, id=group_id).get()
