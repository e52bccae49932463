"""Slices of the catalog: saved searches, what is in them, and their export."""

from __future__ import annotations

from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import (
    LabelboxError,
    MalformedQueryException,
    ResourceConflict,
    ResourceNotFoundError,
)


def test_slices_are_saved_searches(client: lb.Client, dataset: lb.Dataset, client_of: Any) -> None:
    rows = {row.external_id: row.uid for row in dataset.data_rows()}
    client.get_data_row_metadata_ontology().bulk_upsert(
        [
            lb.DataRowMetadata(
                global_key=f"{dataset.uid} {n}", fields=[lb.DataRowMetadataField(name="tag", value=value)]
            )
            for n, value in enumerate(["Noon", "noon late", "night"])
        ]
    )
    tag = client.get_data_row_metadata_ontology().get_by_name("tag").uid
    only = {"type": "dataset", "operator": "is", "ids": [dataset.uid]}
    catalog = client.get_catalog()
    name = f"slice of {dataset.uid}"
    made = catalog.create_slice(name, [only], "everything in it")
    assert (made.name, made.description, made.filter) == (name, "everything in it", [only])
    assert client.get_catalog_slice(made.uid).filter == [only]
    assert made.uid in {found.uid for found in client.get_catalog_slices()}
    assert sorted(made.get_data_row_ids()) == sorted(rows.values())
    assert {
        (row.id.key, row.global_key and row.global_key.key) for row in made.get_data_row_identifiers()
    } == {(uid, f"{dataset.uid} {name.removeprefix('row ')}") for name, uid in rows.items()}
    for items, expected in (
        (
            [{"type": "metadata", "schemaId": tag, "operator": "contains", "value": "noon"}],
            {"row 0", "row 1"},
        ),
        ([{"type": "metadata", "schemaId": tag, "operator": "is", "value": "night"}], {"row 2"}),
        ([{"type": "media_type", "operator": "is", "ids": ["IMAGE"]}], set(rows)),
        ([{"type": "media_type", "operator": "is not", "ids": ["IMAGE"]}], set()),
        ([{"type": "external_id", "operator": "is", "ids": ["row 4"]}], {"row 4"}),
        (
            [
                {
                    "type": "data_row_created_at",
                    "value": {"operator": "LESS_THAN_OR_EQUAL", "value": "2001-01-01"},
                }
            ],
            set(),
        ),
        (
            [
                {
                    "type": "data_row_updated_at",
                    "value": {"operator": "GREATER_THAN_OR_EQUAL", "value": "2001-01-01"},
                }
            ],
            set(rows),
        ),
    ):
        made.update(filter=[only, *items])
        assert set(made.get_data_row_ids()) == {rows[one] for one in expected}, items
    task = made.export_v2()
    task.wait_till_done()
    assert {row["data_row"]["id"] for row in task.result} == set(rows.values())
    stream = made.export()
    stream.wait_till_done()
    assert len(list(stream.get_buffered_stream())) == 6
    with pytest.raises(ResourceConflict):
        catalog.create_slice(name, [only])
    for wrong in ([{"type": "colour"}], "all", [{**only, "operator": "like"}]):
        with pytest.raises(MalformedQueryException):
            catalog.create_slice("wrong", wrong)
    with pytest.raises(LabelboxError):
        client_of("Labeler").get_catalog_slices()
    made.delete()
    with pytest.raises(ResourceNotFoundError):
        client.get_catalog_slice(made.uid)


def test_a_slice_follows_projects_and_batches(
    client: lb.Client, ready: lb.Project, labeled: list[str]
) -> None:
    (batch,) = ready.batches()
    made = client.get_catalog().create_slice(
        f"in {ready.uid}", [{"type": "project", "operator": "is", "ids": [ready.uid]}]
    )
    assert sorted(made.get_data_row_ids()) == sorted(labeled)
    in_review = {"type": "task_queue_status", "status": "InReview"}
    made.update(filter=[{"type": "batch", "operator": "is", "ids": [batch.uid]}, in_review])
    assert sorted(made.get_data_row_ids()) == sorted(labeled[:3])
    ready.delete()
    assert list(made.get_data_row_ids()) == []
