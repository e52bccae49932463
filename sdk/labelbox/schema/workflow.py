"""Workflow: the graph of a project's queues (project guide, "task queues"; newer clients' `get_workflow`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection

PROJECT_WORKFLOW = """query ProjectWorkflow($projectId: ID!) {
    projectWorkflow(projectId: $projectId) { projectId config createdAt updatedAt }
}"""
UPDATE_PROJECT_WORKFLOW = """mutation UpdateProjectWorkflow($input: UpdateProjectWorkflowInput!) {
    updateProjectWorkflow(input: $input) { projectId config createdAt updatedAt }
}"""


class Workflow:
    """`config` has `nodes` and `edges`, as dicts in the form of the wire; change it and call `update_config`."""

    project_id: str
    config: dict[str, Any]
    created_at: str
    updated_at: str

    def __init__(self, client: Connection, values: dict[str, Any]) -> None:
        self.client = client
        self._set(values)

    @classmethod
    def of_project(cls, client: Connection, project_id: str) -> Workflow:
        """The workflow of a project. Raises ResourceNotFoundError when there is no such project."""
        reply = client.execute(
            PROJECT_WORKFLOW, {"projectId": project_id}, raise_return_resource_not_found=True
        )
        return cls(client, reply["projectWorkflow"])

    def update_config(self) -> None:
        """Stores `config`. Raises MalformedQueryException naming what is wrong with it; then nothing changes."""
        given = {"projectId": self.project_id, "config": self.config, "routeDataRows": []}
        reply = self.client.execute(
            UPDATE_PROJECT_WORKFLOW, {"input": given}, raise_return_resource_not_found=True
        )
        self._set(reply["updateProjectWorkflow"])

    def copy_from(self, source_project_id: str) -> None:
        """Stores the graph of another project as this one's."""
        self.config = Workflow.of_project(self.client, source_project_id).config
        self.update_config()

    def _set(self, values: dict[str, Any]) -> None:
        self.project_id = values["projectId"]
        self.config = values["config"]
        self.created_at = values["createdAt"]
        self.updated_at = values["updatedAt"]
