"""Ontologies of their own, batches and task queues (3.x and newer)."""

from __future__ import annotations

import urllib.request
from typing import Any

from job import equal, exceptions, raises
from rows import Rows

from labelbox import Classification, MediaType, OntologyBuilder, Option, Tool

LARGE = 1_000


class Batches(Rows):
    """From an ontology to a queue."""

    ontology: Any
    batch: Any

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
        return raises(
            exceptions.ResourceConflict, lambda: self.project.create_batch("second", data_rows=more)
        )

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

    def large_batch(self) -> str:
        """A thousand texts: two pages of rows, and another route of the client's."""
        texts = self.client.create_dataset(name=f"texts {self.run_id}")
        task = texts.create_data_rows(
            [{"row_data": f"Text number {n}", "global_key": self._key(f"text {n}")} for n in range(LARGE)]
        )
        task.wait_till_done()
        equal((task.status, task.errors), ("COMPLETE", None))
        equal(len({row.uid for row in texts.data_rows()}), LARGE)
        project = self.client.create_project(name=f"texts {self.run_id}", media_type=MediaType.Text)
        keys = [self._key(f"text {n}") for n in range(LARGE)]
        batch = project.create_batch("large", global_keys=keys)
        equal((batch.name, batch.size), ("large", LARGE))
        answer = self.client.get_data_row_ids_for_global_keys(keys)
        equal(len(set(answer["results"])), LARGE)
        return f"{batch.size} rows"

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
        equal(sorted(queues), ["INITIAL_LABELING_QUEUE", "MANUAL_REVIEW_QUEUE", "MANUAL_REWORK_QUEUE"])
        counts = {kind: queue.data_row_count for kind, queue in queues.items()}
        equal(counts["INITIAL_LABELING_QUEUE"], 110 + len(self.pictures) + 3)
        return ", ".join(sorted(queue.name for queue in queues.values()))

    def overview(self) -> str:
        """How many rows are where."""
        found = self.project.get_overview()
        everything = 113 + len(self.pictures)
        equal((found.to_label, found.total_data_rows), (everything, everything))
        equal((found.in_review, found.in_rework, found.done, found.labeled, found.issues), (0, 0, 0, 0, 0))
        return f"{found.to_label} to label, {found.issues} issues"
