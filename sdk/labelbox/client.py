"""Client: the door to one Labelyard server (API reference 2.4, "Client").

Its methods live in `labelbox._calls`, one module per noun: `get_project` and `create_project` in
`_calls/projects.py`, `get_dataset` in `_calls/datasets.py`, and so on; `execute` in `_calls/connection.py`.
"""

from labelbox._calls.catalog import CatalogCalls
from labelbox._calls.data_rows import DataRowCalls
from labelbox._calls.datasets import DatasetCalls
from labelbox._calls.feature_schemas import FeatureSchemaCalls
from labelbox._calls.labels import LabelCalls
from labelbox._calls.ontologies import OntologyCalls
from labelbox._calls.organization import OrganizationCalls
from labelbox._calls.projects import ProjectCalls
from labelbox._calls.tasks import TaskCalls
from labelbox._calls.uploads import UploadCalls


class Client(
    CatalogCalls,
    DataRowCalls,
    DatasetCalls,
    LabelCalls,
    OntologyCalls,
    FeatureSchemaCalls,
    OrganizationCalls,
    ProjectCalls,
    TaskCalls,
    UploadCalls,
):
    """A client of a Labelyard server.

    >>> client = Client("<API key>", endpoint="http://127.0.0.1:8080/graphql")

    Safe to share between threads: the connections below it are pooled.
    """

    def __repr__(self) -> str:
        return f"<Client {self.endpoint}>"
