"""What comes last in every newer version: people, tasks, filters, changes and deletions."""

from __future__ import annotations

from typing import Any

from job import Job, equal, exceptions, raises, until

from labelbox import Dataset, MediaType, Project


class Endings(Job):
    """To be inherited first, so that its steps come last."""

    project: Any
    dataset: Any
    labels: list[Any]

    def members(self) -> str:
        """Who may work here, and from where."""
        (member,) = self.project.members()
        equal(member.user().uid, self.client.get_user().uid)
        equal(member.access_from, "ORGANIZATION")
        return f"{member.user().email} is {member.role().name}"

    def tasks(self) -> str:
        """The user's tasks; one by id."""
        tasks = [
            task for task in self.client.get_user().created_tasks() if task.type == "adv-upsert-data-rows"
        ]
        assert tasks, "no import among the tasks"
        equal(self.client.get_task_by_id(tasks[0].uid).uid, tasks[0].uid)
        return "adv-upsert-data-rows"

    def extend_reservations(self) -> str:
        """The caller holds none."""
        equal(self.project.extend_reservations("LabelingQueue"), 0)
        return "0 reservations"

    def filter_projects(self) -> str:
        """Equal, not equal, AND; OR is the client's own refusal."""
        named = Project.name == self.project.name
        described = Project.description == "street scenes"
        equal([found.uid for found in self.client.get_projects(where=named & described)], [self.project.uid])
        equal(self.client.get_projects(where=named).get_one().uid, self.project.uid)
        equal(list(self.client.get_projects(where=named & (Project.description != "street scenes"))), [])
        assert self.project.uid in {found.uid for found in self.client.get_user().projects()}
        return raises(
            exceptions.InvalidQueryError, lambda: list(self.client.get_projects(where=named | described))
        )

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
