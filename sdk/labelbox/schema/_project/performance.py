"""Project: labeler_performance, review_metrics, get_overview, get_label_count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from labelbox.exceptions import InvalidQueryError
from labelbox.orm import query
from labelbox.pagination import PaginatedCollection
from labelbox.schema._project.base import ProjectPart
from labelbox.schema.project_overview import ProjectOverview, ProjectOverviewDetailed
from labelbox.schema.review import Review
from labelbox.schema.user import User

PROJECT_LABELER_PERFORMANCE = """query ProjectLabelerPerformance($projectId: ID!) {
    project(where: {id: $projectId}) {
        labelerPerformance(skip: %%d, first: %%d) {
            count user { %s } secondsPerLabel totalTimeLabeling consensus averageBenchmarkAgreement
            lastActivityTime
        }
    }
}"""
PROJECT_REVIEW_METRICS = """query ProjectReviewMetrics($projectId: ID!, $netScore: NetScore) {
    project(where: {id: $projectId}) { reviewMetrics { labelAggregate(netScore: $netScore) { count } } }
}"""
PROJECT_WORKSTREAM_STATE_COUNTS = """query ProjectWorkstreamStateCounts(
    $projectId: ID!, $batchIds: [String!], $countInput: DataRowCountQueryInput
) {
    project(where: {id: $projectId}) {
        workstreamStateCounts(batchIds: $batchIds) { state count }
        taskQueues { queueType name dataRowCount(input: $countInput) }
        issues { totalCount }
        completedDataRowCount
    }
}"""
PROJECT_LABEL_COUNT = """query ProjectLabelCount($projectId: ID!) {
    project(where: {id: $projectId}) { labelCount }
}"""


class LabelerPerformance(NamedTuple):
    """What one labeler did in a project (R-PJ-38); agreements are between 0 and 100."""

    user: User
    count: int  # type: ignore[assignment]  # the reference's name hides the tuple's method
    seconds_per_label: float
    total_time_labeling: float
    consensus: float | None
    average_benchmark_agreement: float | None
    last_activity_time: datetime


_MOST_BATCHES = 1_000


class ProjectPerformance(ProjectPart):
    """How the work goes."""

    def labeler_performance(self) -> PaginatedCollection[LabelerPerformance]:
        """One LabelerPerformance for each user who made labels here (R-PJ-37)."""
        return PaginatedCollection(
            self.client,
            PROJECT_LABELER_PERFORMANCE % query.selection(User),
            {"projectId": self.uid},
            ["project", "labelerPerformance"],
            _labeler_performance,
        )

    def review_metrics(self, net_score: Review.NetScore | None) -> int:
        """How many labels have that net review score; None counts the labels without a review (R-PJ-41).

        Raises InvalidQueryError for anything but None and the members of Review.NetScore.
        """
        if net_score is not None and not isinstance(net_score, Review.NetScore):
            raise InvalidQueryError(
                f"Review metrics net score must be None or Review.NetScore, got {net_score!r}"
            )
        name = "None" if net_score is None else net_score.value
        metrics = self._in_project(PROJECT_REVIEW_METRICS, netScore=name)["reviewMetrics"]
        return int(metrics["labelAggregate"]["count"])

    def get_label_count(self) -> int:
        """The number of labels in the project (P-NL-01)."""
        return int(self._in_project(PROJECT_LABEL_COUNT)["labelCount"])

    def get_overview(
        self, details: bool = False, batch_ids: Iterable[str] | None = None
    ) -> ProjectOverview | ProjectOverviewDetailed:
        """Counts of data rows by state, of the whole project or of 1 to 1,000 batches.

        With `details` review and rework are counted by queue. Raises ValueError for too many batches and for
        anything but a list of ids.
        """
        batches = None if batch_ids is None else list(batch_ids)
        if batches is not None and not 1 <= len(batches) <= _MOST_BATCHES:
            raise ValueError(f"batch_ids takes 1 to {_MOST_BATCHES:,} ids, got {len(batches):,}")
        if isinstance(batch_ids, str) or not all(isinstance(each, str) for each in batches or []):
            raise ValueError(f"batch_ids must be a list of ids, got {batch_ids!r}")
        items = None if batches is None else [{"type": "batch", "operator": "is", "ids": batches}]
        counted = items and {"searchQuery": {"scope": {"projectId": self.uid}, "query": items}}
        found = self._in_project(
            PROJECT_WORKSTREAM_STATE_COUNTS, experimental=True, batchIds=batches, countInput=counted
        )
        states = {each["state"]: each["count"] for each in found["workstreamStateCounts"]}
        counts: dict[str, Any] = {
            "to_label": states.get("Unlabeled", 0),
            "in_review": states.get("InReview", 0),
            "in_rework": states.get("InRework", 0),
            "skipped": states.get("Skipped", 0),
            "done": states.get("Done", 0),
            "labeled": states.get("Labeled", 0),
            "total_data_rows": states.get("All", 0),
            "issues": found["issues"]["totalCount"] if batches is None else None,
        }
        if not details:
            return ProjectOverview(**counts)
        for state, kind in (("in_review", "MANUAL_REVIEW_QUEUE"), ("in_rework", "MANUAL_REWORK_QUEUE")):
            queues = [queue for queue in found["taskQueues"] if queue["queueType"] == kind]
            data = [{queue["name"]: queue["dataRowCount"]} for queue in queues]
            counts[state] = {"data": data, "total": counts[state]}
        return ProjectOverviewDetailed(**counts)


def _labeler_performance(client: Any, values: dict[str, Any]) -> LabelerPerformance:
    moment = datetime.fromisoformat(values["lastActivityTime"])
    return LabelerPerformance(
        user=User(client, values["user"]),
        count=values["count"],
        seconds_per_label=values["secondsPerLabel"],
        total_time_labeling=values["totalTimeLabeling"],
        consensus=values["consensus"],
        average_benchmark_agreement=values["averageBenchmarkAgreement"],
        last_activity_time=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
    )
