"""Annotation imports."""

from __future__ import annotations

from labelyard.annotation_imports import actions
from labelyard.annotation_imports.records import ImportAnnotations
from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles


@handles(ImportAnnotations, attempts=10)
async def import_annotations(context: Context, message: ImportAnnotations) -> None:
    """Imports annotations."""
    await actions.import_annotations(context, message)
