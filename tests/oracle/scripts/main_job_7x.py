"""The main job as labelbox 6.x and 7.x do it: what they have over 3.x are lists of imports and of tasks."""

from __future__ import annotations

from endings import Endings
from exports import Exports
from job import equal


class Lists(Exports):
    """What has been imported, and by which tasks."""

    def list_imports(self) -> str:
        """Both kinds; one set of pre-labels is deleted with its import."""
        names = {f"{kind} {self.run_id}" for kind in ("pre", "file", "url")}
        pre_labels = {found.name: found for found in self.project.get_mal_prediction_imports()}
        equal(set(pre_labels), names)
        equal([found.name for found in self.project.get_label_imports()], [f"truth {self.run_id}"])
        pre_labels[f"url {self.run_id}"].delete()
        left = {found.name for found in self.project.get_mal_prediction_imports()}
        equal(left, names - {f"url {self.run_id}"})
        return "3 and 1"

    def organization_tasks(self) -> str:
        """The tasks of everybody."""
        kinds = {task.type for task in self.client.get_organization().tasks()}
        assert "adv-upsert-data-rows" in kinds, kinds
        return ", ".join(sorted(kinds))


class MainJob(Endings, Lists):
    """All of it."""


MainJob().run()
