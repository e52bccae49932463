"""OntologyKind and EditorTaskType: ontologies and projects for special editors."""

from __future__ import annotations

from enum import Enum


class OntologyKind(Enum):
    """Kinds of ontologies that are not for every project."""

    ModelEvaluation = "MODEL_EVALUATION"
    ResponseCreation = "RESPONSE_CREATION"
    Missing = None


class EditorTaskType(Enum):
    """The editor that a project or an ontology is made for; a value not known here reads as Missing."""

    ModelChatEvaluation = "MODEL_CHAT_EVALUATION"
    OfflineModelChatEvaluation = "OFFLINE_MODEL_CHAT_EVALUATION"
    ResponseCreation = "RESPONSE_CREATION"
    Missing = None

    @classmethod
    def _missing_(cls, value: object) -> EditorTaskType:
        return cls.Missing
