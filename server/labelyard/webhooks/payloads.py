"""What a delivery says: the room that owns an event's objects describes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from labelyard.plumbing.context import Context
from labelyard.webhooks.records import Topic

Description = Mapping[str, Mapping[str, Any]]
Describe = Callable[[Context, Sequence[str]], Awaitable[Description]]
_describers: dict[str, Describe] = {}


def describes(*topics: Topic) -> Callable[[Describe], Describe]:
    """Marks the function of a room's `jobs.py` that gives the payloads of these topics, by object id.

    Objects that are no longer there are left out. It is called without a user: the webhook was permitted.
    """

    def wrap(function: Describe) -> Describe:
        _describers.update(dict.fromkeys(topics, function))
        return function

    return wrap


async def payloads(
    context: Context, events: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The payloads of events (topic, object id); all objects of a topic are read together."""
    wanted: dict[str, list[str]] = {}
    for topic, object_id in events:
        wanted.setdefault(topic, []).append(object_id)
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for topic, ids in wanted.items():
        for object_id, payload in (await _describers[topic](context, list(dict.fromkeys(ids)))).items():
            found[topic, object_id] = payload
    return found
