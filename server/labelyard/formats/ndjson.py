"""Annotation NDJSON, line by line: decode, check against the ontology, turn into the label document's
annotations.

For IMAGE projects, and for global classifications of every media type (reference/import-ndjson.md 2 to 4).
One line at a time: `decode_line`, then `AnnotationReader.check` with the data rows that the lines name, at
the end `AnnotationReader.finish` for relationships, which may name later lines.
"""

import base64
import binascii
import uuid as uuids
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from msgspec import UNSET

from labelyard.formats.annotations import IMAGE_KINDS, check_constraint, check_mask
from labelyard.formats.feature_index import ClassificationFeature, FeatureIndex, ToolFeature
from labelyard.formats.geometry import fit_box, fit_line, fit_point, fit_polygon
from labelyard.formats.masks import (
    Mask,
    Rgb,
    check_color,
    mask_from_counts,
    mask_from_png,
    masks_from_composite,
)
from labelyard.formats.ndjson_answers import NewId, check_confidence, read_answer, read_classifications
from labelyard.formats.ndjson_lines import (
    Accepted,
    DataRowRef,
    ImportRow,
    Line,
    MaskAtUrl,
    MaskForm,
    Refused,
    RowLookup,
)
from labelyard.formats.refusals import AnnotationRefused

MAX_LINES_PER_CLASS = 5_000

_End = tuple[str, str, str]  # an accepted object: data row, feature id, feature schema id


def resolve_composite(data: bytes, wanted: Iterable[MaskAtUrl], row: ImportRow) -> dict[Rgb, Mask]:
    """The masks of one fetched PNG. Raises `AnnotationRefused` when one of them is unusable."""
    found = dict(masks_from_composite(data, [mask.color for mask in wanted]))
    for mask in found.values():
        check_mask(mask, _size(row))
    return found


