"""Labeling frontends and their options: the page in which a project is labeled (R-LF, reference/frontends.md)."""
