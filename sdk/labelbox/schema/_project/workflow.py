"""Project: task queues, moves, priorities, reservations and the review queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import InvalidQueryError
from labelbox.orm import query
from labelbox.schema._project.base import ProjectPart
from labelbox.schema.data_row import DataRow
from labelbox.schema.identifiable import Identifiable, UniqueId
from labelbox.schema.identifiables import Identifiables, identifiables_of
from labelbox.schema.task import wait_for
from labelbox.schema.task_queue import TaskQueue
from labelbox.schema.workflow import Workflow

if TYPE_CHECKING:
    LabelingParameterOverrideTuple = tuple[Any, ...]

PROJECT_TASK_QUEUES = """query ProjectTaskQueues($projectId: ID!) {
    project(where: {id: $projectId}) { taskQueues { %s } }
}"""
CREATE_BULK_ADD_ROWS_TO_QUEUE_TASK = """mutation CreateBulkAddRowsToQueueTask(
    $projectId: ID!, $data: BulkAddRowsToQueueInput!
) {
    project(where: {id: $projectId}) { createBulkAddRowsToQueueTask(data: $data) { taskId } }
}"""
SET_LABELING_PARAMETER_OVERRIDES = """mutation SetLabelingParameterOverrides(
    $projectId: ID!, $data: [LabelingParameterOverrideInput!],
    $named: [LabelingParameterOverrideByIdentifierInput!]
) {
    project(where: {id: $projectId}) {
        setLabelingParameterOverrides(data: $data, dataWithDataRowIdentifiers: $named) { success }
    }
}"""
UNSET_LABELING_PARAMETER_OVERRIDES = """mutation UnsetLabelingParameterOverrides(
    $projectId: ID!, $data: [UnsetLabelingParameterOverrideInput!]!
) {
    project(where: {id: $projectId}) { unsetLabelingParameterOverrides(data: $data) { success } }
}"""
CREATE_QUEUE_PRIORITY_UPDATE_TASK = """mutation CreateQueuePriorityUpdateTask(
    $projectId: ID!, $data: QueuePriorityUpdateInput!
) {
    project(where: {id: $projectId}) { createQueuePriorityUpdateTask(data: $data) { taskId } }
}"""
EXTEND_RESERVATIONS = """mutation ExtendReservations($projectId: ID!, $queueType: ReservationQueueType!) {
    extendReservations(projectId: $projectId, queueType: $queueType)
}"""
CLEAR_QUEUE_RESERVATIONS = """mutation ClearQueueReservations($projectId: ID!, $queueId: ID!) {
    clearQueueReservations(input: {projectId: $projectId, queueId: $queueId}) {
        success clearedReservationCount
    }
}"""
BULK_ASSIGN_DATA_ROWS = """mutation BulkAssignDataRows($input: BulkAssignDataRowsInput!) {
    bulkAssignDataRows(input: $input) { success }
}"""
UPSERT_REVIEW_QUEUE = """mutation UpsertReviewQueue($projectId: ID!, $quotaFactor: Float!) {
    upsertReviewQueue(where: {project: {id: $projectId}}, data: {quotaFactor: $quotaFactor}) { id }
}"""

_QUEUE_TYPES = ("LabelingQueue", "ReviewQueue")
_MOST_OVERRIDES = 1_000
_SMALLEST_PRIORITY, _LARGEST_PRIORITY = -(2**31), 2**31 - 1
_BACKGROUND_WAIT_SECONDS = 600.0


class ProjectWorkflow(ProjectPart):
    """What is labeled next, by whom, and where it goes then."""

    def task_queues(self) -> list[TaskQueue]:
        """The queues of the project's workflow (P-TQ-01)."""
        document = PROJECT_TASK_QUEUES % query.selection(TaskQueue)
        queues = self._in_project(document, experimental=True)["taskQueues"]
        return [TaskQueue(self.client, values) for values in queues]

    def move_data_rows_to_task_queue(
        self, data_row_ids: Identifiables | Iterable[str], task_queue_id: str | None
    ) -> None:
        """Moves data rows to a queue, or to Done when `task_queue_id` is None, and waits for it (P-MV).

        `data_row_ids` is UniqueIds or GlobalKeys; a list is taken as ids. Raises TypeError for anything else,
        LabelboxError with the reasons when the move fails, for example because a row has no label.
        """
        names = identifiables_of(data_row_ids)
        data = {"queueId": task_queue_id, "dataRowIdentifiers": names.as_input()}
        started = self._in_project(CREATE_BULK_ADD_ROWS_TO_QUEUE_TASK, experimental=True, data=data)
        task_id = started["createBulkAddRowsToQueueTask"]["taskId"]
        wait_for(self.client, task_id, _BACKGROUND_WAIT_SECONDS)

    def set_labeling_parameter_overrides(self, data: Iterable[LabelingParameterOverrideTuple]) -> bool:
        """Sets the priority of data rows, lower numbers first (R-PJ-43 to R-PJ-57, P-SP).

        An override is (DataRow, priority, number_of_labels) as in the reference, where both numbers are at
        least 1, or (DataRow, UniqueId or GlobalKey; priority) as in the guide, where the priority is any
        32-bit integer. Raises TypeError or ValueError for a wrong override and for more than 1,000.
        """
        overrides = list(data)
        if len(overrides) > _MOST_OVERRIDES:
            raise ValueError(
                f"at most {_MOST_OVERRIDES:,} overrides can be set at once, got {len(overrides):,}"
            )
        with_labels = [_override(o) for o in overrides if _has_number_of_labels(o)]
        by_name = [_override_by_identifier(o) for o in overrides if not _has_number_of_labels(o)]
        reply = self._in_project(SET_LABELING_PARAMETER_OVERRIDES, data=with_labels, named=by_name)
        return bool(reply["setLabelingParameterOverrides"]["success"])

    def unset_labeling_parameter_overrides(self, data_rows: Iterable[DataRow]) -> bool:
        """Removes the overrides of data rows, and with them unlabeled duplicates in the queue (R-PJ-58).

        Raises TypeError for anything that is no DataRow.
        """
        rows = list(data_rows)
        for row in rows:
            if not isinstance(row, DataRow):
                raise TypeError(f"data_rows must hold DataRow objects, got {row!r}")
        data = [{"dataRowId": row.uid} for row in rows]
        reply = self._in_project(UNSET_LABELING_PARAMETER_OVERRIDES, data=data)
        return bool(reply["unsetLabelingParameterOverrides"]["success"])

    def update_data_row_labeling_priority(
        self, data_rows: Identifiables | Iterable[str | DataRow | Identifiable], priority: int
    ) -> bool:
        """Sets one priority for up to a million data rows and waits for it (P-UP).

        Raises TypeError or ValueError for a wrong argument, LabelboxError when the server could not do it.
        """
        _check_priority(priority)
        names = identifiables_of(data_rows)
        data = {"priority": priority, "dataRowIdentifiers": names.as_input()}
        started = self._in_project(CREATE_QUEUE_PRIORITY_UPDATE_TASK, data=data)
        task_id = started["createQueuePriorityUpdateTask"]["taskId"]
        wait_for(self.client, task_id, _BACKGROUND_WAIT_SECONDS)
        return True

    def extend_reservations(self, queue_type: str) -> int:
        """Extends the caller's reservations in a queue and returns how many there are (R-PJ-34).

        `queue_type` is LabelingQueue or ReviewQueue; any other raises InvalidQueryError.
        """
        if queue_type not in _QUEUE_TYPES:
            raise InvalidQueryError(f"queue_type must be one of {_QUEUE_TYPES}, got {queue_type!r}")
        params = {"projectId": self.uid, "queueType": queue_type}
        reply = self.client.execute(EXTEND_RESERVATIONS, params, raise_return_resource_not_found=True)
        return int(reply["extendReservations"])

    def clear_queue_reservations(self, task_queue_id: str) -> int | None:
        """Frees everybody's reservations in a task queue and returns how many there were.

        Raises ResourceNotFoundError for an unknown queue, AuthorizationError without the right to do it.
        """
        params = {"projectId": self.uid, "queueId": task_queue_id}
        reply = self.client.execute(CLEAR_QUEUE_RESERVATIONS, params, raise_return_resource_not_found=True)
        count: int | None = reply["clearQueueReservations"]["clearedReservationCount"]
        return count

    def bulk_assign_data_rows(
        self, user_id: str, data_row_ids: Iterable[str], allowed_statuses: Iterable[str] | None = None
    ) -> bool:
        """Keeps rows of the initial labeling queue for one labeler.

        Only FREE rows are taken, unless `allowed_statuses` names RESERVED too: then what others hold changes hands.
        Without any rows nothing is asked of the server. Raises ResourceNotFoundError for an unknown user,
        MalformedQueryException for another status and for a user who may not label here.
        """
        ids = list(data_row_ids)
        if not ids:
            return True
        statuses = None if allowed_statuses is None else [str(status) for status in allowed_statuses]
        given = {"projectId": self.uid, "userId": user_id, "dataRowIds": ids, "allowedStatuses": statuses}
        reply = self.client.execute(
            BULK_ASSIGN_DATA_ROWS, {"input": given}, raise_return_resource_not_found=True
        )
        return bool(reply["bulkAssignDataRows"]["success"])

    def get_workflow(self) -> Workflow:
        """The graph of the project's queues, the standard one until somebody changes it."""
        return Workflow.of_project(self.client, self.uid)

    def clone_workflow_from(self, source_project_id: str) -> Workflow:
        """Gives the project the graph of another one; returns it."""
        workflow = self.get_workflow()
        workflow.copy_from(source_project_id)
        return workflow

    def upsert_review_queue(self, quota_factor: float) -> None:
        """Sets which share of the labels is reviewed; outside 0 to 1 raises ValueError (R-PJ-69)."""
        if not 0 <= quota_factor <= 1:
            raise ValueError("Quota factor must be in the range of [0,1]")
        params = {"projectId": self.uid, "quotaFactor": quota_factor}
        self.client.execute(UPSERT_REVIEW_QUEUE, params, raise_return_resource_not_found=True)


