"""Imported labels: flagged ones become benchmarks, and rows with several labels are compared."""

from __future__ import annotations

import time
from typing import Any

from factories import make_label_project

LISTED = """query($p: ID!) { project(where: {id: $p}) { benchmarks(first: 1000) { completedCount averageAgreement
  referenceLabel { id } } labels(first: 3000) { id isBenchmarkReference agreement benchmarkAgreement } } }"""


def _lines(ids: list[str], left: int, flagged: bool) -> list[dict[str, Any]]:
    box = {"top": 0, "left": left, "height": 10, "width": 10}
    flag = {"isBenchmarkReferenceLabel": True} if flagged else {}
    return [
        {
            "uuid": f"00000000-0000-4000-8000-{left:04}{int(flagged)}{n:07}",
            "dataRow": {"id": row},
            "name": "Car",
            "bbox": box,
            **flag,
        }
        for n, row in enumerate(ids)
    ]


def test_flagged_labels_are_benchmarks_that_others_are_compared_with(server: Any, run_import: Any) -> None:
    project_id, ids, _ = make_label_project(server, 300)
    for name, lines in (
        ("truth", _lines(ids, 0, True)),
        ("same", _lines(ids[:200], 0, False)),
        ("half", _lines(ids[:100], 5, False)),
    ):
        assert run_import("labelImport", project_id, name, lines)["state"] == "FINISHED"
    deadline = time.monotonic() + 30
    while True:
        found = server.graphql(LISTED, p=project_id)["project"]
        compared = [label["benchmarkAgreement"] for label in found["labels"]]
        if sum(agreement is not None for agreement in compared) == 300:
            break
        assert time.monotonic() < deadline, found["benchmarks"][:3]
        time.sleep(0.05)
    found = server.graphql(LISTED, p=project_id)["project"]  # benchmarks were read before labels: once more
    assert len(found["benchmarks"]) == 300
    assert sum(label["isBenchmarkReference"] for label in found["labels"]) == 300
    assert sorted(round(agreement, 6) for agreement in compared if agreement is not None) == (
        [33.333333] * 100 + [100.0] * 200
    )
    assert sum(label["agreement"] is None for label in found["labels"]) == 100  # those of one-label rows
    by_count = {benchmark["completedCount"] for benchmark in found["benchmarks"]}
    assert by_count == {0, 1, 2}
    # a later reference takes the place of the earlier one
    run_import("labelImport", project_id, "new truth", _lines(ids[:1], 7, True))
    again = server.graphql(LISTED, p=project_id)["project"]
    assert len(again["benchmarks"]) == 300
    assert sum(label["isBenchmarkReference"] for label in again["labels"]) == 300
