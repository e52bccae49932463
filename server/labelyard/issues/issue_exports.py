"""The export of a project's issues: a signed address, and the JSON behind it (P-IS-01 to P-IS-04)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.formats.issues_json import issue_json
from labelyard.issues import export_queries
from labelyard.issues.records import ExportOrder
from labelyard.plumbing.blob_links import LINK_LIFE
from labelyard.plumbing.blobs import BlobLinkRefused, BlobStore
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Pool
from labelyard.projects import actions as projects

PREFIX = "/api/v1/issue-exports/"
_AT_ONCE = 1_000


async def export_url(context: Context, project_id: str, status: str | None) -> str:
    """An address that needs no key, good for a day, of the issues that the caller may see.

    A status is in its query as `?status=Open`. Raises NotPermitted.
    """
    await access.require_in_project(context, Permission.EXPORT, project_id)
    await projects.get_project(context, project_id)
    sees_all = await access.may_in_project(context, Permission.SEE_ALL_LABELS, project_id)
    order = ExportOrder(context.organization_id, project_id, context.user_id, sees_all, status)
    signed = context.blobs.signed_path(_key(order), expires_at=context.now + LINK_LIFE)
    query = signed.partition("?")[2]
    filtered = f"status={status}&" if status else ""
    return f"{context.base_url}{PREFIX}{_path(order)}?{filtered}{query}"


def order_of(blobs: BlobStore, path: str, query: Mapping[str, str]) -> ExportOrder:
    """What one of our own addresses asks for. Raises NotPermitted when it was altered or has expired, NotFound."""
    parts = path.split("/")
    if len(parts) != 4 or parts[3] not in ("all", "own"):
        raise errors.NotFound("There is nothing at this address.")
    organization_id, project_id, viewer, sight = parts
    order = ExportOrder(organization_id, project_id, viewer, sight == "all", query.get("status"))
    try:
        blobs.verify(_key(order), query, now=datetime.now(UTC))
    except BlobLinkRefused as refused:
        raise errors.NotPermitted(str(refused)) from None
    return order


async def write_export(pool: Pool, order: ExportOrder) -> AsyncIterator[bytes]:
    """The JSON array, a thousand issues at a time."""
    after, separator = "", b"["
    while True:
        async with pool.borrow() as database:
            page = await export_queries.select_exported(database, order, after, _AT_ONCE)
            comments = await export_queries.select_comments(
                database, order.organization_id, [issue.id for issue in page]
            )
        for issue in page:
            yield separator + issue_json(issue, comments.get(issue.id, []))
            separator = b","
        if len(page) < _AT_ONCE:
            yield (b"[" if separator == b"[" else b"") + b"]"
            return
        after = page[-1].id


def _path(order: ExportOrder) -> str:
    sight = "all" if order.sees_all else "own"
    return f"{order.organization_id}/{order.project_id}/{order.viewer}/{sight}"


def _key(order: ExportOrder) -> str:
    """What is signed: no blob has such a key."""
    return f"issue-exports/{_path(order)}/{order.status or 'any'}"
