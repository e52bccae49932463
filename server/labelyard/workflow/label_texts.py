"""Change what a 2.x client has written as a label."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.labels import actions as labels
from labelyard.plumbing.context import Context
from labelyard.quality import comparing
from labelyard.workflow import rules


async def update_label(context: Context, *, label_id: str, given: dict[str, Any]) -> str:
    """Changes a label's text or seconds, the 2.4 way; its id (R-LB-12).

    Raises NotFound, NotPermitted, Malformed for impossible seconds or null, NotAllowed for what is not the caller's to
    set.
    """
    fixed = sorted(set(given) - {"label", "seconds_to_label"})
    if fixed:
        raise errors.NotAllowed(
            f"Of a label only the text and the seconds can be changed, not {', '.join(fixed)}."
        )
    empty = sorted(name for name, value in given.items() if value is None)
    if empty:
        raise errors.Malformed(f"A label has a text and seconds: {', '.join(empty)} cannot be null.")
    text, seconds = given.get("label"), given.get("seconds_to_label")
    checked = None if seconds is None else rules.check_seconds(seconds)
    has_others = await labels.update_label(context, label_id=label_id, text=text, seconds=checked)
    if has_others and text is not None:
        label = await labels.get_label(context, label_id)
        await comparing.compare_later(context, label.project_id, [label.data_row_id])
    return label_id
