"""Integrations."""

from __future__ import annotations

from labelyard.integrations.records import IAMIntegration
from labelyard.plumbing.context import Context


class Query:
    """Looking at integrations."""

    @staticmethod
    async def iam_integrations(context: Context) -> list[IAMIntegration]:
        """The organization's integrations: none, because none can be made yet (every create_dataset asks)."""
        return []
