"""The main job as labelbox 2.x does it: datasets connected to a project, `setup`, labels as JSON text, reviews."""

from __future__ import annotations

import json
import urllib.request
import uuid
from datetime import datetime, timedelta
from typing import Any

from benchmarks import compare_with_benchmark
from job import equal, exceptions, raises
from refusals import Refusals

from labelbox import DataRow, Dataset, Label, LabelingFrontend, Project, Review

ONTOLOGY = {
    "tools": [
        {"tool": "rectangle", "name": "Car", "color": "#ff0000", "required": False, "classifications": []},
        {"tool": "polygon", "name": "Road", "color": "#00ff00", "required": False, "classifications": []},
    ],
    "classifications": [
        {
            "type": "radio",
            "name": "Weather",
            "instructions": "Weather",
            "required": False,
            "options": [
                {"label": "Sunny", "value": "sunny"},
                {"label": "Rainy", "value": "rainy"},
            ],
        },
        {"type": "text", "name": "Notes", "instructions": "Notes", "required": False, "options": []},
    ],
}
MANY = 130


class MainJob(Refusals):
    """Dataset mode."""

    project: Any
    dataset: Any
    rows: dict[str, Any]
    labels: list[Any]

    def create_project(self) -> str:
        """By name and description; the answer has every attribute."""
        self.project = self.client.create_project(name=f"cars {self.run_id}", description="street scenes")
        equal(self.project.description, "street scenes")
        assert isinstance(self.project.created_at, datetime), self.project.created_at
        equal(self.project.setup_complete, None)
        equal(self.project.created_by().uid, self.client.get_user().uid)
        equal(self.project.organization().uid, self.client.get_organization().uid)
        return self.project.uid

    def create_dataset(self) -> str:
        """Connected to the project from the beginning."""
        self.dataset = self.client.create_dataset(name=f"scenes {self.run_id}", projects=self.project)
        equal([found.uid for found in self.project.datasets()], [self.dataset.uid])
        equal([found.uid for found in self.dataset.projects()], [self.project.uid])
        return self.dataset.uid

    def upload_files(self) -> str:
        """Local files as data rows, one task; the client gives the whole path as external id."""
        task = self.dataset.create_data_rows([str(path) for path in self.pictures])
        task.wait_till_done()
        equal(task.status, "COMPLETE")
        rows = list(self.dataset.data_rows())
        equal(sorted(row.external_id for row in rows), [str(path) for path in self.pictures])
        first = next(row for row in rows if row.external_id == str(self.pictures[0]))
        with urllib.request.urlopen(first.row_data, timeout=30) as answer:
            equal(answer.read(), self.pictures[0].read_bytes())
        return f"{len(rows)} files"

    def one_row_by_address(self) -> str:
        """A picture on somebody's server, with an external id."""
        address = f"{self.pictures_url}/{self.pictures[0].name}"
        row = self.dataset.create_data_row(row_data=address, external_id="by address")
        equal((row.row_data, row.external_id), (address, "by address"))
        equal(row.dataset().uid, self.dataset.uid)
        equal(row.created_by().uid, self.client.get_user().uid)
        equal(row.organization().uid, self.client.get_organization().uid)
        return row.uid

    def one_row_from_file(self) -> str:
        """A local file as a single data row."""
        row = self.dataset.create_data_row(row_data=str(self.pictures[1]), external_id="from file")
        with urllib.request.urlopen(row.row_data, timeout=30) as answer:
            equal(answer.read(), self.pictures[1].read_bytes())
        return row.uid

    def many_rows_by_address(self) -> str:
        """More than a page, as dictionaries with fields for keys."""
        address = f"{self.pictures_url}/{self.pictures[2].name}"
        self.many = self.client.create_dataset(name=f"many {self.run_id}", projects=self.project)
        task = self.many.create_data_rows(
            [{DataRow.row_data: address, "external_id": f"many {number:03}"} for number in range(MANY)]
        )
        task.wait_till_done()
        equal(task.status, "COMPLETE")
        equal(task.created_by().uid, self.client.get_user().uid)
        return task.name

    def page_through_rows(self) -> str:
        """All of them, each once."""
        rows = list(self.many.data_rows())
        equal(sorted(row.external_id for row in rows), [f"many {number:03}" for number in range(MANY)])
        equal(len({row.uid for row in rows}), MANY)
        self.rows = {row.external_id: row for row in rows}
        return f"{len(rows)} rows"

    def filter_and_order_rows(self) -> str:
        """`where` with AND, and `order_by`."""
        wanted = (DataRow.external_id > "many 010") & (DataRow.created_at < datetime(2100, 1, 1))
        found = self.many.data_rows(where=wanted, order_by=DataRow.external_id.desc)
        names = [row.external_id for row in found]
        equal(names, [f"many {number:03}" for number in range(MANY - 1, 10, -1)])
        return f"{len(names)} rows"

    def look_up_external_id(self) -> str:
        """One, several, none."""
        row = self.many.data_row_for_external_id("many 007")
        equal(row.uid, self.rows["many 007"].uid)
        equal(
            [found.uid for found in self.many.data_rows_for_external_id("many 008")],
            [self.rows["many 008"].uid],
        )
        return raises(exceptions.ResourceNotFoundError, lambda: self.many.data_row_for_external_id("nobody"))

    def attach(self) -> str:
        """An attachment ("asset metadata" before 2.7) and its listing."""
        row = self.rows["many 000"]
        if hasattr(row, "create_attachment"):
            made, listed = row.create_attachment("TEXT", "seen at noon"), row.attachments
            equal((made.attachment_type, made.attachment_value), ("TEXT", "seen at noon"))
        else:
            made, listed = row.create_metadata("TEXT", "seen at noon"), row.metadata
            equal((made.meta_type, made.meta_value), ("TEXT", "seen at noon"))
        equal([entry.uid for entry in listed()], [made.uid])
        return made.uid

    def update_row(self) -> str:
        """Its external id, read back."""
        row = self.rows["many 001"]
        row.update(external_id="renamed")
        equal(self.many.data_row_for_external_id("renamed").uid, row.uid)
        return row.external_id

    def delete_rows(self) -> str:
        """One by itself, two at once."""
        self.rows["many 129"].delete()
        DataRow.bulk_delete([self.rows["many 128"], self.rows["many 127"]])
        equal(len(list(self.many.data_rows())), MANY - 3)
        return "3 rows"

    def labeling_frontends(self) -> str:
        """The editor, found by name."""
        self.editor = next(iter(self.client.get_labeling_frontends(where=LabelingFrontend.name == "Editor")))
        return self.editor.name

    def setup(self) -> str:
        """The frontend and an ontology; read back letter for letter."""
        self.project.setup(self.editor, ONTOLOGY)
        equal(self.project.labeling_frontend().uid, self.editor.uid)
        options = list(self.project.labeling_frontend_options())
        equal([json.loads(option.customization_options) for option in options], [ONTOLOGY])
        assert self.client.get_project(self.project.uid).setup_complete is not None
        return options[0].uid

    def ontology(self) -> str:
        """Every node has its ids."""
        self.made = self.project.ontology()
        tools, questions = self.made.normalized["tools"], self.made.normalized["classifications"]
        equal([tool["name"] for tool in tools], ["Car", "Road"])
        equal([question["instructions"] for question in questions], ["Weather", "Notes"])
        for node in [*tools, *questions, *questions[0]["options"]]:
            equal(len(node["featureSchemaId"]), 25)
            assert node["schemaNodeId"], node
        equal([tool.name for tool in self.made.tools()], ["Car", "Road"])
        equal([question.instructions for question in self.made.classifications()], ["Weather", "Notes"])
        equal(self.made.created_by().uid, self.client.get_user().uid)
        equal([found.uid for found in self.made.projects()], [self.project.uid])
        return f"{self.made.object_schema_count} tools, {self.made.classification_schema_count} questions"

    def instructions(self) -> str:
        """A text file in the place that the editor reads."""
        path = self.pictures[0].parent.parent / f"instructions-{self.run_id}.txt"
        path.write_text("Draw tightly.")
        self.project.upsert_instructions(str(path))
        address = self.project.ontology().normalized["projectInstructions"]
        with urllib.request.urlopen(address, timeout=30) as answer:
            equal(answer.read(), b"Draw tightly.")
        return address.rsplit("/", 1)[-1]

    def pre_labels(self) -> str:
        """NDJSON lines checked by the client, imported by the server."""
        weather, _ = self.made.normalized["classifications"]
        car, road = self.made.normalized["tools"]
        row = {"id": self.rows["many 002"].uid}
        lines: list[dict[str, Any]] = [
            {
                "schemaId": car["featureSchemaId"],
                "bbox": {"left": 10, "top": 20, "width": 300, "height": 200},
            },
            {
                "schemaId": road["featureSchemaId"],
                "polygon": [{"x": 0, "y": 700}, {"x": 600, "y": 400}, {"x": 1200, "y": 700}],
            },
            {
                "schemaId": weather["featureSchemaId"],
                "answer": {"schemaId": weather["options"][0]["featureSchemaId"]},
            },
        ]
        lines = [{"uuid": str(uuid.uuid4()), "dataRow": row, **line} for line in lines]
        request = self.project.upload_annotations(f"pre {self.run_id}", lines)
        request.wait_until_done(sleep_time_seconds=1)
        equal(request.state.value, "FINISHED")
        equal([status["status"] for status in request.statuses], ["SUCCESS"] * 3)
        equal(request.errors, [])
        equal(len(request.inputs), 3)
        equal(request.project().uid, self.project.uid)
        equal(request.created_by().uid, self.client.get_user().uid)
        return request.name

    def show_pre_labels(self) -> str:
        """Off and on."""
        equal(self.project.enable_model_assisted_labeling(False), False)
        equal(self.project.enable_model_assisted_labeling(), True)
        return "on"

    def create_labels(self) -> str:
        """One on each of more than a page of rows."""
        self.labels = []
        for number in range(2, 2 + 105):
            row = self.rows[f"many {number:03}"]
            text = json.dumps({"Car": [{"number": number}]})
            self.labels.append(self.project.create_label(data_row=row, label=text, seconds_to_label=2.5))
        first = self.labels[0]
        equal((first.seconds_to_label, json.loads(first.label)), (2.5, {"Car": [{"number": 2}]}))
        equal(first.project().uid, self.project.uid)
        equal(first.data_row().uid, self.rows["many 002"].uid)
        equal(first.created_by().uid, self.client.get_user().uid)
        equal([label.uid for label in self.rows["many 002"].labels()], [first.uid])
        return f"{len(self.labels)} labels"

    def list_labels(self) -> str:
        """All pages in order, by dataset, and of no dataset."""
        listed = [label.uid for label in self.project.labels(order_by=Label.created_at.asc)]
        equal(listed, [label.uid for label in self.labels])
        equal(len(list(self.project.labels(datasets=[self.many]))), 105)
        equal(len(list(self.project.labels(datasets=[self.dataset]))), 0)
        equal(len(list(self.project.labels(datasets=[]))), 0)
        newest = list(self.project.labels(datasets=[self.many], order_by=Label.created_at.desc))
        equal(newest[0].uid, self.labels[-1].uid)
        return f"{len(listed)} labels"

    def update_label(self) -> str:
        """Its text, read back."""
        label = self.labels[0]
        label.update(label=json.dumps({"Car": []}))
        again = next(found for found in self.project.labels() if found.uid == label.uid)
        equal(json.loads(again.label), {"Car": []})
        return label.uid

    def review(self) -> str:
        """Made, changed, filtered, counted, deleted."""
        good = self.labels[0].create_review(score=1.0)
        bad = self.labels[1].create_review(score=-1.0)
        equal([review.uid for review in self.labels[0].reviews()], [good.uid])
        equal({review.uid for review in self.project.reviews()}, {good.uid, bad.uid})
        equal([review.uid for review in self.project.reviews(where=Review.score > 0.0)], [good.uid])
        equal(good.label().uid, self.labels[0].uid)
        equal(good.project().uid, self.project.uid)
        equal(good.created_by().uid, self.client.get_user().uid)
        equal(good.organization().uid, self.client.get_organization().uid)
        equal(self.project.review_metrics(Review.NetScore.Positive), 1)
        equal(self.project.review_metrics(Review.NetScore.Negative), 1)
        equal(self.project.review_metrics(None), 103)
        good.update(score=0.0)
        equal(self.project.review_metrics(Review.NetScore.Zero), 1)
        bad.delete()
        equal([review.uid for review in self.project.reviews()], [good.uid])
        return "2 reviews"

    def benchmark(self) -> str:
        """Made, listed, compared with another label of its row, deleted."""
        return compare_with_benchmark(self.client, self.project, self.labels[1])

    def export_labels(self) -> str:
        """A file with every label."""
        address = self.project.export_labels(timeout_seconds=60)
        with urllib.request.urlopen(address, timeout=30) as answer:
            exported = json.load(answer)
        equal(len(exported), 105)
        equal({entry["ID"] for entry in exported}, {label.uid for label in self.labels})
        one = next(entry for entry in exported if entry["ID"] == self.labels[1].uid)
        equal(one["DataRow ID"], self.rows["many 003"].uid)
        equal((one["External ID"], one["Label"]), ("many 003", {"Car": [{"number": 3}]}))
        return f"{len(exported)} labels"

    def export_queue(self) -> str:
        """The rows that nobody has labeled."""
        queued = list(self.project.export_queued_data_rows(timeout_seconds=60))
        everything = len(list(self.dataset.data_rows())) + len(list(self.many.data_rows()))
        equal(len(queued), everything - 105)
        assert self.rows["many 002"].uid not in {row["id"] for row in queued}
        return f"{len(queued)} rows"

    def members(self) -> str:
        """Who may work here."""
        (member,) = self.project.members()
        equal(member.user().uid, self.client.get_user().uid)
        return f"{member.user().email} is {member.role().name}"

    def labeler_performance(self) -> str:
        """How much everybody has labeled."""
        (found,) = self.project.labeler_performance()
        equal((found.user.uid, found.count), (self.client.get_user().uid, 105))
        return f"{found.count} labels, {found.seconds_per_label} s each"

    def tasks(self) -> str:
        """The user's tasks are the imports."""
        tasks = list(self.client.get_user().created_tasks())
        assert len(tasks) >= 2 and all(task.status == "COMPLETE" for task in tasks), tasks
        return f"{len(tasks)} tasks"

    def extend_reservations(self) -> str:
        """The caller holds none."""
        equal(self.project.extend_reservations("LabelingQueue"), 0)
        return "0 reservations"

    def filter_projects(self) -> str:
        """Equal, not equal, AND, later than."""
        named = Project.name == self.project.name
        described = Project.description == "street scenes"
        equal([found.uid for found in self.client.get_projects(where=named)], [self.project.uid])
        equal([found.uid for found in self.client.get_projects(where=named & described)], [self.project.uid])
        equal(list(self.client.get_projects(where=named & (Project.description != "street scenes"))), [])
        second = timedelta(seconds=1)  # the client sends times in whole seconds
        early = named & (Project.created_at < self.project.created_at - second)
        equal(list(self.client.get_projects(where=early)), [])
        late = named & (Project.created_at > self.project.created_at - second)
        equal([found.uid for found in self.client.get_projects(where=late)], [self.project.uid])
        assert self.project.uid in {found.uid for found in self.client.get_user().projects()}
        assert self.project.uid in {found.uid for found in self.client.get_organization().projects()}
        return raises(
            exceptions.InvalidQueryError, lambda: list(self.client.get_projects(where=named | described))
        )

    def page_through_projects(self) -> str:
        """More than a page of datasets, each once."""
        made = {self.client.create_dataset(name=f"page {self.run_id}").uid for _ in range(103)}
        found = [one.uid for one in self.client.get_datasets(where=Dataset.name == f"page {self.run_id}")]
        equal(len(found), len(made))
        equal(set(found), made)
        return f"{len(found)} datasets"

    def update_project_and_dataset(self) -> str:
        """Names and descriptions, read back."""
        self.project.update(name=f"lorries {self.run_id}", description="")
        self.dataset.update(name=f"pictures {self.run_id}")
        again = self.client.get_project(self.project.uid)
        equal((again.name, again.description), (f"lorries {self.run_id}", ""))
        equal(self.client.get_dataset(self.dataset.uid).name, f"pictures {self.run_id}")
        return again.name

    def connect_and_disconnect(self) -> str:
        """A dataset leaves the project and comes back."""
        self.project.datasets.disconnect(self.dataset)
        equal([found.uid for found in self.project.datasets()], [self.many.uid])
        self.project.datasets.connect(self.dataset)
        equal({found.uid for found in self.project.datasets()}, {self.dataset.uid, self.many.uid})
        return "ok"

    def delete_labels(self) -> str:
        """One by itself, two at once."""
        self.labels[-1].delete()
        Label.bulk_delete(self.labels[-3:-1])
        equal(len(list(self.project.labels())), 102)
        return "3 labels"

    def delete_dataset(self) -> str:
        """Gone from the project and from the listing."""
        self.dataset.delete()
        equal([found.uid for found in self.project.datasets()], [self.many.uid])
        return raises(exceptions.ResourceNotFoundError, lambda: self.client.get_dataset(self.dataset.uid))

    def delete_project(self) -> str:
        """Gone from the listing."""
        self.project.delete()
        equal(list(self.client.get_projects(where=Project.name == f"lorries {self.run_id}")), [])
        return raises(exceptions.ResourceNotFoundError, lambda: self.client.get_project(self.project.uid))


MainJob().run()
