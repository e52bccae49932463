"""The pictures of masks."""

from __future__ import annotations

from labelyard.labels import actions
from labelyard.plumbing.context import Context
from labelyard.plumbing.http import Request
from labelyard.plumbing.rest import Reply, route

_PNG = {"content-type": "image/png", "cache-control": "private, max-age=60"}


@route("GET", "/api/v1/projects/{project_id}/annotations/{feature_id}/index/{index:int}/mask")
async def get_mask(context: Context, request: Request) -> Reply:
    """One object's mask."""
    picture = await actions.mask_picture(
        context,
        project_id=request.path_params["project_id"],
        feature_id=request.path_params["feature_id"],
    )
    return Reply(200, picture, _PNG)


@route("GET", "/api/v1/tasks/{task_id}/masks/{composite_id}/index/{index:int}")
async def get_composite_mask(context: Context, request: Request) -> Reply:
    """All instances of a label."""
    return Reply(
        200, await actions.composite_picture(context, composite_id=request.path_params["composite_id"]), _PNG
    )
