"""The labels of a batch are deleted, and its rows labeled again, from nothing or from what there was."""

from __future__ import annotations

from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.batches import actions as batches
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.workflow import actions, template_queries


async def delete_batch_labels(
    context: Context, *, project_id: str, batch_id: str, as_templates: bool
) -> list[str]:
    """Deletes the labels of a batch; their ids. Its rows are to be labeled again.

    With `as_templates` the newest label of each row is what its next labeler begins from, unless there are
    predictions (queue.md 5). Raises NotFound, NotPermitted.
    """
    await access.require_in_project(context, Permission.DELETE_LABELS, project_id)
    await projects.get_project(context, project_id)
    await batches.get_batch(context, project_id, batch_id)
    db, organization = context.database, context.organization_id
    made = await template_queries.select_labels_of_batch(db, organization, project_id, batch_id)
    gone = await actions.delete_labels(context, [label_id for label_id, _, _ in made])
    deleted = set(gone)
    newest = {row: label_id for label_id, row, skipped in made if not skipped and label_id in deleted}
    await template_queries.replace_templates(
        db, organization, project_id, list({row for _, row, _ in made}), newest if as_templates else {}
    )
    await access.note(context, "delete labels of batch", batch_id)
    return gone
