"""Project: upload_annotations and its import jobs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from labelbox.pagination import PaginatedCollection
from labelbox.schema._project.base import ProjectPart
from labelbox.schema.annotation_import import LabelImport, MALPredictionImport
from labelbox.schema.bulk_import_request import BulkImportRequest


class ProjectImports(ProjectPart):
    """Brings annotations into a project."""

    def upload_annotations(
        self,
        name: str,
        annotations: str | Path | Iterable[dict[str, Any]],
        validate: bool = True,
    ) -> BulkImportRequest:
        """Starts an import of annotations as pre-labels (R-PJ-60 to R-PJ-64).

        `annotations` is a URL that the server can read, the path of a local NDJSON file, or rows as dicts.
        With `validate` they are checked here first: MALValidationError names the first wrong line, UuidError
        a repeated uuid. Raises FileNotFoundError for a path that does not exist, ValueError for no rows.
        """
        if isinstance(annotations, (str, os.PathLike)):
            text = os.fspath(annotations)
            if text.startswith(("http://", "https://")):
                return BulkImportRequest.create_from_url(self.client, self.uid, name, text, validate)
            path = Path(text)
            if not path.is_file():
                raise FileNotFoundError(f"{text} is neither a URL nor a local file")
            return BulkImportRequest.create_from_local_file(self.client, self.uid, name, path, validate)
        if not isinstance(annotations, Iterable):
            raise ValueError(f"Invalid annotations given of type: {type(annotations)}")
        return BulkImportRequest.create_from_objects(self.client, self.uid, name, annotations, validate)

    def bulk_import_requests(self) -> PaginatedCollection[BulkImportRequest]:
        """The import jobs of this project (P-MI-01)."""
        return BulkImportRequest.of_project(self.client, self.uid)

    def label_imports(self) -> PaginatedCollection[LabelImport]:
        """The imports of labels into this project."""
        return LabelImport.of_project(self.client, self.uid)

    def mal_prediction_imports(self) -> PaginatedCollection[MALPredictionImport]:
        """The imports of pre-labels into this project, in the newer form."""
        return MALPredictionImport.of_project(self.client, self.uid)
