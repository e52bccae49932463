"""Workflow: who gets which data row next, and where a row goes from there (reference/queue.md, workflow.md)."""
