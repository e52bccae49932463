"""Quality: reviews of labels (R-RV); benchmarks and agreement follow (reference/quality.md)."""
