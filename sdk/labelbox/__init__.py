"""Python SDK of Labelyard: `import labelbox as lb`, the API of the reference.

This list is the public face of the package; typed annotations are in `labelbox.types`.
"""

from labelbox._version import __version__
from labelbox.client import Client
from labelbox.exceptions import LabelboxError
from labelbox.orm.model import Entity, Field, Relationship
from labelbox.pagination import PaginatedCollection
from labelbox.schema.annotation_import import LabelImport, MALPredictionImport
from labelbox.schema.asset_attachment import AssetAttachment
from labelbox.schema.asset_metadata import AssetMetadata
from labelbox.schema.batch import Batch
from labelbox.schema.benchmark import Benchmark
from labelbox.schema.bulk_import_request import BulkImportRequest
from labelbox.schema.catalog import Catalog
from labelbox.schema.conflict_resolution_strategy import ConflictResolutionStrategy
from labelbox.schema.consensus_settings import ConsensusSettings
from labelbox.schema.create_batches_task import CreateBatchesTask
from labelbox.schema.data_row import DataRow
from labelbox.schema.data_row_metadata import (
    DataRowMetadata,
    DataRowMetadataBatchResponse,
    DataRowMetadataField,
    DataRowMetadataKind,
    DataRowMetadataOntology,
    DataRowMetadataSchema,
    DeleteDataRowMetadata,
)
from labelbox.schema.dataset import Dataset
from labelbox.schema.enums import AnnotationImportState, BulkImportRequestState, CollectionJobStatus
from labelbox.schema.export_task import BufferedJsonConverterOutput, BufferedStream, ExportTask, StreamType
from labelbox.schema.id_type import IdType
from labelbox.schema.identifiable import GlobalKey, UniqueId
from labelbox.schema.identifiables import DataRowIds, GlobalKeys, UniqueIds
from labelbox.schema.invite import Invite, InviteLimit, InviteMemberStatus, InviteResult
from labelbox.schema.label import Label
from labelbox.schema.labeling_frontend import LabelingFrontend, LabelingFrontendOptions
from labelbox.schema.media_type import MediaType
from labelbox.schema.ontology import (
    Classification,
    DeleteFeatureFromOntologyResult,
    FactCheckingTool,
    FeatureSchema,
    Ontology,
    OntologyBuilder,
    Option,
    PromptIssueTool,
    PromptResponseClassification,
    RelationshipTool,
    ResponseOption,
    StepReasoningTool,
    Tool,
)
from labelbox.schema.ontology_kind import EditorTaskType, OntologyKind
from labelbox.schema.organization import Organization
from labelbox.schema.prediction import Prediction, PredictionModel
from labelbox.schema.project import LabelerPerformance, LabelingParameterOverride, Project
from labelbox.schema.project_member import ProjectMember
from labelbox.schema.project_overview import ProjectOverview, ProjectOverviewDetailed
from labelbox.schema.quality_mode import QualityMode
from labelbox.schema.resource_tag import ResourceTag
from labelbox.schema.review import Review
from labelbox.schema.role import OrgRole, ProjectRole, Role, UserGroupRole
from labelbox.schema.send_to_annotate_params import SendToAnnotateFromCatalogParams
from labelbox.schema.slice import CatalogSlice, DataRowIdentifier
from labelbox.schema.task import DataUpsertTask, Task
from labelbox.schema.task_queue import TaskQueue
from labelbox.schema.upload_type import UploadType
from labelbox.schema.user import User
from labelbox.schema.user_group import UserGroup, UserGroupColor, UserGroupMember
from labelbox.schema.user_group_v2 import UserGroupV2
from labelbox.schema.webhook import Webhook

__all__ = [
    "AnnotationImportState",
    "AssetAttachment",
    "AssetMetadata",
    "Batch",
    "Benchmark",
    "BufferedJsonConverterOutput",
    "BufferedStream",
    "BulkImportRequest",
    "BulkImportRequestState",
    "Catalog",
    "CatalogSlice",
    "Classification",
    "Client",
    "CollectionJobStatus",
    "ConflictResolutionStrategy",
    "ConsensusSettings",
    "CreateBatchesTask",
    "DataRow",
    "DataRowIdentifier",
    "DataRowIds",
    "DataRowMetadata",
    "DataRowMetadataBatchResponse",
    "DataRowMetadataField",
    "DataRowMetadataKind",
    "DataRowMetadataOntology",
    "DataRowMetadataSchema",
    "DataUpsertTask",
    "Dataset",
    "DeleteDataRowMetadata",
    "DeleteFeatureFromOntologyResult",
    "EditorTaskType",
    "Entity",
    "ExportTask",
    "FactCheckingTool",
    "FeatureSchema",
    "Field",
    "GlobalKey",
    "GlobalKeys",
    "IdType",
    "Invite",
    "InviteLimit",
    "InviteMemberStatus",
    "InviteResult",
    "Label",
    "LabelImport",
    "LabelboxError",
    "LabelerPerformance",
    "LabelingFrontend",
    "LabelingFrontendOptions",
    "LabelingParameterOverride",
    "MALPredictionImport",
    "MediaType",
    "Ontology",
    "OntologyBuilder",
    "OntologyKind",
    "Option",
    "OrgRole",
    "Organization",
    "PaginatedCollection",
    "Prediction",
    "PredictionModel",
    "Project",
    "ProjectMember",
    "ProjectOverview",
    "ProjectOverviewDetailed",
    "ProjectRole",
    "PromptIssueTool",
    "PromptResponseClassification",
    "QualityMode",
    "Relationship",
    "RelationshipTool",
    "ResourceTag",
    "ResponseOption",
    "Review",
    "Role",
    "SendToAnnotateFromCatalogParams",
    "StepReasoningTool",
    "StreamType",
    "Task",
    "TaskQueue",
    "Tool",
    "UniqueId",
    "UniqueIds",
    "UploadType",
    "User",
    "UserGroup",
    "UserGroupColor",
    "UserGroupMember",
    "UserGroupRole",
    "UserGroupV2",
    "Webhook",
    "__version__",
]
