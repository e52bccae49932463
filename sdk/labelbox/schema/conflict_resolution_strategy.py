"""ConflictResolutionStrategy: which answer wins when sent labels meet existing ones (P-CP-06 to P-CP-09)."""

from enum import StrEnum


class ConflictResolutionStrategy(StrEnum):
    """What happens to a classification that the data row in the destination already has."""

    KeepExisting = "KEEP_EXISTING"
    OverrideWithPredictions = "OVERRIDE_WITH_PREDICTIONS"
    OverrideWithAnnotations = "OVERRIDE_WITH_ANNOTATIONS"