def _has_number_of_labels(override: Any) -> bool:
    if not isinstance(override, (tuple, list)) or len(override) not in (2, 3):
        raise TypeError(
            "an override is (DataRow, priority, number_of_labels) or "
            f"(DataRow | UniqueId | GlobalKey, priority), got {override!r}"
        )
    return len(override) == 3 and isinstance(override[0], DataRow)


def _override(override: LabelingParameterOverrideTuple) -> dict[str, Any]:
    row, priority, number_of_labels = override
    for name, number in (("Priority", priority), ("Number of labels", number_of_labels)):
        _check_int(name, number)
        if number < 1:
            raise ValueError(
                f"{name} must be greater than or equal to 1 for data row {row.uid}, got {number}"
            )
        if number > _LARGEST_PRIORITY:
            raise ValueError(f"{name} must be a 32-bit integer, got {number}")
    return {"dataRow": {"id": row.uid}, "priority": priority, "numLabels": number_of_labels}


def _override_by_identifier(override: LabelingParameterOverrideTuple) -> dict[str, Any]:
    row, priority = override[0], override[1]
    name = UniqueId(row.uid) if isinstance(row, DataRow) else row
    if not isinstance(name, Identifiable):
        raise TypeError(f"data_row should be of type DataRow, UniqueId or GlobalKey, got {row!r}")
    _check_priority(priority)
    return {"dataRowIdentifier": name.as_input(), "priority": priority}


def _check_priority(priority: Any) -> None:
    _check_int("Priority", priority)
    if not _SMALLEST_PRIORITY <= priority <= _LARGEST_PRIORITY:
        raise ValueError(f"Priority must be a 32-bit integer, got {priority}")


def _check_int(name: str, number: Any) -> None:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{name} must be an int, got {number!r}")
