"""Performance: who has labeled how much, how fast and how well (R-PJ-37, reference/quality.md 6)."""
