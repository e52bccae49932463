"""What every action is given first: who acts, and with what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelyard.plumbing.blobs import BlobStore
    from labelyard.plumbing.database import Database, Pool
    from labelyard.plumbing.jobs import Jobs
    from labelyard.settings import Settings


@dataclass(frozen=True, slots=True)
class Actor:
    """The user on whose behalf something happens, and the key or session that says so."""

    organization_id: str
    user_id: str
    email: str
    role: str
    permissions: frozenset[str]
    credential: str = ""
    # what the role of the key allows at most, in projects too; None for a key or session without one
    ceiling: frozenset[str] | None = None

    @property
    def sees_every_project(self) -> bool:
        """Whether an organization role opens all projects; without one, memberships decide."""
        return self.role != "NONE"


@dataclass(slots=True)
class Context:
    """The first argument of every action."""

    actor: Actor
    database: Database
    pool: Pool
    blobs: BlobStore
    jobs: Jobs
    settings: Settings
    base_url: str
    request_id: str = ""
    after_rollback: list[Any] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The clock, in UTC."""
        return datetime.now(UTC)

    @property
    def organization_id(self) -> str:
        """The caller's organization."""
        return self.actor.organization_id

    @property
    def user_id(self) -> str:
        """The caller."""
        return self.actor.user_id
