"""Projects with many rows and labels."""

from __future__ import annotations

import time
import uuid

import pytest

import labelbox as lb
from factories import unique


def _texts(client: lb.Client, count: int) -> tuple[lb.Dataset, list[str]]:
    """A dataset of so many texts, and their global keys."""
    dataset, prefix = client.create_dataset(name="texts"), unique("t")
    keys = [f"{prefix} {n}" for n in range(count)]
    task = dataset.create_data_rows([{"row_data": f"text {key}", "global_key": key} for key in keys])
    task.wait_till_done(300)
    assert (task.status, task.errors) == ("COMPLETE", None)
    return dataset, keys


@pytest.mark.ours
def test_X_26_10000_labels_are_listed_and_given_back(client: lb.Client) -> None:
    _, keys = _texts(client, 10_000)
    project = client.create_project(name="texts", media_type=lb.MediaType.Text)
    kind = lb.Classification(
        lb.Classification.Type.RADIO, "Tone", options=[lb.Option("good"), lb.Option("bad")]
    )
    ontology = lb.OntologyBuilder(classifications=[kind]).asdict()
    project.connect_ontology(client.create_ontology("tones", ontology, media_type=lb.MediaType.Text))
    batch = project.create_batch("all", global_keys=keys)
    lines = [
        {"uuid": str(uuid.uuid4()), "name": "Tone", "answer": {"name": "good"}, "dataRow": {"globalKey": key}}
        for key in keys
    ]
    made = lb.LabelImport.create_from_objects(client=client, project_id=project.uid, name="i", labels=lines)
    made.wait_until_done(sleep_time_seconds=1)
    started = time.monotonic()
    listed = [label.uid for label in project.labels()]
    assert len(set(listed)) == len(listed) == 10_000
    assert time.monotonic() - started < 60
    assert len({found.uid for found in project.labeling_parameter_overrides()}) == 10_000
    project.move_data_rows_to_task_queue(lb.GlobalKeys(keys), None)
    assert [queue.data_row_count for queue in project.task_queues()] == [0, 0, 0]
    started = time.monotonic()
    assert sorted(batch.delete_labels()["deletedLabelIds"]) == sorted(listed)
    assert time.monotonic() - started < 20
    assert [queue.data_row_count for queue in project.task_queues()] == [10_000, 0, 0]
    assert project.get_label_count() == 0


@pytest.mark.ours
def test_P_BM_02_250000_rows_make_three_batches(client: lb.Client) -> None:
    _, keys = _texts(client, 250_000)
    project = client.create_project(name="texts", media_type=lb.MediaType.Text)
    task = project.create_batches("b-", global_keys=keys)
    task.wait_till_done()
    assert task.errors() is None
    sizes = [(batch.name, batch.size) for batch in task.result()]
    assert sizes == [("b-0000", 100_000), ("b-0001", 100_000), ("b-0002", 50_000)]
    assert client.get_project(project.uid).data_row_count == 250_000
    assert project.update_data_row_labeling_priority(lb.GlobalKeys(keys), -1) is True
    assert project.task_queues()[0].data_row_count == 250_000
    first = project.labeling_parameter_overrides().get_many(5)
    assert [(found.priority, found.number_of_labels) for found in first] == [(-1, 1)] * 5
