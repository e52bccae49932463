"""Performance of labelers."""

from __future__ import annotations

from labelyard.performance import actions
from labelyard.performance.records import LabelerPerformance
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import computed


class Project:
    """Who has done what in a project."""

    @computed("p.id")
    async def labeler_performance(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        skip: int | None = None,
        first: int | None = None,
    ) -> list[list[LabelerPerformance]]:
        """By labeler."""
        return [
            await actions.labeler_performance(context, project_id, skip=skip or 0, first=first or 100)
            for (project_id,) in parents
        ]
