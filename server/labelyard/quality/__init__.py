"""Quality: reviews of labels (R-RV), benchmarks (R-BEN), and how alike labels are (reference/quality.md)."""
