"""Rows that a caller names by ids or global keys, a million at once: kept for a job, and looked up step by step."""

from __future__ import annotations

import orjson

from labelyard.data_rows import actions as data_rows
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id
from labelyard.workflow.records import NamedRows


async def keep(context: Context, named: NamedRows) -> str:
    """Puts the names where a job finds them; the blob's key."""
    key = f"jobs/{context.organization_id}/{new_id()}.json"
    await context.blobs.put_bytes(key, orjson.dumps({"names": named.names, "are_keys": named.are_keys}))
    return key


async def read(context: Context, key: str) -> NamedRows:
    """The names under a blob's key."""
    kept = orjson.loads(await context.blobs.read(key))
    return NamedRows(kept["names"], kept["are_keys"])


async def ids(context: Context, named: NamedRows, start: int, count: int) -> list[str]:
    """Ids of the rows that are named from `start` on; global keys that there are not are left out."""
    names = named.names[start : start + count]
    if not named.are_keys:
        return names
    known = await data_rows.ids_of_keys(context, names)
    return [known[name] for name in names if name in known]
