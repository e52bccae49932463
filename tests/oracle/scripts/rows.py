"""Data rows with keys, metadata and attachments, as labelbox 3.x and newer make them."""

from __future__ import annotations

import os
import urllib.request
from datetime import datetime
from typing import Any

from job import equal, exceptions, raises
from refusals import Refusals

from labelbox import Client, DataRow, DataRowMetadata, DataRowMetadataField, GlobalKey, MediaType, UniqueId

MANY = 130


class Rows(Refusals):
    """A project, a dataset, and what is in it."""

    project: Any
    dataset: Any
    many: Any
    rows: dict[str, Any]

    def _client(self, key: str) -> Any:
        endpoint = os.environ["LABELBOX_ENDPOINT"]
        return Client(key, endpoint, rest_endpoint=endpoint.replace("/graphql", "/api/v1"))

    def list_users(self) -> str:
        """All users of the organization, found by e-mail."""
        user = self.client.get_user()
        equal([found.uid for found in self.client.get_users() if found.email == user.email], [user.uid])
        return user.email

    def create_project(self) -> str:
        """With a media type."""
        self.project = self.client.create_project(
            name=f"cars {self.run_id}", description="street scenes", media_type=MediaType.Image
        )
        equal(self.project.media_type, MediaType.Image)
        assert isinstance(self.project.created_at, datetime), self.project.created_at
        equal(self.project.setup_complete, None)
        equal(self.project.created_by().uid, self.client.get_user().uid)
        equal(self.project.organization().uid, self.client.get_organization().uid)
        return self.project.uid

    def create_dataset(self) -> str:
        """Without an integration: the organization has none."""
        self.dataset = self.client.create_dataset(name=f"scenes {self.run_id}", description="made by a test")
        equal(self.dataset.created_by().uid, self.client.get_user().uid)
        equal(self.client.get_dataset(self.dataset.uid).description, "made by a test")
        return self.dataset.uid

    def upload_files(self) -> str:
        """Local files with keys, metadata and an attachment, one task."""
        items = [
            {
                "row_data": str(path),
                "external_id": path.name,
                "global_key": self._key(path.name),
                "metadata_fields": [{"name": "tag", "value": "noon"}, {"name": "split", "value": "train"}],
                "attachments": [{"type": "RAW_TEXT", "value": "seen at noon", "name": "remark"}],
            }
            for path in self.pictures
        ]
        task = self.dataset.create_data_rows(items)
        task.wait_till_done()
        equal((task.status, task.errors), ("COMPLETE", None))
        equal({row["global_key"] for row in task.result}, {self._key(path.name) for path in self.pictures})
        rows = {row.external_id: row for row in self.dataset.data_rows()}
        equal(sorted(rows), sorted(path.name for path in self.pictures))
        first = rows[self.pictures[0].name]
        with urllib.request.urlopen(first.row_data, timeout=30) as answer:
            equal(answer.read(), self.pictures[0].read_bytes())
        values = {field["name"]: field["value"] for field in first.metadata_fields}
        equal((values["tag"], values["split"]), ("noon", "train"))
        (remark,) = first.attachments()
        equal((remark.attachment_type, remark.attachment_value), ("RAW_TEXT", "seen at noon"))
        self.rows = rows
        return f"{len(rows)} files"

    def duplicate_global_key(self) -> str:
        """The row is refused, the task says so."""
        address = f"{self.pictures_url}/{self.pictures[0].name}"
        task = self.dataset.create_data_rows(
            [{"row_data": address, "global_key": self._key(self.pictures[0].name)}]
        )
        task.wait_till_done()
        (error,) = task.errors
        return error["message"].replace(self.run_id, "…")

    def one_row_by_address(self) -> str:
        """A picture on somebody's server."""
        address = f"{self.pictures_url}/{self.pictures[0].name}"
        row = self.dataset.create_data_row(
            row_data=address, external_id="by address", global_key=self._key("by address")
        )
        equal(
            (row.row_data, row.external_id, row.global_key), (address, "by address", self._key("by address"))
        )
        equal(row.dataset().uid, self.dataset.uid)
        equal(row.created_by().uid, self.client.get_user().uid)
        equal(row.organization().uid, self.client.get_organization().uid)
        return row.uid

    def many_rows_by_address(self) -> str:
        """More than a page."""
        address = f"{self.pictures_url}/{self.pictures[2].name}"
        self.many = self.client.create_dataset(name=f"many {self.run_id}")
        task = self.many.create_data_rows(
            [
                {
                    DataRow.row_data: address,
                    "external_id": f"many {n:03}",
                    "global_key": self._key(f"many {n:03}"),
                }
                for n in range(MANY)
            ]
        )
        task.wait_till_done()
        equal((task.status, task.errors), ("COMPLETE", None))
        equal(task.created_by().uid, self.client.get_user().uid)
        return task.name

    def page_through_rows(self) -> str:
        """All of them, each once."""
        found = list(self.many.data_rows())
        equal(sorted(row.external_id for row in found), [f"many {n:03}" for n in range(MANY)])
        equal(len({row.uid for row in found}), MANY)
        self.rows.update({row.external_id: row for row in found})
        return f"{len(found)} rows"

    def filter_rows(self) -> str:
        """`where` with one condition; the client has no AND here."""
        late = self.many.data_rows(where=DataRow.external_id > "many 010")
        names = sorted(row.external_id for row in late)
        equal(names, [f"many {n:03}" for n in range(11, MANY)])
        return f"{len(names)} rows"

    def look_up_global_keys(self) -> str:
        """One row by key, many ids in the order asked, an unknown key."""
        names = ["many 003", "many 001", "many 002"]
        answer = self.client.get_data_row_ids_for_global_keys([self._key(name) for name in names])
        equal((answer["status"], answer["results"]), ("SUCCESS", [self.rows[name].uid for name in names]))
        equal(self.client.get_data_row_by_global_key(self._key("many 003")).uid, self.rows["many 003"].uid)
        equal(self.client.get_data_row(self.rows["many 003"].uid).global_key, self._key("many 003"))
        answer = self.client.get_data_row_ids_for_global_keys([self._key("many 003"), "nobody's key"])
        equal(answer["status"], "PARTIAL SUCCESS")
        return raises(
            exceptions.ResourceNotFoundError, lambda: self.client.get_data_row_by_global_key("nobody's key")
        )

    def look_up_external_id(self) -> str:
        """One, several, none."""
        row = self.rows["many 007"]
        equal(self.many.data_row_for_external_id("many 007").uid, row.uid)
        assert row.uid in self.client.get_data_row_ids_for_external_ids(["many 007"])["many 007"]
        return raises(exceptions.ResourceNotFoundError, lambda: self.many.data_row_for_external_id("nobody"))

    def change_global_keys(self) -> str:
        """Cleared, then given again."""
        row = self.rows["many 126"]
        cleared = self.client.clear_global_keys([self._key("many 126")])
        equal(cleared["status"], "SUCCESS")
        raises(
            exceptions.ResourceNotFoundError,
            lambda: self.client.get_data_row_by_global_key(self._key("many 126")),
        )
        given = self.client.assign_global_keys_to_data_rows(
            [{"data_row_id": row.uid, "global_key": self._key("another")}]
        )
        equal(given["status"], "SUCCESS")
        equal(self.client.get_data_row_by_global_key(self._key("another")).uid, row.uid)
        return given["status"]

    def attach(self) -> str:
        """An attachment made, renamed, deleted."""
        row = self.rows["many 000"]
        made = row.create_attachment("IMAGE", f"{self.pictures_url}/{self.pictures[1].name}", "before")
        made.update(name="earlier")
        equal([entry.attachment_name for entry in row.attachments()], ["earlier"])
        made.delete()
        equal(list(row.attachments()), [])
        return "IMAGE"

    def update_row(self) -> str:
        """Its external id and its key, read back."""
        row = self.rows["many 001"]
        row.update(external_id="renamed", global_key=self._key("renamed"))
        again = self.client.get_data_row(row.uid)
        equal((again.external_id, again.global_key), ("renamed", self._key("renamed")))
        return again.external_id

    def upsert_rows(self) -> str:
        """By id and by key, one task."""
        by_id, by_key = self.rows["many 003"], self.rows["many 004"]
        task = self.many.upsert_data_rows(
            [
                {"key": UniqueId(by_id.uid), "external_id": "upserted 003"},
                {"key": GlobalKey(by_key.global_key), "external_id": "upserted 004"},
            ]
        )
        task.wait_till_done()
        equal((task.status, task.errors), ("COMPLETE", None))
        names = [self.client.get_data_row(row.uid).external_id for row in (by_id, by_key)]
        equal(names, ["upserted 003", "upserted 004"])
        return f"{len(names)} rows"

    def metadata(self) -> str:
        """A field of one's own, given to a row and read back."""
        schemas = self.client.get_data_row_metadata_ontology()
        field = schemas.create_schema(f"weather {self.run_id}", schemas.reserved_by_name["tag"].kind)
        row = self.rows["many 002"]
        value = DataRowMetadataField(schema_id=field.uid, value="sunny")
        (done,) = schemas.bulk_upsert([DataRowMetadata(data_row_id=row.uid, fields=[value])])
        equal((done.data_row_id, done.error), (row.uid, None))
        (read,) = schemas.bulk_export([row.uid])
        equal([(entry.schema_id, entry.value) for entry in read.fields], [(field.uid, "sunny")])
        schemas.delete_schema(field.name)
        assert field.name not in self.client.get_data_row_metadata_ontology().custom_by_name
        return "weather"

    def delete_rows(self) -> str:
        """One by itself, two at once; their keys are free again."""
        self.rows["many 129"].delete()
        DataRow.bulk_delete([self.rows["many 128"], self.rows["many 127"]])
        equal(len(list(self.many.data_rows())), MANY - 3)
        answer = self.client.get_data_row_ids_for_global_keys([self._key("many 129")])
        equal(answer["status"], "FAILURE")
        return "3 rows"

    def _key(self, name: str) -> str:
        return f"{self.run_id} {name}"