@dataclass(slots=True)
class AnnotationReader:
    """Checks the lines of one job, in order.

    `keep_scores`: confidence and custom metrics are checked and kept (model runs) instead of ignored. `seen`
    may be filled with the uuids of lines that an earlier run of the job has done.
    """

    index: FeatureIndex
    new_id: NewId
    media_type: str = "IMAGE"
    keep_scores: bool = False
    seen: set[str] = field(default_factory=set)
    _per_class: dict[tuple[str, str], int] = field(default_factory=dict)
    _objects: dict[str, _End] = field(default_factory=dict)
    _relationships: list[tuple[Line, Accepted, ToolFeature]] = field(default_factory=list)
    _has_edges: bool = False

    def __post_init__(self) -> None:
        self._has_edges = any(tool.tool == "edge" for tool in self.index.tools.values())

    def remember(self, uuid: str, data_row_id: str, schema_id: str, object_id: str | None) -> None:
        """Take over an annotation that an earlier run of the job has accepted; `object_id` is the feature id
        of an object, None for an answer.
        """
        self.seen.add(uuid)
        key = (data_row_id, schema_id)
        self._per_class[key] = self._per_class.get(key, 0) + 1
        if object_id is not None and self._has_edges:
            self._objects[uuid] = (data_row_id, object_id, schema_id)

    def check(self, line: Line | Refused, position: int, rows: RowLookup) -> Accepted | Refused | None:
        """What becomes of a decoded line; None for a relationship, which `finish` decides."""
        if isinstance(line, Refused):
            return line
        try:
            return self._check(line, position, rows)
        except AnnotationRefused as refusal:
            message = refusal.message[:1].upper() + refusal.message[1:]
            if not message.endswith("."):
                message += "."
            return Refused(position, line.uuid, line.dataRow, refusal.name, message)

    def _check(self, line: Line, position: int, rows: RowLookup) -> Accepted | None:
        uuid = line.uuid
        if uuid is None:
            uuid = str(uuids.uuid4())
        elif uuid in self.seen:
            raise AnnotationRefused("DuplicateUuid", f"The uuid {uuid!r} is used by an earlier line.")
        self.seen.add(uuid)
        ref = line.dataRow
        if ref is None:
            raise AnnotationRefused("MissingField", "The line has no dataRow.")
        if bool(ref.id) == bool(ref.globalKey):
            raise AnnotationRefused("AmbiguousDataRow", "The dataRow needs either an id or a globalKey.")
        row = rows.by_id.get(ref.id) if ref.id else rows.by_global_key.get(ref.globalKey or "")
        if row is None:
            raise AnnotationRefused(
                "UnknownDataRow", f"The data row {ref.id or ref.globalKey!r} is not in this project."
            )
        benchmark = line.isBenchmarkReferenceLabel is True
        if line.relationship is not None:
            self._relationship(line, position, uuid, ref, row, benchmark)
            return None
        if line.answer is not UNSET or line.answers is not UNSET:
            question, annotation = self._classification(line)
            self._count(row.id, question.id, question.name)
            return Accepted(position, uuid, ref, row.id, "classification", annotation, None, benchmark)
        tool, annotation, mask = self._object(line, row)
        self._count(row.id, tool.id, tool.name)
        accepted = Accepted(position, uuid, ref, row.id, "object", annotation, mask, benchmark)
        if self._has_edges:
            self._objects[uuid] = (row.id, annotation["feature_id"], tool.id)
        return accepted

    def finish(self, accepted: Callable[[str], bool] = lambda _: True) -> list[Accepted | Refused]:
        """Decide the relationships; `accepted(uuid)` says whether a line that was accepted here still
        stands.
        """
        outcomes: list[Accepted | Refused] = []
        for line, pending, tool in self._relationships:
            try:
                outcomes.append(self._join(line, pending, tool, accepted))
            except AnnotationRefused as refusal:
                outcomes.append(
                    Refused(pending.position, pending.uuid, pending.ref, refusal.name, refusal.message)
                )
        self._relationships.clear()
        return outcomes

    def _count(self, row_id: str, schema_id: str, name: str) -> None:
        key = (row_id, schema_id)
        count = self._per_class.get(key, 0) + 1
        if count > MAX_LINES_PER_CLASS:
            raise AnnotationRefused(
                "LimitExceeded",
                f"There are more than {MAX_LINES_PER_CLASS:,} lines for {name!r} on one data row.",
            )
        self._per_class[key] = count

    def _tool(self, line: Line) -> ToolFeature:
        tool = self.index.tools.get(line.schemaId) if line.schemaId else None
        if tool is None and line.schemaId is None and line.name is not None:
            tool = self.index.tools_by_name.get(line.name)
        if tool is not None and (line.name is None or line.name == tool.name):
            return tool
        if line.schemaId is None and line.name is None:
            raise AnnotationRefused("MissingField", "The line has neither schemaId nor name.")
        level = self.index.classifications
        if line.schemaId in level.by_id or (line.schemaId is None and line.name in level.by_name):
            raise AnnotationRefused(
                "ToolMismatch", f"{line.name or line.schemaId!r} is a question, not a tool."
            )
        raise AnnotationRefused(
            "UnknownSchema", f"{line.schemaId or line.name!r} is no tool of this project's ontology."
        )

    def _object(
        self, line: Line, row: ImportRow
    ) -> tuple[ToolFeature, dict[str, Any], Mask | MaskAtUrl | None]:
        bbox, polygon, points, point, drawn = line.bbox, line.polygon, line.line, line.point, line.mask
        other = _other_kind(line)
        shapes = (
            (bbox is not None)
            + (polygon is not None)
            + (points is not None)
            + (point is not None)
            + (drawn is not None)
        )
        if shapes == 0 and other is None:
            raise AnnotationRefused("MissingField", "The line has no geometry and no answer.")
        if shapes + (other is not None) > 1:
            raise AnnotationRefused("ExtraField", "The line has more than one geometry.")
        if other is not None:
            raise AnnotationRefused(
                "MediaMismatch", f"{other!r} cannot be imported for {self.media_type} data rows."
            )
        tool = self._tool(line)
        if self.media_type != "IMAGE" or tool.tool not in IMAGE_KINDS:
            raise AnnotationRefused(
                "MediaMismatch",
                f"The {tool.tool} {tool.name!r} cannot be imported for {self.media_type} data rows.",
            )
        kind = tool.tool
        size = _size(row)
        key, geometry, mask = "", None, None  # type: str, Any, Mask | MaskAtUrl | None
        if bbox is not None and kind == "rectangle":
            key, geometry = "bounding_box", fit_box(bbox.top, bbox.left, bbox.height, bbox.width, size)
        elif polygon is not None and kind == "polygon":
            key, geometry = "polygon", fit_polygon([at.x for at in polygon], [at.y for at in polygon], size)
        elif points is not None and kind == "line":
            key, geometry = "line", fit_line([at.x for at in points], [at.y for at in points], size)
        elif point is not None and kind == "point":
            key, geometry = "point", fit_point(point.x, point.y, size)
        elif drawn is not None and kind in ("superpixel", "raster-segmentation"):
            mask = _read_mask(drawn, row)
        else:
            raise AnnotationRefused("ToolMismatch", f"{tool.name!r} is a {kind}, which has another geometry.")
        annotation = {
            "feature_id": self.new_id(),
            "feature_schema_id": tool.id,
            "name": tool.name,
            "value": tool.slug,
            "annotation_kind": IMAGE_KINDS[kind][0],
            "classifications": read_classifications(
                line.classifications, tool.classifications, tool.name, self.new_id, self.keep_scores
            )
            if line.classifications
            else [],
        }
        if key:
            annotation[key] = geometry
        if self.keep_scores:
            annotation.update(check_confidence(line.confidence, line.customMetrics))
        return tool, annotation, mask

    def _classification(self, line: Line) -> tuple[ClassificationFeature, dict[str, Any]]:
        level = self.index.classifications
        question = level.by_id.get(line.schemaId) if line.schemaId else level.by_name.get(line.name or "")
        if question is None or (line.schemaId and line.name and level.by_name.get(line.name) is not question):
            if line.schemaId is None and line.name is None:
                raise AnnotationRefused("MissingField", "The line has neither schemaId nor name.")
            if line.schemaId in self.index.tools or (
                not line.schemaId and line.name in self.index.tools_by_name
            ):
                raise AnnotationRefused(
                    "ToolMismatch", f"{line.name or line.schemaId!r} is a tool, not a question."
                )
            raise AnnotationRefused(
                "UnknownSchema", f"{line.schemaId or line.name!r} is no question of this project's ontology."
            )
        if line.frames is not None or question.scope == "index" or line.messageId is not None:
            self._refuse_index_scope(line, question)
        annotation = read_answer(
            question, line.answer, line.answers, line.classifications, self.new_id, self.keep_scores
        )
        if self.keep_scores:
            annotation.update(check_confidence(line.confidence, line.customMetrics))
        return question, annotation

    def _refuse_index_scope(self, line: Line, question: ClassificationFeature) -> None:
        for span in line.frames or ():
            if span.start > span.end:
                raise AnnotationRefused("OutOfRange", f"The frames {span.start} to {span.end} run backwards.")
        if question.scope == "index" and self.media_type == "CONVERSATIONAL" and line.messageId is None:
            raise AnnotationRefused("MissingField", f"The question {question.name!r} needs a messageId.")
        raise AnnotationRefused(
            "NotSupported", f"Answers of {question.name!r} for a part of the asset cannot be imported."
        )

    def _relationship(
        self, line: Line, position: int, uuid: str, ref: DataRowRef, row: ImportRow, benchmark: bool
    ) -> None:
        tool = self._tool(line)
        if tool.tool != "edge":
            raise AnnotationRefused("ToolMismatch", f"{tool.name!r} is a {tool.tool}, not a relationship.")
        relationship = line.relationship
        assert relationship is not None
        if relationship.source is not None and relationship.sourceOntologyName is not None:
            raise AnnotationRefused("DataConflict", "A relationship has either source or sourceOntologyName.")
        if relationship.source is None:
            raise AnnotationRefused("MissingField", "The relationship has no source.")
        pending = Accepted(position, uuid, ref, row.id, "relationship", {}, None, benchmark)
        self._relationships.append((line, pending, tool))

    def _join(
        self, line: Line, pending: Accepted, tool: ToolFeature, accepted: Callable[[str], bool]
    ) -> Accepted:
        relationship = line.relationship
        assert relationship is not None
        ends = []
        for uuid in (relationship.source or "", relationship.target):
            end = self._objects.get(uuid)
            if end is None or end[0] != pending.data_row_id or not accepted(uuid):
                raise AnnotationRefused(
                    "UnknownReference", f"No accepted object of this data row has the uuid {uuid!r}."
                )
            ends.append(end)
        (_, source, source_schema), (_, target, target_schema) = ends
        check_constraint(tool, source_schema, target_schema, "The relationship")
        pending.annotation = {
            "feature_id": self.new_id(),
            "feature_schema_id": tool.id,
            "name": tool.name,
            "value": tool.slug,
            "annotation_kind": f"{relationship.type.capitalize()}Relationship",
            "classifications": [],
            f"{relationship.type}_relationship": {
                "source": source,
                "target": target,
            },
        }
        if relationship.readonly is not None:
            pending.annotation["readonly"] = relationship.readonly
        return pending


