"""Answers to the questions of an ontology."""

from labelbox.data.annotation_types.classification.classification import (
    Checklist,
    ClassificationAnswer,
    Radio,
    Text,
)

__all__ = ["Checklist", "ClassificationAnswer", "Radio", "Text"]
