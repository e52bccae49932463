"""What every part of Project needs: an object of the server with a client that can do everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labelbox.exceptions import ResourceNotFoundError
from labelbox.orm.db_object import DbObject

if TYPE_CHECKING:
    from labelbox.client import Client


class ProjectPart(DbObject):
    """A part of Project; the parts know nothing of one another."""

    client: Client

    def _in_project(self, document: str, experimental: bool = False, **params: Any) -> Any:
        """Runs a document of the form `project(where: {id: $projectId}) {...}` and returns what is inside.

        Raises ResourceNotFoundError when the project is gone.
        """
        data = self.client.execute(
            document,
            {"projectId": self.uid, **params},
            experimental=experimental,
            raise_return_resource_not_found=True,
        )
        found = data["project"]
        if found is None:  # a query says so with null, a mutation with an error
            raise ResourceNotFoundError(type(self), {"id": self.uid})
        return found
