"""ProjectMember: who may work in a project, as what, and why (P-MB-01 to P-MB-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToOne
from labelbox.orm.model import Relationship as Rel

if TYPE_CHECKING:
    from labelbox.schema.role import Role
    from labelbox.schema.user import User


class ProjectMember(DbObject):
    """A user in a project; `access_from` is ORGANIZATION, PROJECT_MEMBERSHIP or USER_GROUP."""

    access_from: Field[str] = Field.String()

    user: ToOne[User] = Rel.ToOne("User", cache=True)
    role: ToOne[Role] = Rel.ToOne("Role", cache=True)
