"""Annotation imports: pre-labels and ground truth that come as annotation NDJSON (R-PJ-30, R-BI, R-AI)."""
