"""Review and Benchmark."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult
from labelyard.plumbing.source import Column, Many, Moment, Namespace, One, computed
from labelyard.quality import actions, benchmark_queries, benchmarks, queries
from labelyard.quality.records import LabelAggregate


class Review:
    """A judgement on a label: by convention 1, 0 or -1."""

    rows = queries.reviews
    id = Column("rv.id")
    score = Column("rv.score")
    comment = Column("rv.comment", filterable=False)
    created_at = Moment("rv.created_at")
    updated_at = Moment("rv.updated_at")
    created_by = One("User", "rv.created_by")
    label = One("Label", "rv.label_id")
    organization = One("Organization", "rv.organization_id")
    project = One("Project", "rv.project_id")


class Benchmark:
    """The reference label of a data row. Agreement is 0 to 100 here (reference/quality.md 1)."""

    rows = benchmark_queries.benchmarks
    id = Column("b.id")
    average_agreement = Column("b.average_agreement * 100")
    completed_count = Column("b.completed_count")
    created_at = Moment("b.created_at")
    last_activity = Moment("b.last_activity")
    created_by = One("User", "b.created_by")
    reference_label = One("Label", "b.label_id")


class Label:
    """A label's reviews."""

    reviews = Many("Review", "rv.label_id")


class Project:
    """A project's reviews and benchmarks."""

    reviews = Many("Review", "rv.project_id")
    benchmarks = Many("Benchmark", "b.project_id")

    @computed("p.id")
    async def review_metrics(context: Context, parents: list[tuple[str]]) -> list[Namespace]:  # noqa: N805
        """Labels by net score."""
        return [Namespace("ReviewMetrics", project_id) for (project_id,) in parents]


class ReviewMetrics:
    """Counts of labels by what their reviews add up to."""

    namespace = True

    @staticmethod
    async def label_aggregate(
        context: Context, project_id: str, net_score: str | None = None
    ) -> LabelAggregate:
        """Labels with that net score."""
        return await actions.net_score_count(context, project_id, net_score)


class Query:
    """Looking at reviews and benchmarks."""

    @staticmethod
    async def review(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One review."""
        return where["id"] if where else None

    @staticmethod
    async def benchmark(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One benchmark."""
        return where["id"] if where else None


class Mutation:
    """Changing reviews, and making benchmarks."""

    @staticmethod
    async def update_review(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str | None:
        """Changes or deletes a review."""
        if data.get("deleted"):
            await actions.delete_review(context, review_id=where["id"])
            return None
        fixed = sorted(set(data) - {"score", "deleted"})
        if fixed:
            raise errors.NotAllowed(f"Of a review only the score can be changed, not {', '.join(fixed)}.")
        if data.get("score", 0.0) is None:
            raise errors.Malformed("A review needs a score.")
        return await actions.update_review(context, review_id=where["id"], score=data.get("score"))

    @staticmethod
    async def create_benchmark(context: Context, data: dict[str, Any]) -> str:
        """Marks a label as the reference of its data row."""
        return await benchmarks.create_benchmark(context, label_id=data["label_id"])

    @staticmethod
    async def update_benchmark(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Moves a benchmark to another label of its data row."""
        return await benchmarks.update_benchmark(context, benchmark_id=where["id"], given=data)

    @staticmethod
    async def delete_benchmark(context: Context, where: dict[str, Any]) -> IdResult:
        """The label is a reference no more."""
        return IdResult(await benchmarks.delete_benchmark(context, label_id=where["label_id"]))

    @staticmethod
    async def choose_consensus_winner(context: Context, data: dict[str, Any]) -> str:
        """The label stands for its data row."""
        return await benchmarks.choose_winner(context, label_id=data["label_id"])
