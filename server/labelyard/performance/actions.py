"""Look at performance."""

from __future__ import annotations

from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.performance import queries
from labelyard.performance.records import LabelerPerformance
from labelyard.plumbing.context import Context


async def labeler_performance(
    context: Context, project_id: str, *, skip: int, first: int
) -> list[LabelerPerformance]:
    """Everybody's performance in a project; without that permission only one's own."""
    sees_all = await access.may_in_project(context, Permission.SEE_PERFORMANCE, project_id)
    return await queries.select_labeler_performance(
        context.database,
        context.organization_id,
        project_id,
        only=None if sees_all else context.user_id,
        skip=skip,
        first=first,
    )
