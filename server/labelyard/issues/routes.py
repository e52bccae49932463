"""The address that `issueExportUrl` hands out."""

from __future__ import annotations

from labelyard.issues import issue_exports
from labelyard.plumbing.database import Database
from labelyard.plumbing.http import Application, Request
from labelyard.plumbing.rest import Reply, route


@route("GET", "/api/v1/issue-exports/{order:path}", public=True)
async def get_issue_export(app: Application, database: Database, request: Request) -> Reply:
    """A project's issues; the signature in the address is the permission."""
    order = issue_exports.order_of(app.blobs, request.path_params["order"], request.query)
    stream = issue_exports.write_export(app.pool, order)
    return Reply(200, headers={"content-type": "application/json"}, stream=stream)
