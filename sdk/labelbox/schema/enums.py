"""Enumerations of the wire that belong to no single class."""

from enum import Enum


class BulkImportRequestState(Enum):
    """State of an annotation import job (R-EN-01)."""

    RUNNING = "RUNNING"
    FAILED = "FAILED"
    FINISHED = "FINISHED"


class AnnotationImportState(Enum):
    """State of a label or pre-label import job."""

    RUNNING = "RUNNING"
    FAILED = "FAILED"
    FINISHED = "FINISHED"


class CollectionJobStatus(Enum):
    """Outcome of a call over many global keys."""

    SUCCESS = "SUCCESS"
    PARTIAL_SUCCESS = "PARTIAL SUCCESS"
    FAILURE = "FAILURE"
