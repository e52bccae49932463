"""A benchmark and a label that is compared with it, as labelbox 2.x makes them."""

from __future__ import annotations

from typing import Any

from job import equal, until


def compare_with_benchmark(client: Any, project: Any, reference: Any) -> str:
    """Makes a label a benchmark, gives its row the same label again, takes both back."""
    made = reference.create_benchmark()
    equal([found.uid for found in project.benchmarks()], [made.uid])
    equal(made.reference_label().uid, reference.uid)
    equal(made.created_by().uid, client.get_user().uid)
    other = project.create_label(label=reference.label, data_row=reference.data_row())
    until(lambda: next(iter(project.benchmarks())).completed_count == 1)
    equal(next(iter(project.benchmarks())).average_agreement, 100.0)
    other.delete()
    made.delete()
    equal(list(project.benchmarks()), [])
    return "1 benchmark"
