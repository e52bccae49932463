"""The main job as labelbox 3.x does it."""

from __future__ import annotations

from batch_mode import BatchMode


class MainJob(BatchMode):
    """Batch mode."""


MainJob().run()
