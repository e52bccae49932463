"""Many people and programs at one queue at once: every slot stays accounted for."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from factories import make_batch, make_label_project, make_project, make_rows, make_user, reserve, states
from labelyard.plumbing.embedded_postgres import running_dsn

OVERRIDE = """mutation($p: ID!, $d: [LabelingParameterOverrideInput!]) { project(where: {id: $p}) {
  setLabelingParameterOverrides(data: $d) { success } } }"""
UNSET = """mutation($p: ID!, $d: [UnsetLabelingParameterOverrideInput!]!) { project(where: {id: $p}) {
  unsetLabelingParameterOverrides(data: $d) { success } } }"""
SUBMIT = "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id } }"
MOVE = """mutation($p: ID!, $d: BulkAddRowsToQueueInput!) { project(where: {id: $p}) {
  createBulkAddRowsToQueueTask(data: $d) { taskId } } }"""
SHARE = """mutation($p: ID!, $q: Float!) { upsertReviewQueue(where: {project: {id: $p}}, data: {quotaFactor: $q}) { id } }"""
CLEAR = """mutation($p: ID!, $q: ID!) { clearQueueReservations(input: {projectId: $p, queueId: $q}) {
  success clearedReservationCount } }"""
# a row to be labeled waits with a slot for each label that is missing and that nobody holds; other rows with none
WRONG = """SELECT p.data_row_id, p.state, p.labels_required, p.labels_done, waiting.count, held.count, made.count
FROM project_data_rows AS p
CROSS JOIN LATERAL (SELECT count(*) FROM queue_slots AS s WHERE s.project_id = p.project_id
  AND s.data_row_id = p.data_row_id AND s.queue = 'LABEL') AS waiting
CROSS JOIN LATERAL (SELECT count(*) FROM reservations AS r WHERE r.project_id = p.project_id
  AND r.data_row_id = p.data_row_id AND r.queue = 'LABEL') AS held
CROSS JOIN LATERAL (SELECT count(*) FROM labels AS l WHERE l.project_id = p.project_id
  AND l.data_row_id = p.data_row_id AND l.deleted_at IS NULL) AS made
CROSS JOIN LATERAL (SELECT count(*) FROM queue_slots AS s WHERE s.project_id = p.project_id
  AND s.data_row_id = p.data_row_id AND s.priority <> p.priority) AS misplaced
