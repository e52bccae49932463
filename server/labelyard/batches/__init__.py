"""Batches: data rows sent to a project together, and the queue they enter (P-BA, P-BM, P-BD, reference/queue.md)."""
