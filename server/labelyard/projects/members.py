"""Who can open a project, and in which role (P-MB)."""

from __future__ import annotations

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access import rules as access_rules
from labelyard.organizations import actions as organizations
from labelyard.organizations.records import Role
from labelyard.plumbing.context import Context
from labelyard.projects import actions, queries
from labelyard.projects.records import DeleteProjectMembershipsResult, ProjectMember


async def members_of(context: Context, project_id: str, *, skip: int, first: int) -> list[ProjectMember]:
    """The members of a project that the caller may open."""
    rows = await queries.select_members(
        context.database, context.organization_id, project_id, access_rules.RANKED, skip, first
    )
    return [
        ProjectMember(
            row.id,
            row.access_from,
            row.user_id,
            Role(access_rules.ROLES[row.role].id, access_rules.ROLES[row.role].name),
        )
        for row in rows
    ]


async def set_project_membership(context: Context, *, project_id: str, user_id: str, role_id: str) -> str:
    """Gives a user a role in the project. Raises NotAllowed for a user with an organization role."""
    await actions.get_project(context, project_id)
    account = await organizations.get_member(context, user_id)
    if account.role != "NONE":
        raise errors.NotAllowed(
            f"{account.email} has a role in the whole organization and needs none in a project."
        )
    return await access.grant(context, project_id=project_id, user_id=user_id, role_id=role_id)


async def delete_project_memberships(
    context: Context, *, project_id: str, user_ids: list[str]
) -> DeleteProjectMembershipsResult:
    """Takes memberships away."""
    gone = await access.revoke_memberships(context, project_id=project_id, user_ids=user_ids)
    if gone < len(set(user_ids)):
        return DeleteProjectMembershipsResult(False, f"Only {gone} of the users were members of the project.")
    return DeleteProjectMembershipsResult(True, None)
