"""The main job as labelbox 3.x and newer do it: data rows with keys, ontologies of their own, batches, workflow."""

from __future__ import annotations

import os
import urllib.request
import uuid
from datetime import datetime
from typing import Any

from job import equal, exceptions, raises, until
from labelbox import (
    Classification,
    Client,
    DataRow,
    DataRowMetadata,
    DataRowMetadataField,
    Dataset,
    LabelImport,
    MALPredictionImport,
    MediaType,
    OntologyBuilder,
    Option,
    Project,
    Tool,
)
from refusals import Refusals

MANY = 130


class BatchMode(Refusals):
    """What 3.78 to 7.17 do alike."""

    project: Any
    dataset: Any
    many: Any
    rows: dict[str, Any]
    ontology: Any
    batch: Any

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
        equal((row.row_data, row.external_id, row.global_key), (address, "by address", self._key("by address")))
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
                {DataRow.row_data: address, "external_id": f"many {n:03}", "global_key": self._key(f"many {n:03}")}
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
        return raises(exceptions.ResourceNotFoundError, lambda: self.client.get_data_row_by_global_key("nobody's key"))

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
        raises(exceptions.ResourceNotFoundError, lambda: self.client.get_data_row_by_global_key(self._key("many 126"))
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

    def create_ontology(self) -> str:
        """From the builder; every node has its ids."""
        weather = [Option("sunny", "Sunny"), Option("rainy", "Rainy")]
        builder = OntologyBuilder(
            tools=[
                Tool(
                    tool=Tool.Type.BBOX,
                    name="Car",
                    color="#ff0000",
                    classifications=[Classification(Classification.Type.TEXT, "Plate")],
                ),
                Tool(tool=Tool.Type.POLYGON, name="Road", color="#00ff00"),
            ],
            classifications=[Classification(Classification.Type.RADIO, "Weather", options=weather)],
        )
        self.ontology = self.client.create_ontology(
            f"streets {self.run_id}", builder.asdict(), media_type=MediaType.Image
        )
        tools = self.ontology.normalized["tools"]
        equal([tool["name"] for tool in tools], ["Car", "Road"])
        equal([len(tool["featureSchemaId"]) for tool in tools], [25, 25])
        equal([tool.name for tool in self.ontology.tools()], ["Car", "Road"])
        equal([question.name for question in self.ontology.classifications()], ["Weather"])
        equal(self.client.get_ontology(self.ontology.uid).name, self.ontology.name)
        found = self.client.get_ontologies(f"streets {self.run_id}")
        equal([one.uid for one in found], [self.ontology.uid])
        return self.ontology.uid

    def feature_schemas(self) -> str:
        """A tool by itself, and an ontology of it."""
        tool = Tool(tool=Tool.Type.POINT, name=f"Sign {self.run_id}", color="#0000ff")
        feature = self.client.create_feature_schema(tool.asdict())
        equal(self.client.get_feature_schema(feature.uid).name, f"Sign {self.run_id}")
        equal([found.uid for found in self.client.get_feature_schemas(f"Sign {self.run_id}")], [feature.uid])
        made = self.client.create_ontology_from_feature_schemas(
            f"signs {self.run_id}", [feature.uid], media_type=MediaType.Image
        )
        equal([entry.feature_schema_id for entry in made.tools()], [feature.uid])
        return feature.uid

    def connect_ontology(self) -> str:
        """The project is set up with it."""
        self._connect()
        equal(self.project.ontology().uid, self.ontology.uid)
        equal(self.project.labeling_frontend().name, "Editor")
        assert self.client.get_project(self.project.uid).setup_complete is not None
        equal([found.uid for found in self.ontology.projects()], [self.project.uid])
        return self.ontology.name

    def _connect(self) -> None:
        self.project.connect_ontology(self.ontology)

    def instructions(self) -> str:
        """An HTML file in the place that the editor reads."""
        path = self.pictures[0].parent.parent / f"instructions-{self.run_id}.html"
        path.write_text("<p>Draw tightly.</p>")
        self.project.upsert_instructions(str(path))
        address = self.project.ontology().normalized["projectInstructions"]
        with urllib.request.urlopen(address, timeout=30) as answer:
            equal(answer.read(), b"<p>Draw tightly.</p>")
        return "html"

    def create_batch(self) -> str:
        """By ids and by keys; twice the same name is refused."""
        ids = [self.rows[f"many {n:03}"].uid for n in range(2, 112)]
        self.batch = self.project.create_batch("first", data_rows=ids, priority=3)
        equal((self.batch.name, self.batch.size, list(self.batch.failed_data_row_ids)), ("first", 110, []))
        keys = [self._key(path.name) for path in self.pictures]
        second = self.project.create_batch("second", global_keys=keys)
        equal(second.size, len(keys))
        equal({batch.uid for batch in self.project.batches()}, {self.batch.uid, second.uid})
        equal(self.client.get_batch(self.project.uid, second.uid).name, "second")
        equal(self.batch.project().uid, self.project.uid)
        more = [self.rows["many 112"].uid]
        return raises(exceptions.ResourceConflict, lambda: self.project.create_batch("second", data_rows=more))

    def create_batches(self) -> str:
        """The task route: by ids, and the rest of a dataset."""
        ids = [self.rows[f"many {n:03}"].uid for n in range(112, 115)]
        task = self.project.create_batches("several ", data_rows=ids)
        task.wait_till_done()
        equal(task.errors(), None)
        equal([(batch.name, batch.size) for batch in task.result()], [("several 0000", 3)])
        task = self.project.create_batches_from_dataset("rest ", self.dataset.uid)
        task.wait_till_done()
        equal(task.errors(), None)
        equal([(batch.name, batch.size) for batch in task.result()], [("rest 0000", 1)])
        return "several 0000, rest 0000"

    def remove_from_batch(self) -> str:
        """What nobody has labeled leaves the queue; an empty batch is deleted."""
        (rest,) = [batch for batch in self.project.batches() if batch.name == "rest 0000"]
        rest.remove_queued_data_rows()
        (queue,) = [one for one in self.project.task_queues() if one.queue_type == "INITIAL_LABELING_QUEUE"]
        equal(queue.data_row_count, 110 + len(self.pictures) + 3)
        rest.delete()
        assert rest.uid not in {batch.uid for batch in self.project.batches()}
        return "rest 0000"

    def task_queues(self) -> str:
        """Three queues and their counts."""
        queues = {queue.queue_type: queue for queue in self.project.task_queues()}
        equal(
            sorted(queues), ["INITIAL_LABELING_QUEUE", "MANUAL_REVIEW_QUEUE", "MANUAL_REWORK_QUEUE"]
        )
        counts = {kind: queue.data_row_count for kind, queue in queues.items()}
        equal(counts["INITIAL_LABELING_QUEUE"], 110 + len(self.pictures) + 3)
        return ", ".join(sorted(queue.name for queue in queues.values()))

    def pre_labels(self) -> str:
        """NDJSON lines by tool name and global key, and one that does not fit."""
        key = {"globalKey": self._key(self.pictures[0].name)}
        box = {"left": 10, "top": 20, "width": 300, "height": 200}
        plate = {"name": "Plate", "answer": "AB 123"}
        good = [
            self._line("Car", key, bbox=box, classifications=[plate]),
            self._line("Road", key, polygon=[{"x": 0, "y": 700}, {"x": 600, "y": 400}, {"x": 1200, "y": 700}]),
            self._line("Weather", key, answer={"name": "sunny"}),
        ]
        bad = self._line("Nothing", key, bbox=box)
        name = f"pre {self.run_id}"
        made = MALPredictionImport.create_from_objects(
            client=self.client, project_id=self.project.uid, name=name, predictions=[*good, bad]
        )
        made.wait_until_done(sleep_time_seconds=1)
        equal(made.state.value, "FINISHED")
        statuses = {entry["uuid"]: entry["status"] for entry in made.statuses}
        equal(statuses, {line["uuid"]: "FAILURE" if line is bad else "SUCCESS" for line in [*good, bad]})
        equal([error["uuid"] for error in made.errors], [bad["uuid"]])
        equal(len(made.inputs), 4)
        equal(made.parent_id if hasattr(made, "parent_id") else self.project.uid, self.project.uid)
        again = MALPredictionImport.from_name(self.client, self.project.uid, name)
        equal(again.uid, made.uid)
        return name.replace(self.run_id, "…")

    def import_labels(self) -> str:
        """Ground truth on all pictures."""
        lines = []
        for path in self.pictures:
            key = {"globalKey": self._key(path.name)}
            lines.append(self._line("Car", key, bbox={"left": 10, "top": 20, "width": 300, "height": 200}))
            lines.append(self._line("Weather", key, answer={"name": "rainy"}))
        made = LabelImport.create_from_objects(
            client=self.client, project_id=self.project.uid, name=f"truth {self.run_id}", labels=lines
        )
        made.wait_until_done(sleep_time_seconds=1)
        equal(made.state.value, "FINISHED")
        equal(made.errors, [])
        equal({entry["status"] for entry in made.statuses}, {"SUCCESS"})
        return f"{len(lines)} annotations"

    def _line(self, name: str, data_row: dict[str, str], **given: Any) -> dict[str, Any]:
        return {"uuid": str(uuid.uuid4()), "name": name, "dataRow": data_row, **given}

    def list_labels(self) -> str:
        """One per picture, by the importer."""
        self.labels = list(self.project.labels())
        equal(len(self.labels), len(self.pictures))
        row_ids = {self.rows[path.name].uid for path in self.pictures}
        equal({label.data_row().uid for label in self.labels}, row_ids)
        equal({label.created_by().uid for label in self.labels}, {self.client.get_user().uid})
        equal(self.project.get_label_count(), len(self.pictures))
        ids = [label.uid for label in self.project.labels(order_by=type(self.labels[0]).created_at.asc)]
        equal(sorted(ids), sorted(label.uid for label in self.labels))
        return f"{len(self.labels)} labels"

    def overview(self) -> str:
        """How many rows are where."""
        found = self.project.get_overview()
        equal(found.to_label, 113)
        equal(found.done + found.in_review, len(self.pictures))
        equal(found.total_data_rows, 113 + len(self.pictures))
        return f"{found.to_label} to label, {found.in_review} in review, {found.done} done"

    def review(self) -> str:
        """Made and listed at the label."""
        made = self.labels[0].create_review(score=1.0)
        equal([review.uid for review in self.labels[0].reviews()], [made.uid])
        made.delete()
        equal(list(self.labels[0].reviews()), [])
        return "1 review"

    def export_streamed(self) -> str:
        """All rows with labels, metadata and attachments, one line each."""
        wanted = {
            "attachments": True,
            "metadata_fields": True,
            "data_row_details": True,
            "project_details": True,
            "label_details": True,
            "performance_details": True,
        }
        task = self.project.export(params=wanted)
        task.wait_till_done()
        equal((task.status, task.has_errors(), task.has_result()), ("COMPLETE", False, True))
        exported = {row["data_row"]["id"]: row for row in self._streamed(task)}
        equal(len(exported), 113 + len(self.pictures))
        self._check_exported(exported[self.rows[self.pictures[0].name].uid])
        return f"{len(exported)} rows"

    def _streamed(self, task: Any) -> list[Any]:
        return [output.json for output in task.get_buffered_stream()]

    def _check_exported(self, row: dict[str, Any]) -> None:
        equal(row["data_row"]["global_key"], self._key(self.pictures[0].name))
        equal(row["data_row"]["details"]["dataset_id"], self.dataset.uid)
        equal([entry["value"] for entry in row["attachments"]], ["seen at noon"])
        assert "tag" in {field["schema_name"] for field in row["metadata_fields"]}
        (label,) = row["projects"][self.project.uid]["labels"]
        (car,) = label["annotations"]["objects"]
        equal((car["name"], car["bounding_box"]["width"]), ("Car", 300))
        (weather,) = label["annotations"]["classifications"]
        equal(weather["radio_answer"]["name"], "rainy")
        equal(label["label_details"]["created_by"], self.client.get_user().email)
        equal(row["projects"][self.project.uid]["project_details"]["batch_name"], "second")

    def export_filtered(self) -> str:
        """By status, by key, by batch, by time; filters are AND."""
        queued = self.project.export(filters={"workflow_status": "ToLabel"})
        queued.wait_till_done()
        equal(len(self._streamed(queued)), 113)
        one = self.project.export(
            filters={
                "global_keys": [self._key(self.pictures[0].name)],
                "last_activity_at": ["2000-01-01 00:00:00", "2050-01-01 00:00:00"],
            }
        )
        one.wait_till_done()
        equal(
            [row["data_row"]["id"] for row in self._streamed(one)], [self.rows[self.pictures[0].name].uid]
        )
        batch = self.project.export(filters={"batch_ids": [self.batch.uid]})
        batch.wait_till_done()
        equal(len(self._streamed(batch)), 110)
        return "113, 1, 110 rows"

    def export_dataset(self) -> str:
        """Data rows of a dataset, without any project."""
        task = self.dataset.export(params={"metadata_fields": True})
        task.wait_till_done()
        equal(len(self._streamed(task)), len(self.pictures) + 1)
        return f"{len(self.pictures) + 1} rows"

    def members(self) -> str:
        """Who may work here, and from where."""
        (member,) = self.project.members()
        equal(member.user().uid, self.client.get_user().uid)
        equal(member.access_from, "ORGANIZATION")
        return f"{member.user().email} is {member.role().name}"

    def tasks(self) -> str:
        """The user's tasks; one by id."""
        tasks = [task for task in self.client.get_user().created_tasks() if task.type == "adv-upsert-data-rows"]
        assert tasks, "no import among the tasks"
        equal(self.client.get_task_by_id(tasks[0].uid).uid, tasks[0].uid)
        return "adv-upsert-data-rows"

    def filter_projects(self) -> str:
        """Equal, not equal, AND; OR is the client's own refusal."""
        named = Project.name == self.project.name
        described = Project.description == "street scenes"
        equal([found.uid for found in self.client.get_projects(where=named & described)], [self.project.uid])
        equal(self.client.get_projects(where=named).get_one().uid, self.project.uid)
        equal(list(self.client.get_projects(where=named & (Project.description != "street scenes"))), [])
        assert self.project.uid in {found.uid for found in self.client.get_user().projects()}
        return raises(exceptions.InvalidQueryError, lambda: list(self.client.get_projects(where=named | described)))

    def page_through_projects(self) -> str:
        """More than a page, each once."""
        name = f"page {self.run_id}"
        made = {self._small_project(name).uid for _ in range(103)}
        found = [one.uid for one in self.client.get_projects(where=Project.name == name)]
        equal(len(found), len(made))
        equal(set(found), made)
        return f"{len(found)} projects"

    def _small_project(self, name: str) -> Any:
        return self.client.create_project(name=name, media_type=MediaType.Image)

    def update_project_and_dataset(self) -> str:
        """Names and descriptions, read back."""
        self.project.update(name=f"lorries {self.run_id}", description="")
        self.dataset.update(name=f"pictures {self.run_id}")
        again = self.client.get_project(self.project.uid)
        equal((again.name, again.description), (f"lorries {self.run_id}", ""))
        found = self.client.get_datasets(where=Dataset.name == f"pictures {self.run_id}")
        equal([one.uid for one in found], [self.dataset.uid])
        return "lorries"

    def delete_labels(self) -> str:
        """One by itself, the rest at once."""
        self.labels[0].delete()
        type(self.labels[0]).bulk_delete(self.labels[1:])
        until(lambda: self.project.get_label_count() == 0)
        equal(list(self.project.labels()), [])
        return f"{len(self.labels)} labels"

    def delete_dataset(self) -> str:
        """Gone from the listing."""
        self.dataset.delete()
        return raises(exceptions.ResourceNotFoundError, lambda: self.client.get_dataset(self.dataset.uid))

    def delete_project(self) -> str:
        """Gone from the listing."""
        self.project.delete()
        equal(list(self.client.get_projects(where=Project.name == f"lorries {self.run_id}")), [])
        return raises(exceptions.ResourceNotFoundError, lambda: self.client.get_project(self.project.uid))

    def _key(self, name: str) -> str:
        return f"{self.run_id} {name}"
