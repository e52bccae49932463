"""Labeling frontends, and the set-up of a project through their options (R-PJ-56, reference/projects.md 5)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.frontends import queries
from labelyard.ontologies import actions as ontologies
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.ids import new_id
from labelyard.projects import actions as projects


async def add_editor(database: Database, organization_id: str) -> None:
    """The frontend that every organization begins with (R-LF-02)."""
    await queries.insert_labeling_frontend(
        database, organization_id, new_id(), "Editor", "The labeling screen of this server.", "/editor"
    )


async def create_labeling_frontend(context: Context, *, name: str, description: str, path: str) -> str:
    """A frontend of one's own, shown in a frame; its id. Raises Malformed for an address that is not safe."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    parts = urlsplit(path)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not (path.startswith("/") or parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise errors.Malformed(
            f"A labeling frontend is an https address or a path of this server, not {path!r}."
        )
    frontend_id = new_id()
    await queries.insert_labeling_frontend(
        context.database, context.organization_id, frontend_id, name, description, path
    )
    return frontend_id


async def update_labeling_frontend(
    context: Context, *, frontend_id: str, values: dict[str, Any], connect: str | None, disconnect: str | None
) -> str:
    """Changes name or description, or the projects that use it. Raises NotFound."""
    access.require(context, Permission.EDIT_PROJECTS)
    if values:
        access.require(context, Permission.MANAGE_ORGANIZATION)
    if not await queries.update_labeling_frontend(
        context.database, context.organization_id, frontend_id, values
    ):
        raise errors.NotFound(f"There is no labeling frontend with id {frontend_id}.")
    if connect:
        await projects.set_labeling_frontend(context, project_id=connect, frontend_id=frontend_id)
    if disconnect:
        await projects.set_labeling_frontend(context, project_id=disconnect, frontend_id=None)
    return frontend_id


async def connect_to_project(context: Context, *, project_id: str, frontend_id: str | None) -> None:
    """The frontend of a project, or none. Raises NotFound."""
    if frontend_id is not None and not await queries.exists_labeling_frontend(
        context.database, context.organization_id, frontend_id
    ):
        raise errors.NotFound(f"There is no labeling frontend with id {frontend_id}.")
    await projects.set_labeling_frontend(context, project_id=project_id, frontend_id=frontend_id)


async def create_options(context: Context, *, project_id: str, frontend_id: str, options: str) -> str:
    """Options for a project: the text is kept as it is, and the ontology in it becomes the project's.

    Raises Malformed, and writes nothing, when the text is not JSON or not an ontology.
    """
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    project = await projects.get_project(context, project_id, lock=True)
    if not await queries.exists_labeling_frontend(context.database, context.organization_id, frontend_id):
        raise errors.NotFound(f"There is no labeling frontend with id {frontend_id}.")
    document = _document(options)
    if document["tools"] or document["classifications"] or project.ontology_id is None:
        ontology_id = await ontologies.create_ontology(
            context, name=f"{project.name} ontology", document=document, media_type=project.media_type
        )
        await projects.set_ontology(context, project_id=project_id, ontology_id=ontology_id)
    options_id = new_id()
    await queries.insert_options(
        context.database, context.organization_id, options_id, project_id, frontend_id, options
    )
    return options_id


async def copy_options(context: Context, *, source_id: str, project_id: str) -> None:
    """A new project gets the newest options of the one it was cloned from; the caller has permitted it."""
    await queries.copy_options(context.database, context.organization_id, source_id, project_id, new_id())


async def update_options(context: Context, *, options_id: str, options: str) -> str:
    """Another text of options; instructions in it are attached to the ontology (R-PJ-65). Raises NotFound."""
    found = await queries.select_options(context.database, context.organization_id, options_id)
    if found is None:
        raise errors.NotFound(f"There are no labeling frontend options with id {options_id}.")
    await access.require_in_project(context, Permission.EDIT_PROJECTS, found.project_id)
    document = _document(options)
    await queries.update_options(context.database, context.organization_id, options_id, options)
    if document.get("projectInstructions"):
        await projects.set_instructions(
            context, project_id=found.project_id, url=str(document["projectInstructions"])
        )
    return options_id


def _document(options: str) -> dict[str, Any]:
    try:
        document = orjson.loads(options)
    except orjson.JSONDecodeError as error:
        raise errors.Malformed(f"The labeling frontend options are not JSON: {error}") from None
    if not isinstance(document, dict):
        raise errors.Malformed(
            "The labeling frontend options must be an object with tools and classifications."
        )
    return {
        **document,
        "tools": document.get("tools") or [],
        "classifications": document.get("classifications") or [],
    }
