"""Project: setup, connect_ontology, instructions, model assisted labeling."""

from __future__ import annotations

import json
import os
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labelbox.exceptions import ResourceNotFoundError
from labelbox.orm import query
from labelbox.orm.model import ToOne
from labelbox.schema._project.base import ProjectPart
from labelbox.schema.labeling_frontend import LabelingFrontend
from labelbox.schema.media_type import MediaType
from labelbox.schema.ontology import Ontology

CONNECT_ONTOLOGY = """mutation ConnectOntology($projectId: ID!, $ontologyId: ID!) {
    project(where: {id: $projectId}) { connectOntology(ontologyId: $ontologyId) { id } }
}"""
SET_PROJECT_INSTRUCTIONS = """mutation SetProjectInstructions($projectId: ID!, $instructionsUrl: String!) {
    setProjectInstructions(where: {id: $projectId}, data: {instructionsUrl: $instructionsUrl}) {
        id ontology { id options }
    }
}"""
SHOW_PREDICTIONS_TO_LABELERS = """mutation ShowPredictionsToLabelers($projectId: ID!, $show: Boolean!) {
    project(where: {id: $projectId}) {
        showPredictionsToLabelers(show: $show) { id showingPredictionsToLabelers }
    }
}"""
CREATE_LABELING_FRONTEND_OPTIONS = """mutation CreateLabelingFrontendOptions(
    $data: CreateLabelingFrontendOptionsInput!
) {
    createLabelingFrontendOptions(data: $data) { id }
}"""

_INSTRUCTION_TYPES = (".text", ".txt", ".pdf", ".html")
_EDITOR = "Editor"


class ProjectSetup(ProjectPart):
    """Says what is labeled in a project, and with which editor."""

    labeling_frontend: ToOne[LabelingFrontend]
    ontology: ToOne[Ontology]
    setup_complete: Any
    media_type: Any

    def setup(
        self, labeling_frontend: LabelingFrontend, labeling_frontend_options: dict[str, Any] | str
    ) -> None:
        """Finishes the setup with an editor and its options, which are the ontology (R-PJ-56, R-PJ-57).

        Options given as a dict are turned into JSON text; they are kept as they are.
        """
        options = labeling_frontend_options
        text = options if isinstance(options, str) else json.dumps(options)
        self.labeling_frontend.connect(labeling_frontend)
        self._create_options(labeling_frontend, text)
        self._update_fields(setup_complete=datetime.now(UTC))

    def connect_ontology(self, ontology: Ontology) -> None:
        """Makes `ontology` the project's and finishes the setup with the default editor (P-ON-01).

        Raises TypeError for anything but an Ontology, ValueError when the media types differ. With labels in
        the project the server accepts only an ontology that has everything they use, and
        OperationNotAllowedException is raised for another.
        """
        if not isinstance(ontology, Ontology):
            raise TypeError(f"connect_ontology takes an Ontology, got {ontology!r}")
        kinds = (self.media_type, ontology.media_type)
        if MediaType.Unknown not in kinds and kinds[0] != kinds[1]:
            raise ValueError(
                f"the ontology is for {ontology.media_type.name}, the project for {self.media_type.name}"
            )
        if self.labeling_frontend() is None:
            self._connect_default_editor()
        self._in_project(CONNECT_ONTOLOGY, ontologyId=ontology.uid)
        self.refresh()

    def setup_editor(self, ontology: Ontology) -> None:
        """Another name of `connect_ontology`."""
        self.connect_ontology(ontology)

    def upsert_instructions(self, instructions_file: str | os.PathLike[str]) -> None:
        """Uploads instructions for labelers, in place of those before (R-PJ-65 to R-PJ-68).

        They belong to the ontology: other projects with the same one show them too (P-IN-01). Raises
        ValueError when the project is not set up or the file is not .pdf, .html, .txt or .text.
        """
        if self.setup_complete is None:
            self.refresh()
        if self.setup_complete is None:
            raise ValueError("Cannot attach instructions to a project that has not been set up.")
        path = Path(instructions_file)
        if path.suffix.lower() not in _INSTRUCTION_TYPES:
            raise ValueError(
                f"instructions_file must end with one of {_INSTRUCTION_TYPES}, got {path.name!r}"
            )
        frontend = self.labeling_frontend()
        if frontend is not None and frontend.name.lower() != _EDITOR.lower():
            warnings.warn(f"The editor {frontend.name!r} may not show instructions", stacklevel=2)
        params = {"projectId": self.uid, "instructionsUrl": self.client.upload_file(path)}
        self.client.execute(SET_PROJECT_INSTRUCTIONS, params, raise_return_resource_not_found=True)

    def enable_model_assisted_labeling(self, toggle: bool = True) -> bool:
        """Shows pre-labels to labelers, or hides them; returns the new state (R-PJ-29, R-PJ-30)."""
        reply = self._in_project(SHOW_PREDICTIONS_TO_LABELERS, show=toggle)
        return bool(reply["showPredictionsToLabelers"]["showingPredictionsToLabelers"])

    def _connect_default_editor(self) -> None:
        editor = self.client.get_labeling_frontends(where=LabelingFrontend.name == _EDITOR).get_one()
        if editor is None:
            raise ResourceNotFoundError(LabelingFrontend, {"name": _EDITOR})
        self.labeling_frontend.connect(editor)
        self._create_options(editor, json.dumps({"tools": [], "classifications": []}))

    def _create_options(self, frontend: LabelingFrontend, text: str) -> None:
        data = {
            "project": {"connect": {"id": self.uid}},
            "labelingFrontend": {"connect": {"id": frontend.uid}},
            "customizationOptions": text,
            "organization": {"connect": {"id": self.client.get_organization().uid}},
        }
        self.client.execute(
            CREATE_LABELING_FRONTEND_OPTIONS, {"data": data}, raise_return_resource_not_found=True
        )

    def _update_fields(self, **values: Any) -> None:
        document, params = query.update(self, values)
        self._reload(document, params, "updateProject")
