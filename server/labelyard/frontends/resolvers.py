"""LabelingFrontend and LabelingFrontendOptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelyard import errors
from labelyard.frontends import actions, queries
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import Column, Many, One, Rows


def _named(value: Any) -> tuple[str, Mapping[str, Any]]:
    return "lower(lf.name) = lower(%(name)s)", {"name": value}


class LabelingFrontend:
    """A page in which labels are made. Names compare without case: tests ask for "Editor" and "editor"."""

    rows = queries.labeling_frontends
    filters = {"name": _named}  # noqa: RUF012
    id = Column("lf.id")
    name = Column("lf.name")
    description = Column("lf.description")
    iframe_url_path = Column("lf.iframe_url_path")
    projects = Many("Project", "p.labeling_frontend_id")


class LabelingFrontendOptions:
    """What a project tells its frontend: the ontology, as text."""

    rows = queries.labeling_frontend_options
    id = Column("lo.id")
    customization_options = Column("lo.customization_options")
    labeling_frontend = One("LabelingFrontend", "lo.labeling_frontend_id")
    organization = One("Organization", "lo.organization_id")
    project = One("Project", "lo.project_id")


class Project:
    """The frontend of a project."""

    labeling_frontend = One("LabelingFrontend", "p.labeling_frontend_id")
    labeling_frontend_options = Many("LabelingFrontendOptions", "lo.project_id")


class Query:
    """Looking at frontends."""

    @staticmethod
    async def labeling_frontend(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One frontend."""
        return where["id"] if where else None

    @staticmethod
    async def labeling_frontends(context: Context) -> Rows:
        """The organization's frontends."""
        return queries.labeling_frontends(context)

    @staticmethod
    async def labeling_frontend_options(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One row of options."""
        return where["id"] if where else None


def _connected(value: dict[str, Any] | None, noun: str) -> str:
    connect = (value or {}).get("connect")
    if not connect:
        raise errors.Malformed(f"Options need a {noun} to belong to.")
    return str(connect["id"])


class Mutation:
    """Changing frontends."""

    @staticmethod
    async def create_labeling_frontend(context: Context, data: dict[str, Any]) -> str:
        """A new frontend."""
        return await actions.create_labeling_frontend(
            context,
            name=data["name"],
            description=data.get("description") or "",
            path=data["iframe_url_path"],
        )

    @staticmethod
    async def update_labeling_frontend(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Changes a frontend."""
        relation = data.get("projects") or {}
        values = {name: data[name] for name in ("name", "description") if data.get(name) is not None}
        return await actions.update_labeling_frontend(
            context,
            frontend_id=where["id"],
            values=values,
            connect=(relation.get("connect") or {}).get("id"),
            disconnect=(relation.get("disconnect") or {}).get("id"),
        )

    @staticmethod
    async def create_labeling_frontend_options(context: Context, data: dict[str, Any]) -> str:
        """New options."""
        return await actions.create_options(
            context,
            project_id=_connected(data.get("project"), "project"),
            frontend_id=_connected(data.get("labeling_frontend"), "labeling frontend"),
            options=data.get("customization_options") or "",
        )

    @staticmethod
    async def update_labeling_frontend_options(
        context: Context, where: dict[str, Any], data: dict[str, Any]
    ) -> str:
        """Changes options."""
        return await actions.update_options(
            context, options_id=where["id"], options=data.get("customization_options") or ""
        )
