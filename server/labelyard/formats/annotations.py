"""The label document (docs/wire/labeling.md): what an editor sends, checked against its ontology and its
asset.

What comes out is complete: ids, names, values and kinds are filled in, shapes fit the picture, polygons are
closed. Members that we do not know are kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from labelyard.formats.feature_index import FeatureIndex, Level, OptionFeature, ToolFeature
from labelyard.formats.geometry import Size, fit_box, fit_line, fit_point, fit_polygon
from labelyard.formats.masks import Mask, check_color, mask_area, mask_from_counts
from labelyard.formats.refusals import AnnotationRefused

# tool -> annotation kind, geometry key (image media)
IMAGE_KINDS = {
    "rectangle": ("ImageBoundingBox", "bounding_box"),
    "polygon": ("ImagePolygon", "polygon"),
    "line": ("ImagePolyline", "line"),
    "point": ("ImagePoint", "point"),
    "superpixel": ("ImageSegmentationMask", "mask"),
    "raster-segmentation": ("ImageSegmentationMask", "composite_mask"),
}
GEOMETRY_KEYS = ("bounding_box", "polygon", "line", "point", "mask", "composite_mask")
RELATIONSHIP_KINDS = {
    "unidirectional_relationship": "UnidirectionalRelationship",
    "bidirectional_relationship": "BidirectionalRelationship",
}

_FEATURE_ID = re.compile(r"c[a-z0-9]{24}")


@dataclass(slots=True)
class DrawnMask:
    """A mask that came with the document. Store it, then put its address into `target`, the document's
    object.
    """

    feature_id: str
    tool: str
    mask: Mask
    target: dict[str, Any]


@dataclass(slots=True)
class KeptMask:
    """A mask that was sent back unchanged, by its address; the caller knows whether it is this label's
    own.
    """

    feature_id: str
    url: str
    target: dict[str, Any]


@dataclass(slots=True)
class LabelDocument:
    """A checked label document and the masks in it."""

    document: dict[str, Any]
    drawn_masks: list[DrawnMask] = field(default_factory=list)
    kept_masks: list[KeptMask] = field(default_factory=list)


def empty_document() -> dict[str, Any]:
    """A label without annotations."""
    return {"objects": [], "classifications": [], "relationships": []}


def read_label_document(
    document: object,
    index: FeatureIndex,
    *,
    new_id: Callable[[], str],
    size: Size | None = None,
    media_type: str = "IMAGE",
    require_answers: bool = False,
) -> LabelDocument:
    """Check and complete a label document.

    `size` is the upright picture's (width, height), None when it is not known. With `require_answers` a
    required question without an answer is refused. Raises `AnnotationRefused` with a sentence that names the
    object.
    """
    return _Reader(index, new_id, size, media_type, require_answers).read(document)


class _Reader:
    def __init__(
        self,
        index: FeatureIndex,
        new_id: Callable[[], str],
        size: Size | None,
        media_type: str,
        require_answers: bool,
    ) -> None:
        self._index = index
        self._new_id = new_id
        self._size = size
        self._media_type = media_type.upper()
        self._require_answers = require_answers
        self._seen: set[str] = set()
        self._read = LabelDocument({})

    def read(self, document: object) -> LabelDocument:
        if not isinstance(document, dict):
            raise AnnotationRefused("WrongType", "The annotations are not a JSON object.")
        objects = [self._object(entry, n) for n, entry in enumerate(_list(document, "objects"))]
        found = {entry["feature_id"]: entry["feature_schema_id"] for entry in objects}
        self._read.document = {
            **document,
            "objects": objects,
            "classifications": self._classifications(
                _list(document, "classifications"), self._index.classifications, "the label"
            ),
            "relationships": [
                self._relationship(entry, n, found)
                for n, entry in enumerate(_list(document, "relationships"))
            ],
        }
        return self._read

    def _object(self, entry: object, number: int) -> dict[str, Any]:
        if not isinstance(entry, dict):
            raise AnnotationRefused("WrongType", f"Object {number + 1} is not a JSON object.")
        where = f"Object {entry.get('feature_id') or number + 1}"
        tool = self._tool(entry, where)
        where = f"{where} ({tool.name!r})"
        if self._media_type != "IMAGE" or tool.tool not in IMAGE_KINDS:
            raise AnnotationRefused(
                "MediaMismatch", f"{where}: a {tool.tool} cannot be drawn on {self._media_type} data."
            )
        kind, key = IMAGE_KINDS[tool.tool]
        feature_id = self._feature_id(entry, where)
        read = {
            **entry,
            "feature_id": feature_id,
            "feature_schema_id": tool.id,
            "name": tool.name,
            "value": tool.slug,
            "annotation_kind": kind,
            "classifications": self._classifications(
                _list(entry, "classifications"), tool.classifications, where
            ),
        }
        given = [name for name in GEOMETRY_KEYS if entry.get(name) is not None]
        expected = ("mask", "composite_mask") if kind == "ImageSegmentationMask" else (key,)
        if len(given) != 1 or given[0] not in expected:
            raise AnnotationRefused(
                "InvalidGeometry",
                f"{where}: a {tool.tool} needs {' or '.join(expected)}, "
                f"not {' and '.join(given) or 'nothing'}.",
            )
        for name in GEOMETRY_KEYS:
            if name not in given:
                read.pop(name, None)
        try:
            self._geometry(read, given[0], tool.tool)
        except AnnotationRefused as refusal:
            raise AnnotationRefused(refusal.name, f"{where}: {refusal.message}.") from None
        return read

    def _geometry(self, read: dict[str, Any], key: str, tool: str) -> None:
        value = read[key]
        match key:
            case "bounding_box":
                top, left, height, width = (
                    _number(value, side) for side in ("top", "left", "height", "width")
                )
                read[key] = fit_box(top, left, height, width, self._size)
            case "polygon":
                read[key] = fit_polygon(*_points(value), self._size)
            case "line":
                read[key] = fit_line(*_points(value), self._size)
            case "point":
                read[key] = fit_point(_number(value, "x"), _number(value, "y"), self._size)
            case _:
                self._mask(read, key, value, tool)

    def _mask(self, read: dict[str, Any], key: str, value: object, tool: str) -> None:
        if not isinstance(value, dict):
            raise AnnotationRefused("WrongType", f"the {key} is not a JSON object")
        if isinstance(value.get("url"), str):
            if key == "composite_mask":
                check_color(value.get("color_rgb"))
            self._read.kept_masks.append(KeptMask(read["feature_id"], value["url"], read))
            return
        mask = mask_from_counts(value.get("size"), value.get("counts"))
        check_mask(mask, self._size)
        del read[key]
        self._read.drawn_masks.append(DrawnMask(read["feature_id"], tool, mask, read))

    def _tool(self, entry: dict[str, Any], where: str) -> ToolFeature:
        schema_id, name = entry.get("feature_schema_id"), entry.get("name")
        tool = self._index.tools.get(schema_id) if schema_id else self._index.tools_by_name.get(str(name))
        if tool is None:
            raise AnnotationRefused(
                "UnknownSchema", f"{where}: {schema_id or name!r} is no tool of this project's ontology."
            )
        return tool

    def _feature_id(self, entry: dict[str, Any], where: str) -> str:
        given = entry.get("feature_id")
        feature_id = self._new_id() if given is None else given
        if not isinstance(feature_id, str) or (given is not None and not _FEATURE_ID.fullmatch(feature_id)):
            raise AnnotationRefused("WrongType", f"{where}: {given!r} is not a feature id (25 characters).")
        if feature_id in self._seen:
            raise AnnotationRefused("DuplicateId", f"{where}: the feature id {feature_id} is used twice.")
        self._seen.add(feature_id)
        return feature_id

    def _classifications(self, entries: list[Any], level: Level, where: str) -> list[dict[str, Any]]:
        read = [self._classification(entry, level, where) for entry in entries]
        answered = [entry["feature_schema_id"] for entry in read]
        if len(set(answered)) != len(answered):
            twice = next(entry["name"] for entry in read if answered.count(entry["feature_schema_id"]) > 1)
            raise AnnotationRefused("DuplicateAnswer", f"{where}: the question {twice!r} is answered twice.")
        if self._require_answers:
            for question in level.required:
                if question.id not in answered:
                    raise AnnotationRefused(
                        "MissingAnswer", f"{where}: the required question {question.name!r} has no answer."
                    )
        return read

    def _classification(self, entry: object, level: Level, where: str) -> dict[str, Any]:
        if not isinstance(entry, dict):
            raise AnnotationRefused("WrongType", f"{where}: a classification is not a JSON object.")
        schema_id, name = entry.get("feature_schema_id"), entry.get("name")
        question = level.by_id.get(schema_id) if schema_id else level.by_name.get(str(name))
        if question is None:
            raise AnnotationRefused(
                "UnknownSchema",
                f"{where}: {schema_id or name!r} is no question of the ontology at this place.",
            )
        where = f"{where}, question {question.name!r}"
        read = {
            **entry,
            "feature_id": self._feature_id(entry, where),
            "feature_schema_id": question.id,
            "name": question.name,
            "value": question.slug,
        }
        if question.kind == "text":
            answer = entry.get("text_answer")
            if not isinstance(answer, dict) or not isinstance(answer.get("content"), str):
                raise AnnotationRefused("WrongType", f"{where}: a text_answer with a content is needed.")
        elif question.kind == "radio":
            read["radio_answer"] = self._answer(entry.get("radio_answer"), question.options, question, where)
        else:
            answers = entry.get("checklist_answers")
            if not isinstance(answers, list) or not answers:
                raise AnnotationRefused(
                    "EmptyAnswers", f"{where}: checklist_answers with an entry are needed."
                )
            checked = [self._answer(one, question.options, question, where) for one in answers]
            chosen = [one["feature_schema_id"] for one in checked]
            if len(set(chosen)) != len(chosen):
                raise AnnotationRefused("DuplicateOption", f"{where}: an option is chosen twice.")
            read["checklist_answers"] = checked
        return read

    def _answer(
        self, entry: object, options: dict[str, OptionFeature], question: Any, where: str
    ) -> dict[str, Any]:
        if not isinstance(entry, dict):
            raise AnnotationRefused("WrongType", f"{where}: an answer is missing or is not a JSON object.")
        schema_id, name = entry.get("feature_schema_id"), entry.get("name")
        option = options.get(schema_id) if schema_id else question.options_by_name.get(str(name))
        if option is None:
            raise AnnotationRefused(
                "UnknownOption", f"{where}: {schema_id or name!r} is none of its options."
            )
        return {
            **entry,
            "feature_id": self._feature_id(entry, where),
            "feature_schema_id": option.id,
            "name": option.name,
            "value": option.slug,
            "classifications": self._classifications(
                _list(entry, "classifications"), option.classifications, f"{where}, option {option.name!r}"
            ),
        }

    def _relationship(self, entry: object, number: int, objects: dict[str, str]) -> dict[str, Any]:
        if not isinstance(entry, dict):
            raise AnnotationRefused("WrongType", f"Relationship {number + 1} is not a JSON object.")
        where = f"Relationship {entry.get('feature_id') or number + 1}"
        tool = self._tool(entry, where)
        keys = [key for key in RELATIONSHIP_KINDS if isinstance(entry.get(key), dict)]
        if tool.tool != "edge" or len(keys) != 1:
            raise AnnotationRefused(
                "WrongType",
                f"{where}: a relationship tool and one direction with source and target are needed.",
            )
        source, target = (entry[keys[0]].get(end) for end in ("source", "target"))
        for end in (source, target):
            if end not in objects:
                raise AnnotationRefused(
                    "UnknownReference", f"{where}: there is no object {end!r} in this label."
                )
        check_constraint(tool, objects[source], objects[target], where)
        return {
            **entry,
            "feature_id": self._feature_id(entry, where),
            "feature_schema_id": tool.id,
            "name": tool.name,
            "value": tool.slug,
            "annotation_kind": RELATIONSHIP_KINDS[keys[0]],
            "classifications": self._classifications(
                _list(entry, "classifications"), tool.classifications, where
            ),
        }


def check_mask(mask: Mask, size: Size | None) -> None:
    """Raise `AnnotationRefused` unless the mask has its picture's size and at least one pixel."""
    if size is not None and (mask.width, mask.height) != size:
        raise AnnotationRefused(
            "InvalidGeometry",
            f"the mask has {mask.width} x {mask.height} pixels, but the picture {size[0]} x {size[1]}",
        )
    if mask_area(mask) == 0:
        raise AnnotationRefused("InvalidGeometry", "the mask is empty")


def check_constraint(tool: ToolFeature, source_schema: str, target_schema: str, where: str) -> None:
    """Raise `AnnotationRefused` when a relationship tool does not join these two tools."""
    if tool.constraints is not None and (source_schema, target_schema) not in tool.constraints:
        raise AnnotationRefused("ToolMismatch", f"{where}: {tool.name!r} does not join these two tools.")


def _list(document: dict[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise AnnotationRefused("WrongType", f"`{key}` is not a list.")
    return value


def _number(value: object, key: str) -> float:
    number = value.get(key) if isinstance(value, dict) else None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise AnnotationRefused("WrongType", f"the number `{key}` is missing")
    return number


def _points(value: object) -> tuple[list[float], list[float]]:
    if not isinstance(value, list):
        raise AnnotationRefused("WrongType", "the points are not a list")
    return [_number(point, "x") for point in value], [_number(point, "y") for point in value]
