"""ConsensusSettings: votes and coverage of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ConsensusSettings:
    """How many labels the consensus rows of a batch need, and which share of the rows they are (0 to 1)."""

    number_of_labels: int
    coverage_percentage: float

    def as_input(self) -> dict[str, Any]:
        """The settings as the wire's ConsensusSettingsInput."""
        return {"numberOfLabels": self.number_of_labels, "coveragePercentage": self.coverage_percentage}

    @classmethod
    def of(cls, given: Mapping[str, Any] | ConsensusSettings | None) -> dict[str, Any] | None:
        """The wire's form of what a caller gives. Raises ValueError for other keys or values."""
        if given is None:
            return None
        if isinstance(given, ConsensusSettings):
            return given.as_input()
        keys = {"number_of_labels", "coverage_percentage"}
        if set(given) != keys:
            raise ValueError(f"consensus_settings has the keys {sorted(keys)}, got {sorted(given)}")
        if not isinstance(given["number_of_labels"], int) or not 0 <= given["coverage_percentage"] <= 1:
            raise ValueError(
                f"number_of_labels must be an int, coverage_percentage between 0 and 1, got {dict(given)}"
            )
        return cls(**given).as_input()
