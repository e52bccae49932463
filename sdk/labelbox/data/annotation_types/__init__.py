"""Typed annotations of images: objects, answers, and the label that holds them (`import labelbox.types`)."""

from labelbox.data.annotation_types.annotation import ClassificationAnnotation, ObjectAnnotation
from labelbox.data.annotation_types.classification import Checklist, ClassificationAnswer, Radio, Text
from labelbox.data.annotation_types.collection import LabelGenerator
from labelbox.data.annotation_types.data import GenericDataRowData, MaskData
from labelbox.data.annotation_types.feature import CustomMetric, FeatureSchema
from labelbox.data.annotation_types.geometry import Geometry, Line, Mask, Point, Polygon, Rectangle
from labelbox.data.annotation_types.label import Label

__all__ = [
    "Checklist",
    "ClassificationAnnotation",
    "ClassificationAnswer",
    "CustomMetric",
    "FeatureSchema",
    "GenericDataRowData",
    "Geometry",
    "Label",
    "LabelGenerator",
    "Line",
    "Mask",
    "MaskData",
    "ObjectAnnotation",
    "Point",
    "Polygon",
    "Radio",
    "Rectangle",
    "Text",
]
