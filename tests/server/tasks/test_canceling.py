"""Who may stop a task: who started it, and administrators."""

from __future__ import annotations

from typing import Any

import pytest

from factories import make_label_project, make_user

CANCEL = "mutation($i: ID!) { cancelBulkOperationJob(id: $i) { success } }"
EXPORT = (
    "mutation($p: ID!) { exportDataRowsInProject(input: {filters: {projectId: $p}, params: {}}) { taskId } }"
)


@pytest.mark.parametrize("role", ["Labeler", "Reviewer", "Read-only Admin"])
def test_a_task_of_somebody_else_is_the_administrators(server: Any, role: str) -> None:
    project_id, _, _ = make_label_project(server, 1)
    task = server.graphql(EXPORT, p=project_id)["exportDataRowsInProject"]["taskId"]
    _, key = make_user(server, role)
    assert server.code(CANCEL, key, i=task) == "AUTHORIZATION_ERROR"
    mine = server.graphql(EXPORT, key, p=project_id)["exportDataRowsInProject"]["taskId"]
    answers = [
        server.answer(CANCEL, key, i=mine),
        server.answer(CANCEL, i=mine),
    ]  # finished it may be already
    for answer in answers:
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        assert codes in ([], ["OPERATION_NOT_ALLOWED"])
