"""Geometry: the base of the shapes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Geometry(ABC):
    """Where an object is; `extra` is the user's own and is not sent."""

    extra: dict[str, Any] = field(default_factory=dict)

    @abstractmethod
    def as_line(self) -> dict[str, Any]:
        """The shape as a line of an import has it (import format, section 3)."""
