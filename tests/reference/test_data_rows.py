"""DataRow and AssetMetadata, as the API reference describes them: rows R-DR, R-AMD."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3

import labelbox as lb
from factories import states
from labelbox import exceptions
from labelbox.schema.asset_metadata import AssetMetadata
from reference import clients


@pytest.fixture
def row(dataset: lb.Dataset) -> lb.DataRow:
    """The row called "row 2"."""
    return dataset.data_row_for_external_id("row 2")


def test_R_DR_01_R_DR_03_R_DR_04_R_DR_06_R_DR_07_fields(
    dataset: lb.Dataset, row: lb.DataRow, served: tuple[Path, str]
) -> None:
    assert all(isinstance(found, lb.DataRow) for found in dataset.data_rows())
    assert row.external_id == "row 2"
    assert row.row_data.startswith(served[1]) and row.row_data.endswith(".jpg")
    assert isinstance(row.updated_at, datetime) and isinstance(row.created_at, datetime)


def test_a_row_has_its_global_key(dataset: lb.Dataset, row: lb.DataRow) -> None:
    assert row.global_key == f"{dataset.uid} 2"


def test_R_DR_02_update(dataset: lb.Dataset, row: lb.DataRow) -> None:
    clients.updated(row, external_id="other")
    assert row.external_id == "other"
    assert dataset.data_row_for_external_id("other").uid == row.uid


def test_R_DR_02_what_an_update_refuses(client: lb.Client, row: lb.DataRow) -> None:
    for refused in ({}, {"external_id": ""}, {"row_data": {}}):
        with pytest.raises(ValueError):
            row.update(**refused)
    assert client.get_data_row(row.uid).external_id == "row 2"


def test_R_DR_05_a_local_path_becomes_an_address(
    client: lb.Client, dataset: lb.Dataset, tmp_path: Path
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("a note")
    made = dataset.create_data_row(row_data=str(path))
    assert made.row_data != str(path)
    assert urllib3.request("GET", made.row_data).data == b"a note"


@pytest.mark.ours
def test_R_DR_05_so_does_one_that_a_row_is_given_later(row: lb.DataRow, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("another note")
    assert row.update(row_data=str(path)).row_data != str(path)
    assert urllib3.request("GET", row.row_data).data == b"another note"


def test_R_DR_08_R_DR_09_R_DR_10_relationships(
    client: lb.Client, dataset: lb.Dataset, row: lb.DataRow
) -> None:
    assert row.dataset() == dataset
    assert row.created_by() == client.get_user()
    assert row.organization() == client.get_organization()


def test_R_DR_11_labels(ready: lb.Project, row: lb.DataRow) -> None:
    assert list(row.labels()) == []
    made = [clients.make_label(ready, row, f"text {n}", float(n)) for n in range(3)]
    assert {label.uid for label in row.labels()} == {label.uid for label in made}
    longer = row.labels(where=lb.Label.seconds_to_label > 0)
    assert {label.uid for label in longer} == {label.uid for label in made[1:]}
    ordered = row.labels(order_by=lb.Label.seconds_to_label.desc)
    assert [label.uid for label in ordered] == [label.uid for label in made[::-1]]


def test_R_DR_12_R_DR_16_R_DR_17_R_DR_18_R_AMD_01_R_AMD_03_R_AMD_04_context(row: lb.DataRow) -> None:
    assert list(row.metadata()) == []
    made = row.create_metadata("TEXT", "This is a text message")
    assert isinstance(made, AssetMetadata)
    assert (made.meta_type, made.meta_value) == ("TEXT", "This is a text message")
    (found,) = row.metadata()
    assert isinstance(found, AssetMetadata)
    assert (found.uid, found.meta_type, found.meta_value) == (made.uid, "TEXT", "This is a text message")
    with pytest.raises(exceptions.InvalidQueryError):
        row.metadata(where=AssetMetadata.meta_value == "x")
    with pytest.raises(exceptions.InvalidQueryError):
        row.metadata(order_by=AssetMetadata.meta_value.asc)


def test_R_AMD_05_R_AMD_06_R_DR_19_the_types_of_context(row: lb.DataRow) -> None:
    assert AssetMetadata.TEXT == "TEXT"
    for kind in ("IMAGE", "VIDEO", "TEXT", "IMAGE_OVERLAY"):
        value = "a text" if kind == "TEXT" else f"https://example.com/{kind}"
        assert row.create_metadata(kind, value).meta_type == kind
        assert getattr(AssetMetadata, kind) == kind
    assert len(list(row.metadata())) == 4
    with pytest.raises(ValueError, match="IMAGE_OVERLAY"):
        row.create_metadata("SCULPTURE", "a text")
    assert len(list(row.metadata())) == 4


def test_R_DR_14_R_DR_15_R_DR_20_delete(
    client: lb.Client, server: Any, ready: lb.Project, dataset: lb.Dataset
) -> None:
    rows = list(dataset.data_rows())
    with pytest.raises(exceptions.InvalidQueryError):
        lb.DataRow.bulk_delete([rows[0], ready])
    assert len(list(dataset.data_rows())) == 6
    rows[0].delete()
    lb.DataRow.bulk_delete(rows[1:3])
    assert {row.uid for row in dataset.data_rows()} == {row.uid for row in rows[3:]}
    assert len(list(client.get_dataset(dataset.uid).data_rows())) == 3
    assert all(clients.is_gone(client, "dataRow", row.uid) for row in rows[:3])
    assert states(server, ready.uid)["Unlabeled"] == 3


def test_R_DR_15_a_labeler_deletes_no_rows(
    dataset: lb.Dataset, ready: lb.Project, client_of: Callable[[str], lb.Client]
) -> None:
    row = next(dataset.data_rows())
    row.client = client_of("Labeler")
    with pytest.raises(exceptions.AuthorizationError):
        row.delete()
    assert len(list(dataset.data_rows())) == 6


def test_a_deleted_rows_global_key_is_free_again(
    client: lb.Client, dataset: lb.Dataset, row: lb.DataRow
) -> None:
    row.delete()
    task = dataset.create_data_rows([{"row_data": "https://example.com/a.jpg", "global_key": row.global_key}])
    task.wait_till_done()
    assert task.errors is None
    assert client.get_data_row_by_global_key(row.global_key).uid != row.uid
