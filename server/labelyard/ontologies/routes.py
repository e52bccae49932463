"""Ontologies and features by REST (docs/wire/rest.md)."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.ontologies import features
from labelyard.plumbing.context import Context
from labelyard.plumbing.http import Request
from labelyard.plumbing.rest import Reply, route

NEW = "new_feature_schema_id"  # what clients put where the id of a feature would be that is not there yet
_LONGEST_BODY = 10_000_000


async def _given(request: Request, name: str, kind: type, *, missing: Any = ...) -> Any:
    """A member of the JSON body. Raises Malformed when it is not of the kind."""
    body = await request.json(_LONGEST_BODY)
    value = body.get(name, missing) if isinstance(body, dict) else missing
    if value is missing is not ...:
        return missing
    if not isinstance(value, kind) or isinstance(value, bool):
        raise errors.Malformed(f'The body must have a member "{name}" of type {kind.__name__}.')
    return value


@route("GET", "/api/v1/ontologies/unused")
async def unused_ontologies(context: Context, request: Request) -> Reply:
    """Ids of ontologies that no project has; `after` comes in the body of the GET."""
    after = await _given(request, "after", str, missing=None)
    return Reply(200, await features.unused_ontologies(context, after=after))


@route("GET", "/api/v1/feature-schemas/unused")
async def unused_features(context: Context, request: Request) -> Reply:
    """Ids of features that no ontology has; `after` comes in the body of the GET."""
    after = await _given(request, "after", str, missing=None)
    return Reply(200, await features.unused_features(context, after=after))


@route("GET", "/api/v1/ontologies/{ontology_id}")
async def ontology(context: Context, request: Request) -> Reply:
    """The features at the top of an ontology, and whether they are archived."""
    nodes = await features.nodes_of(context, ontology_id=request.path_params["ontology_id"])
    return Reply(200, {"featureSchemaNodes": nodes})


@route("DELETE", "/api/v1/ontologies/{ontology_id}")
async def delete_ontology(context: Context, request: Request) -> Reply:
    """Deletes an ontology that no project has."""
    await features.delete_unused_ontology(context, ontology_id=request.path_params["ontology_id"])
    return Reply(204)


@route("DELETE", "/api/v1/feature-schemas/{feature_id}")
async def delete_feature(context: Context, request: Request) -> Reply:
    """Deletes a feature that no ontology has."""
    await features.delete_unused_feature(context, feature_id=request.path_params["feature_id"])
    return Reply(204)


@route("PATCH", "/api/v1/feature-schemas/{feature_id}/definition")
async def rename_feature(context: Context, request: Request) -> Reply:
    """Another name."""
    title = await _given(request, "title", str)
    feature_id = await features.rename(context, feature_id=request.path_params["feature_id"], title=title)
    return Reply(200, {"schemaId": feature_id})


@route("PUT", "/api/v1/feature-schemas/{feature_id}")
async def save_feature(context: Context, request: Request) -> Reply:
    """A new feature, or other content of one."""
    document = await _given(request, "normalized", str)
    given = request.path_params["feature_id"]
    feature_id = await features.save_feature(
        context, document=document, feature_id=None if given == NEW else given
    )
    return Reply(200, {"schemaId": feature_id})


@route("POST", "/api/v1/ontologies/{ontology_id}/feature-schemas/{feature_id}")
async def put_into_ontology(context: Context, request: Request) -> Reply:
    """Puts a feature into an ontology."""
    position = await _given(request, "position", int)
    await features.put_into_ontology(context, position=position, **request.path_params)
    return Reply(201, {"position": position})


@route("DELETE", "/api/v1/ontologies/{ontology_id}/feature-schemas/{feature_id}")
async def take_out_of_ontology(context: Context, request: Request) -> Reply:
    """Takes a feature out of an ontology."""
    archived = await features.take_out_of_ontology(context, **request.path_params)
    return Reply(200, {"archived": archived, "deleted": not archived})


@route("PATCH", "/api/v1/ontologies/{ontology_id}/feature-schemas/{feature_id}/unarchive")
async def unarchive(context: Context, request: Request) -> Reply:
    """Brings an archived feature back."""
    await features.unarchive(context, **request.path_params)
    return Reply(200, {"unarchived": True})
