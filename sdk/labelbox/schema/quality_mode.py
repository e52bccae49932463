"""QualityMode: how a project checks its labels (P-CR-14, P-CR-15)."""

from __future__ import annotations

from enum import Enum

BENCHMARK_AUTO_AUDIT_NUMBER_OF_LABELS = 1
BENCHMARK_AUTO_AUDIT_PERCENTAGE = 1
CONSENSUS_AUTO_AUDIT_NUMBER_OF_LABELS = 3
CONSENSUS_AUTO_AUDIT_PERCENTAGE = 0


class QualityMode(Enum):
    """Benchmark compares labels with a reference label, Consensus labels with one another."""

    Benchmark = "BENCHMARK"
    Consensus = "CONSENSUS"


def quality_settings(modes: set[QualityMode]) -> dict[str, object]:
    """The project fields that a set of modes stands for."""
    benchmark_only = modes == {QualityMode.Benchmark}
    return {
        "auto_audit_number_of_labels": BENCHMARK_AUTO_AUDIT_NUMBER_OF_LABELS
        if benchmark_only
        else CONSENSUS_AUTO_AUDIT_NUMBER_OF_LABELS,
        "auto_audit_percentage": BENCHMARK_AUTO_AUDIT_PERCENTAGE
        if benchmark_only
        else CONSENSUS_AUTO_AUDIT_PERCENTAGE,
        "is_benchmark_enabled": QualityMode.Benchmark in modes,
        "is_consensus_enabled": QualityMode.Consensus in modes,
    }
