"""Predictions of the legacy editor: what a model says about a data row (reference/projects.md 13)."""
