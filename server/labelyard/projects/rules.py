"""What a project may be like."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.projects.records import ProjectRecord

# what clients say -> what is kept
MEDIA_TYPES = {"DOCUMENT": "PDF", "GEOSPATIAL_TILE": "TMS_GEO", "SIMPLE_TILE": "TMS_SIMPLE"}
LONGEST_NAME = 20_000
MOST_LABELS = 1_000  # of one row: each of them has a place of its own in the queue
RESTORABLE_DAYS = 30  # how long after its deletion the operator can take it back


def check_name(name: str | None) -> str:
    """The name. Raises Malformed when it is blank."""
    if name is None or not name.strip():
        raise errors.Malformed("project name must be a valid string")
    if len(name) > LONGEST_NAME:
        raise errors.Malformed(f"A project name has at most {LONGEST_NAME} characters, not {len(name)}.")
    return name


def media_type(given: str | None) -> str | None:
    """The media type as it is kept: one name where clients have two."""
    return MEDIA_TYPES.get(given, given) if given else None


def check_number_of_labels(name: str, number: int) -> None:
    """Raises Malformed for a row that is to have no label, or more than there is place for."""
    if number < 1:
        raise errors.Malformed(f"{name} must be at least 1, not {number}.")
    if number > MOST_LABELS:
        raise errors.Malformed(f"{name} must be at most {MOST_LABELS}, not {number}.")


def quality_columns(given: dict[str, Any]) -> dict[str, Any]:
    """Labels per row and share of consensus rows (queue.md 7). Raises Malformed out of range."""
    columns: dict[str, Any] = {}
    number = given.get("auto_audit_number_of_labels")
    share = given.get("auto_audit_percentage")
    if number is not None:
        check_number_of_labels("auto_audit_number_of_labels", number)
        columns["auto_audit_number_of_labels"] = number
    if share is not None:
        if not 0 <= share <= 1:
            raise errors.Malformed(f"auto_audit_percentage must be between 0 and 1, not {share}.")
        columns["auto_audit_percentage"] = share
    for flag in ("is_benchmark_enabled", "is_consensus_enabled"):
        if given.get(flag) is not None:
            columns[flag] = given[flag]
    return columns


def chosen_quality_modes(given: dict[str, Any]) -> dict[str, bool]:
    """The modes of a new project. Who chooses one has not chosen the other: 3.x names only those that are on."""
    flags = ("is_benchmark_enabled", "is_consensus_enabled")
    if all(given.get(flag) is None for flag in flags):
        return {}
    return {flag: bool(given.get(flag)) for flag in flags}


def switches_mode(project: ProjectRecord, columns: dict[str, Any]) -> bool:
    """Whether these numbers are another quality mode's, in a project that was given one (queue.md 7).

    One label of every row stands for benchmarks, all else for consensus.
    """
    if project.is_benchmark_enabled is None and project.is_consensus_enabled is None:
        return False
    before = (project.auto_audit_number_of_labels, project.auto_audit_percentage)
    after = (
        columns.get("auto_audit_number_of_labels", before[0]),
        columns.get("auto_audit_percentage", before[1]),
    )
    return (before == (1, 1)) != (after == (1, 1))


def takes_several_labels(project: ProjectRecord) -> bool:
    """Whether a row may be given a number of labels of its own: not in a project that has benchmarks only."""
    return bool(project.is_consensus_enabled or not project.is_benchmark_enabled)


def check_ontology_fits(project_media: str | None, ontology_media: str | None) -> None:
    """Raises Malformed when an ontology is for another media type than the project."""
    if not project_media or not ontology_media or ontology_media == "UNKNOWN":
        return
    if media_type(ontology_media) != project_media:
        raise errors.Malformed(
            f"The ontology is for {ontology_media} and cannot be connected to a project for {project_media}."
        )
