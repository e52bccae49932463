"""Project and its members."""

from __future__ import annotations

from typing import Any

from labelyard.datasets import actions as datasets
from labelyard.organizations import invites
from labelyard.organizations.records import InviteConnection
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult
from labelyard.plumbing.source import Column, Many, Moment, Namespace, One, Rows, computed
from labelyard.projects import actions, external_submissions, members, queries, tag_queries, tags
from labelyard.projects.records import (
    DeleteProjectMembershipsResult,
    ExternalSubmission,
    PredictionVisibility,
    ProjectMember,
    ProjectResourceTag,
    SyncExternalProjectResult,
    TagSetStatusResult,
)


class Project:
    """One labeling effort."""

    rows = queries.projects
    id = Column("p.id")
    name = Column("p.name")
    description = Column("p.description")
    allowed_media_type = Column("p.media_type")
    auto_audit_number_of_labels = Column("p.auto_audit_number_of_labels")
    auto_audit_percentage = Column("p.auto_audit_percentage")
    data_row_count = Column("p.data_row_count")
    editor_task_type = Column("p.editor_task_type")
    is_benchmark_enabled = Column("p.is_benchmark_enabled")
    is_consensus_enabled = Column("p.is_consensus_enabled")
    model_setup_complete = Column("p.model_setup_complete")
    queue_mode = Column(queries.QUEUE_MODE)
    tag_set_status = Column(
        f"CASE {queries.QUEUE_MODE} WHEN 'BATCH' THEN 'ENABLED' ELSE 'DISABLED' END", filterable=False
    )
    upload_type = Column("p.upload_type")
    last_activity_time = Moment("p.last_activity_time")
    setup_complete = Moment("p.setup_complete")
    created_at = Moment("p.created_at")
    updated_at = Moment("p.updated_at")
    created_by = One("User", "p.created_by")
    organization = One("Organization", "p.organization_id")
    ontology = One("Ontology", "p.ontology_id")
    datasets = Many("Dataset", "pd.project_id", join=queries.DATASETS_JOIN)
    resource_tags = Many("ResourceTag", "prt.project_id", join=tag_queries.TAGS_JOIN)

    @computed("p.id")
    async def members(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        skip: int = 0,
        first: int = 100,
    ) -> list[list[ProjectMember]]:
        """Who can open the project."""
        return [
            await members.members_of(context, key, skip=skip or 0, first=first or 100) for (key,) in parents
        ]

    @computed("p.id")
    async def invites(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        from_: str | None = None,
        first: int | None = None,
    ) -> list[InviteConnection]:
        """Open invitations that promise a role in the project."""
        return [
            await invites.page_of_open(context, after=from_, first=first, project_id=key)
            for (key,) in parents
        ]

    @computed("p.id")
    async def external_submissions(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
    ) -> list[list[ExternalSubmission]]:
        """What was done on its rows elsewhere."""
        return [await external_submissions.submissions(context, key) for (key,) in parents]


class Organization:
    """The organization's projects."""

    projects = Many("Project", "p.organization_id")


class User:
    """The projects that a user can open."""

    projects = Many("Project", "opener.id", join=queries.PROJECTS_OF_USER_JOIN)


class Dataset:
    """The projects to which a dataset is connected."""

    projects = Many("Project", "pd.dataset_id", join=queries.PROJECTS_OF_DATASET_JOIN)


class Ontology:
    """The projects that use an ontology."""

    projects = Many("Project", "p.ontology_id")


class Query:
    """Looking at projects."""

    @staticmethod
    async def project(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One project."""
        return where["id"] if where else None

    @staticmethod
    async def projects(context: Context, search: str | None = None) -> Rows:
        """The projects that the caller may open; with `search` those whose name has the text in it."""
        rows = queries.projects(context)
        return queries.named_like(rows, search.strip()) if search and search.strip() else rows


class Mutation:
    """Making projects and datasets."""

    @staticmethod
    async def project(context: Context, where: dict[str, Any]) -> Namespace:
        """What can be done with one project."""
        return Namespace("ProjectMutation", where["id"])

    @staticmethod
    async def sync_external_project(context: Context, input: dict[str, Any]) -> SyncExternalProjectResult:
        """Work on a project's rows that was done elsewhere."""
        return SyncExternalProjectResult(
            await external_submissions.submit(
                context, project_id=input["project_id"], entries=input["entries"]
            )
        )

    @staticmethod
    async def create_project(context: Context, data: dict[str, Any]) -> str:
        """A new project."""
        return await actions.create_project(context, data)

    @staticmethod
    async def create_dataset(context: Context, data: dict[str, Any]) -> str:
        """A new dataset, connected to a project when one is named."""
        dataset_id = await datasets.create_dataset(
            context, name=data.get("name") or "", description=data.get("description") or ""
        )
        connect = (data.get("projects") or {}).get("connect")
        if connect:
            await actions.connect_dataset(context, project_id=connect["id"], dataset_id=dataset_id)
        return dataset_id

    @staticmethod
    async def set_project_membership(context: Context, data: dict[str, Any]) -> IdResult:
        """Gives a user a role in a project."""
        return IdResult(
            await members.set_project_membership(
                context, project_id=data["project_id"], user_id=data["user_id"], role_id=data["role_id"]
            )
        )

    @staticmethod
    async def delete_project_memberships(
        context: Context, where: dict[str, Any]
    ) -> DeleteProjectMembershipsResult:
        """Takes memberships away."""
        return await members.delete_project_memberships(
            context, project_id=where["project_id"], user_ids=where["user_ids"]
        )

    @staticmethod
    async def update_project_resource_tag(
        context: Context, where: dict[str, Any], data: dict[str, Any]
    ) -> ProjectResourceTag:
        """Points one tagging elsewhere."""
        return await tags.move_tag(
            context,
            link_id=where["id"],
            project_id=data.get("project_id"),
            tag_id=data.get("resource_tag_id"),
        )

    @staticmethod
    async def set_project_instructions(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Instructions for the labelers."""
        return await actions.set_instructions(context, project_id=where["id"], url=data["instructions_url"])


class ProjectMutation:
    """What `mutation { project(where:) { … } }` opens."""

    namespace = True

    @staticmethod
    async def update_project_resource_tags(
        context: Context, project_id: str, input: dict[str, Any]
    ) -> list[str]:
        """Replaces the project's tags."""
        return await tags.set_tags(
            context, project_id=project_id, tag_ids=input.get("resource_tag_ids") or []
        )

    @staticmethod
    async def show_predictions_to_labelers(
        context: Context, project_id: str, show: bool
    ) -> PredictionVisibility:
        """Turns model-assisted labeling on or off."""
        return await actions.show_pre_labels(context, project_id=project_id, show=show)

    @staticmethod
    async def set_tag_set_status(
        context: Context, project_id: str, input: dict[str, Any]
    ) -> TagSetStatusResult:
        """Batch mode or dataset mode, in the words of 3.x."""
        status = input["tag_set_status"]
        mode = "BATCH" if status == "ENABLED" else "DATASET"
        await actions.update_project(context, project_id, {"queue_mode": mode})
        return TagSetStatusResult(status)