def _size(row: ImportRow) -> tuple[int, int] | None:
    return None if row.width is None or row.height is None else (row.width, row.height)


def _other_kind(line: Line) -> str | None:
    """The kind of annotation of another media type that the line carries."""
    if line.location is not None:
        if line.location.start < 0 or line.location.end < line.location.start:
            raise AnnotationRefused("OutOfRange", "The location must have 0 <= start <= end.")
        return "location"
    if line.textSelections is not None:
        return "textSelections"
    if line.segments is not None:
        return "segments"
    if line.masks is not None:
        return "masks"
    if line.messageEvaluationTask is not None:
        return "messageEvaluationTask"
    return "metricValue" if line.metricValue is not None else None


def _read_mask(given: MaskForm, row: ImportRow) -> Mask | MaskAtUrl:
    if given.instanceURI is not None:
        if given.colorRGB is None:
            raise AnnotationRefused("MissingField", "The mask has no colorRGB.")
        if not given.instanceURI.lower().startswith(("http://", "https://")):
            raise AnnotationRefused(
                "WrongType", f"The mask's instanceURI {given.instanceURI!r} is not a URL."
            )
        return MaskAtUrl(given.instanceURI, check_color(given.colorRGB))
    if given.size is not None or given.counts is not None:
        mask = mask_from_counts(given.size, given.counts, pad=True)
    elif given.png is not None:
        mask = mask_from_png(_bytes(given.png, "png"))
    elif given.imBytes is not None:
        color = check_color(given.colorRGB)
        mask = masks_from_composite(_bytes(given.imBytes, "imBytes"), [color])[color]
    else:
        raise AnnotationRefused("MissingField", "The mask has neither instanceURI, png, imBytes nor counts.")
    check_mask(mask, _size(row))
    return mask


def _bytes(text: str, key: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise AnnotationRefused("WrongType", f"The mask's {key} is not base64.") from None