WHERE p.project_id = %s AND (p.labels_done <> made.count OR misplaced.count > 0 OR waiting.count <>
  CASE WHEN p.state = 'TO_LABEL' THEN greatest(p.labels_required - p.labels_done - held.count, 0) ELSE 0 END)"""


def test_X_25_labelers_and_programs_leave_no_slot_behind(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 60)
    keys = [make_user(server)[1] for _ in range(6)]
    queues = server.graphql("query($p: ID!) { project(where: {id: $p}) { taskQueues { id } } }", p=project_id)
    queue_ids = [queue["id"] for queue in queues["project"]["taskQueues"]]
    allowed = {"RESOURCE_CONFLICT", "RESOURCE_NOT_FOUND"}
    unexpected: list[Any] = []

    def ask(query: str, key: str | None = None, **variables: Any) -> Any:
        answer = server.answer(query, key, **variables)
        for error in answer.get("errors", ()):
            if error["extensions"]["code"] not in allowed:
                unexpected.append(error)
        return answer.get("data")

    def label(number: int) -> None:
        empty = {"objects": [], "classifications": [], "relationships": []}
        for _ in range(25):
            for task in reserve(server, project_id, first=2, key=keys[number])["tasks"][:1]:
                given = {"projectId": project_id, "dataRowId": task["dataRow"]["id"], "annotations": empty}
                ask(SUBMIT, keys[number], d={**given, "secondsToLabel": 1})

    def override(number: int) -> None:
        chance = random.Random(number)
        for _ in range(12):
            rows = chance.sample(ids, 20)
            given = [
                {"dataRow": {"id": row}, "priority": chance.randint(-9, 9), "numLabels": chance.randint(1, 4)}
                for row in rows
            ]
            ask(OVERRIDE, p=project_id, d=given)
            ask(UNSET, p=project_id, d=[{"dataRowId": row} for row in chance.sample(ids, 15)])

    def delete(number: int) -> None:
        for _ in range(8):
            labels = server.graphql(
                "query($p: ID!) { project(where: {id: $p}) { labels { id } } }", p=project_id
            )
            found = [entry["id"] for entry in labels["project"]["labels"]]
            ask("mutation($l: [ID!]!) { deleteLabels(labelIds: $l) { id } }", l=found[number::5])

    def move(number: int) -> None:
        chance = random.Random(number)
        for _ in range(8):
            queue = chance.choice([*queue_ids, None])
            ask(MOVE, p=project_id, d={"queueId": queue, "dataRowIds": chance.sample(ids, 3)})
            ask(SHARE, p=project_id, q=chance.random())
            ask(CLEAR, p=project_id, q=queue_ids[0])

    work: list[tuple[Callable[[int], None], int]] = [(label, n) for n in range(6)]
    work += (
        [(override, n) for n in range(4)] + [(delete, n) for n in range(3)] + [(move, n) for n in range(3)]
    )
    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(function, number) for function, number in work]:
            done.result()
    assert unexpected == []
    running = "SELECT count(*) FROM tasks WHERE type = 'send-to-task-queue' AND status = 'IN_PROGRESS'"
    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    with psycopg.connect(dsn, autocommit=True) as connection:
        for _ in range(600):
            row = connection.execute(running).fetchone()
            if row == (0,):
                break
            connection.execute("SELECT pg_sleep(0.05)")
        assert connection.execute(running).fetchone() == (0,)
        assert connection.execute(WRONG, (project_id,)).fetchall() == []
    assert states(server, project_id)["All"] == 60


def test_rows_sent_and_taken_back_by_themselves(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    fresh = make_rows(server, 2)
    (nowhere,) = ["c" + "0" * 24]
    verb = """mutation($p: ID!, $r: [ID!]!) { project(where: {id: $p}) {
      %s(data: {dataRowIds: $r}) { dataRows { dataRowId error } } } }"""

    def run(name: str, rows: list[str]) -> dict[str, Any]:
        found = server.graphql(verb % name, p=project_id, r=rows)["project"][name]["dataRows"]
        return {entry["dataRowId"]: entry["error"] for entry in found}

    assert run("submitBatchOfDataRows", [*fresh, ids[0], nowhere]) == {
        fresh[0]: None,
        fresh[1]: None,
        ids[0]: f"Data row {ids[0]} is in the project already.",
        nowhere: f"There is no data row with id {nowhere}.",
    }
    assert states(server, project_id)["All"] == 3
    empty = {"objects": [], "classifications": [], "relationships": []}
    given = {"projectId": project_id, "dataRowId": fresh[1], "annotations": empty, "secondsToLabel": 1}
    server.graphql(SUBMIT, d=given)
    assert run("removeBatchOfDataRows", [*fresh, nowhere]) == {
        fresh[0]: None,
        fresh[1]: f"Data row {fresh[1]} has labels and stays in the project.",
        nowhere: f"Data row {nowhere} is not in the project.",
    }
    seen = server.graphql("query($p: ID!) { project(where: {id: $p}) { dataRowCount } }", p=project_id)
    assert (states(server, project_id)["All"], seen["project"]["dataRowCount"]) == (2, 2)


def test_the_mode_of_the_queue_in_the_words_of_3x(server: Any) -> None:
    project_id = make_project(server)
    ask = "query($p: ID!) { project(where: {id: $p}) { tagSetStatus queueMode } }"
    change = """mutation($p: ID!, $s: TagSetStatusInput!) { project(where: {id: $p}) {
      setTagSetStatus(input: {tagSetStatus: $s}) { tagSetStatus } } }"""
    assert server.graphql(ask, p=project_id)["project"] == {"tagSetStatus": "ENABLED", "queueMode": "BATCH"}
    for status, mode in (("DISABLED", "DATA_SET"), ("ENABLED", "BATCH")):
        changed = server.graphql(change, p=project_id, s=status)["project"]["setTagSetStatus"]
        assert changed == {"tagSetStatus": status}
        assert server.graphql(ask, p=project_id)["project"] == {"tagSetStatus": status, "queueMode": mode}
    assert server.code(change, p=project_id, s="MAYBE") == "GRAPHQL_VALIDATION_FAILED"


def test_deleting_a_surplus_label_opens_no_slot(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    create = "mutation($d: CreateLabelInput!) { createLabel(data: $d) { id } }"
    links = {"project": {"connect": {"id": project_id}}, "dataRow": {"connect": {"id": ids[0]}}}
    made = [server.graphql(create, d={"label": "x", **links})["createLabel"]["id"] for _ in range(2)]
    delete = "mutation($l: [ID!]!) { deleteLabels(labelIds: $l) { id } }"
    server.graphql(delete, l=made[1:])
    assert states(server, project_id)["InReview"] == 1
    server.graphql(delete, l=made[:1])
    assert states(server, project_id)["Unlabeled"] == 1
    assert [task["dataRow"]["id"] for task in reserve(server, project_id)["tasks"]] == ids


def test_labels_of_many_projects_are_deleted_at_once(server: Any) -> None:
    made, projects = [], []
    for _ in range(3):
        project_id, ids, _ = make_label_project(server, 2)
        make_batch(server, project_id, make_rows(server, 1))
        projects.append(project_id)
        empty = {"objects": [], "classifications": [], "relationships": []}
        for row in ids:
            given = {"projectId": project_id, "dataRowId": row, "annotations": empty, "secondsToLabel": 1}
            made.append(server.graphql(SUBMIT, d=given)["submitLabel"]["id"])
    gone = server.graphql("mutation($l: [ID!]!) { deleteLabels(labelIds: $l) { id } }", l=made)[
        "deleteLabels"
    ]
    assert sorted(entry["id"] for entry in gone) == sorted(made)
    assert [states(server, project_id)["Unlabeled"] for project_id in projects] == [3, 3, 3]
