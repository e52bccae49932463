"""Check, store, change and delete labels. Moving data rows on is the workflow's."""

from __future__ import annotations

import colorsys
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.data_rows.records import DataRow
from labelyard.formats.annotations import RELATIONSHIP_KINDS, LabelDocument, read_label_document
from labelyard.formats.export_labels_v1 import legacy_label_document
from labelyard.formats.masks import Mask, composite_png, mask_png
from labelyard.formats.refusals import AnnotationRefused
from labelyard.labels import queries
from labelyard.labels.records import CheckedLabel, LabelRecord, MaskCopy, MaskRow, NewLabel
from labelyard.ontologies import actions as ontologies
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.webhooks import actions as webhooks
from labelyard.webhooks.records import Topic

_GOLDEN = 0.618033988749895


async def check_document(
    context: Context, project: ProjectRecord, data_row: DataRow, document: Any, *, composite_id: str
) -> CheckedLabel:
    """A label document as it will be stored, or Malformed naming the object that does not fit.

    `composite_id` names the picture that the drawn instances share.
    """
    if project.ontology_id is None:
        raise errors.NotAllowed("The project has no ontology yet; connect one first.")
    index = await ontologies.feature_index(context, project.ontology_id)
    attributes = decoded(data_row.media_attributes) or {}
    width, height = attributes.get("width"), attributes.get("height")
    try:
        read = read_label_document(
            document,
            index,
            new_id=new_id,
            size=(width, height) if width and height else None,
            media_type=project.media_type or data_row.media_type,
        )
    except AnnotationRefused as refused:
        raise errors.Malformed(str(refused)) from None
    known: dict[str, MaskRow] = {}
    if read.kept_masks:
        known = await queries.select_known_masks(
            context.database,
            context.organization_id,
            project.id,
            data_row.id,
            [mask.feature_id for mask in read.kept_masks],
        )
    await _give_own_ids(context, project.id, read)
    masks = []
    for number, drawn in enumerate(read.drawn_masks):
        is_instance = drawn.tool == "raster-segmentation"
        masks.append(
            place_mask(
                project.id,
                drawn.target,
                drawn.feature_id,
                drawn.mask,
                composite_id if is_instance else None,
                len(known) + number,
            )
        )
    for kept in read.kept_masks:
        if kept.feature_id not in known:
            raise errors.Malformed(
                f"The mask of object {kept.feature_id} is not known here; send its run lengths instead of an address."
            )
    return CheckedLabel(read.document, masks)


async def _give_own_ids(context: Context, project_id: str, read: LabelDocument) -> None:
    """Gives a drawn mask another feature id where there is already one under its id.

    That one may be a pre-label's, another labeler's or another row's: what they are made of must not change.
    """
    if not read.drawn_masks:
        return
    taken = await queries.select_taken_masks(
        context.database,
        context.organization_id,
        project_id,
        [drawn.feature_id for drawn in read.drawn_masks],
    )
    renamed = {}
    for drawn in read.drawn_masks:
        if drawn.feature_id in taken:
            renamed[drawn.feature_id] = drawn.feature_id = drawn.target["feature_id"] = new_id()
    for entry in read.document["relationships"] if renamed else ():
        for kind in RELATIONSHIP_KINDS:
            if isinstance(ends := entry.get(kind), dict):
                entry[kind] = {
                    **ends,
                    **{end: renamed.get(ends[end], ends[end]) for end in ("source", "target")},
                }


def place_mask(
    project_id: str,
    target: dict[str, Any],
    feature_id: str,
    mask: Mask,
    composite_id: str | None,
    number: int,
) -> MaskRow:
    """Puts the address of a mask into its annotation; the row that keeps its pixels."""
    color = _color(number) if composite_id else [255, 255, 255]
    if composite_id:
        target.pop("mask", None)
        target["composite_mask"] = {
            "url": f"/api/v1/tasks/{project_id}/masks/{composite_id}/index/1",
            "color_rgb": color,
        }
    else:
        target["mask"] = {"url": f"/api/v1/projects/{project_id}/annotations/{feature_id}/index/1/mask"}
    return MaskRow(feature_id, mask.height, mask.width, mask.counts.decode(), color, composite_id)


