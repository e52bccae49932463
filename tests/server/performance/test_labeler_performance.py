"""Who has labeled how much."""

from __future__ import annotations

from typing import Any

from factories import make_label_project, make_user, reserve, submit

QUERY = """query($p: ID!) { project(where: {id: $p}) { labelerPerformance(skip: 0, first: 100) { user { id } count
  secondsPerLabel totalTimeLabeling consensus averageBenchmarkAgreement lastActivityTime } } }"""


def test_R_PJ_37_R_PJ_38_counts_and_seconds_by_labeler(server: Any) -> None:
    project_id, _, _ = make_label_project(server, 3)
    user_id, key = make_user(server)
    assert server.graphql(QUERY, p=project_id)["project"]["labelerPerformance"] == []
    for seconds in (2.0, 4.0):
        row = reserve(server, project_id, key=key)["tasks"][0]["dataRow"]["id"]
        submit(server, project_id, row, key=key, secondsToLabel=seconds)
    row = reserve(server, project_id)["tasks"][0]["dataRow"]["id"]
    submit(server, project_id, row)
    seen = server.graphql(QUERY, p=project_id)["project"]["labelerPerformance"]
    mine = next(entry for entry in seen if entry["user"]["id"] == user_id)
    assert len(seen) == 2 and mine.pop("lastActivityTime").endswith("Z")
    assert mine == {
        "user": {"id": user_id},
        "count": 2,
        "secondsPerLabel": 3.0,
        "totalTimeLabeling": 6.0,
        "consensus": None,
        "averageBenchmarkAgreement": None,
    }
    own = server.graphql(QUERY, key, p=project_id)["project"]["labelerPerformance"]
    assert [entry["user"]["id"] for entry in own] == [user_id]