def _color(number: int) -> list[int]:
    """Colours that differ clearly from their neighbours and never repeat among the first thousands."""
    hue = (number * _GOLDEN) % 1.0
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.55 + 0.45 * ((number // 97) % 2), 1 - 0.004 * (number % 97))
    return [round(red * 255), round(green * 255), round(blue * 255)]


async def insert_label(
    context: Context,
    *,
    project_id: str,
    data_row_id: str,
    checked: CheckedLabel,
    label_id: str,
    seconds: float,
    skipped: bool = False,
    text: str | None = None,
) -> bool:
    """Stores a new label of the caller, whom the action has permitted it; whether its row has other labels."""
    has_others = await queries.insert_label(
        context.database,
        context.organization_id,
        NewLabel(label_id, project_id, data_row_id, checked.text, text, skipped, seconds, context.user_id),
    )
    masks = [(data_row_id, mask) for mask in checked.masks]
    await queries.upsert_masks(context.database, context.organization_id, project_id, masks)
    await webhooks.notify(context, project_id, Topic.LABEL_CREATED, [label_id])
    return has_others


async def insert_labels(context: Context, labels: Sequence[NewLabel]) -> list[str]:
    """Stores many new labels at once, as an import makes them; those of their rows that have other labels."""
    shared = await queries.insert_labels(context.database, context.organization_id, labels)
    await _notify(context, Topic.LABEL_CREATED, [(label.project_id, label.id) for label in labels])
    return shared


async def store_masks(context: Context, *, project_id: str, masks: Sequence[tuple[str, MaskRow]]) -> None:
    """Keeps the pixels of masks, each with its data row."""
    await queries.upsert_masks(context.database, context.organization_id, project_id, masks)


async def rewrite_label(
    context: Context, label: LabelRecord, checked: CheckedLabel, *, seconds: float, skipped: bool = False
) -> bool:
    """Replaces a label's annotations; its author stays. Whether its row has other labels."""
    has_others = await queries.update_label(
        context.database,
        context.organization_id,
        label.id,
        {
            "annotations": checked.text,
            "label_text": None,
            "skipped": skipped,
            "seconds_to_label": label.seconds_to_label + seconds,
            "content_updated_at": context.now,
        },
    )
    masks = [(label.data_row_id, mask) for mask in checked.masks]
    await queries.upsert_masks(context.database, context.organization_id, label.project_id, masks)
    await webhooks.notify(context, label.project_id, Topic.LABEL_UPDATED, [label.id])
    return has_others


async def rewrite_labels(context: Context, project_id: str, documents: Mapping[str, str]) -> list[str]:
    """Replaces the annotations of many labels of a project; their rows that have other labels, too."""
    shared = await queries.update_annotations(context.database, context.organization_id, documents)
    await webhooks.notify(context, project_id, Topic.LABEL_UPDATED, list(documents))
    return shared


async def copy_masks(context: Context, source_id: str, project_id: str, copies: Sequence[MaskCopy]) -> None:
    """Keeps the masks of one project's objects a second time, under the ids of another project's objects."""
    if copies:
        await queries.copy_masks(context.database, context.organization_id, source_id, project_id, copies)


async def update_label(context: Context, *, label_id: str, text: str | None, seconds: float | None) -> bool:
    """Changes a label's text or seconds, the 2.4 way; whether its row has other labels (R-LB-12).

    Raises NotFound, NotPermitted.
    """
    label = await get_label(context, label_id)
    needed = Permission.LABEL if label.created_by == context.user_id else Permission.REVIEW
    await access.require_in_project(context, needed, label.project_id)
    values: dict[str, Any] = {}
    if text is not None:
        values |= {"label_text": text, "content_updated_at": context.now}
    if seconds is not None:
        values["seconds_to_label"] = seconds
    has_others = await queries.update_label(context.database, context.organization_id, label_id, values)
    await webhooks.notify(context, label.project_id, Topic.LABEL_UPDATED, [label_id])
    await projects.note_activity(context, label.project_id)
    return has_others


async def get_label(context: Context, label_id: str) -> LabelRecord:
    """One live label of the organization. Raises NotFound."""
    label = await queries.select_label(context.database, context.organization_id, label_id)
    if label is None:
        raise errors.NotFound(f"There is no label with id {label_id}.")
    return label


async def labels_of_rows(
    context: Context, *, project_id: str, data_row_ids: list[str]
) -> dict[str, list[LabelRecord]]:
    """Live labels by data row: the one that a reviewer has chosen, then the oldest first, skips last."""
    found: dict[str, list[LabelRecord]] = {}
    for label in await queries.select_labels_of_rows(
        context.database, context.organization_id, project_id, data_row_ids
    ):
        found.setdefault(label.data_row_id, []).append(label)
    return found


async def selected_labels(context: Context, project_id: str, data_row_ids: list[str]) -> dict[str, str]:
    """The label that stands for each row in a project: a reviewer's choice, else the first that is no skip.

    Raises NotFound for the project, NotPermitted.
    """
    await access.require_in_project(context, Permission.VIEW, project_id)
    await projects.get_project(context, project_id)
    found = await labels_of_rows(context, project_id=project_id, data_row_ids=data_row_ids)
    return {row: made[0].id for row, made in found.items() if not made[0].skipped}


async def masks_of(context: Context, *, project_id: str, feature_ids: list[str]) -> dict[str, Mask]:
    """The masks of objects by feature id, as far as they are known."""
    found = await queries.select_masks(context.database, context.organization_id, project_id, feature_ids)
    return {row.feature_id: Mask(row.height, row.width, row.counts.encode()) for row in found}


async def add_review_time(context: Context, label_ids: list[str], seconds: float) -> None:
    """Counts the time that a reviewer has spent."""
    await queries.add_review_time(context.database, context.organization_id, label_ids, seconds)


async def delete_labels(context: Context, label_ids: list[str]) -> list[tuple[str, str, str, bool]]:
    """Deletes labels; id, project, data row, skipped of each that was there. Raises NotPermitted."""
    for project_id in await queries.select_projects_of_labels(
        context.database, context.organization_id, label_ids
    ):
        await access.require_in_project(context, Permission.DELETE_LABELS, project_id)
    gone = await queries.delete_labels(context.database, context.organization_id, label_ids)
    await _notify(
        context, Topic.LABEL_DELETED, [(project_id, label_id) for label_id, project_id, _, _ in gone]
    )
    return gone


async def _notify(context: Context, topic: Topic, labels: Sequence[tuple[str, str]]) -> None:
    """Tells webhooks of labels, given with their projects."""
    by_project: dict[str, list[str]] = {}
    for project_id, label_id in labels:
        by_project.setdefault(project_id, []).append(label_id)
    for project_id, label_ids in by_project.items():
        await webhooks.notify(context, project_id, topic, label_ids)


async def count_labels(context: Context, project_ids: list[str]) -> dict[str, int]:
    """Live labels by project."""
    return await queries.count_labels(context.database, context.organization_id, project_ids)


async def mask_picture(context: Context, *, project_id: str, feature_id: str) -> bytes:
    """One object's mask as PNG, white on black. Raises NotFound."""
    await access.require_in_project(context, Permission.VIEW, project_id)
    found = await queries.select_mask(context.database, context.organization_id, project_id, feature_id)
    if found is None:
        raise errors.NotFound("There is no such mask.")
    return mask_png(Mask(found.height, found.width, found.counts.encode()))


async def composite_picture(context: Context, *, composite_id: str) -> bytes:
    """All instances of one label in their colours as PNG. Raises NotFound."""
    project_id = await queries.select_project_of_composite(
        context.database, context.organization_id, composite_id
    )
    if project_id is None:
        raise errors.NotFound("There is no such mask.")
    await access.require_in_project(context, Permission.VIEW, project_id)
    found = await queries.select_composite(context.database, context.organization_id, composite_id)
    layers = [
        (
            Mask(row.height, row.width, row.counts.encode()),
            (row.color_rgb[0], row.color_rgb[1], row.color_rgb[2]),
        )
        for row in found
    ]
    return composite_png(layers)


async def legacy_texts(context: Context, labels: Sequence[tuple[str, str | None, bool, bytes]]) -> list[str]:
    """Labels as 2.4 has them: project, the text that a client gave, skipped, annotations."""
    colors: dict[str, dict[str, str]] = {}
    texts = []
    for project_id, text, skipped, stored in labels:
        if text is None and not skipped and project_id not in colors:
            colors[project_id] = await tool_colors(context, project_id)
        texts.append(legacy_text(context, project_id, text, skipped, stored, colors.get(project_id, {})))
    return texts


def legacy_text(
    context: Context, project_id: str, text: str | None, skipped: bool, stored: bytes, colors: dict[str, str]
) -> str:
    """One label as 2.4 has it; `colors` are those of the project's tools."""
    if text is not None or skipped:
        return text if text is not None else "Skip"
    mask_url = functools.partial(mask_address, context, project_id)
    return orjson.dumps(legacy_label_document(decoded(stored), colors, mask_url)).decode()


async def tool_colors(context: Context, project_id: str) -> dict[str, str]:
    """The colour of each tool of a project's ontology, by feature schema id."""
    project = await projects.get_project(context, project_id)
    return {} if project.ontology_id is None else await ontologies.tool_colors(context, project.ontology_id)


def mask_address(context: Context, project_id: str, feature_id: str) -> str:
    """Where the picture of one object's mask is."""
    return f"{context.base_url}/api/v1/projects/{project_id}/annotations/{feature_id}/index/1/mask"
