"""The main job as labelbox 6.x and 7.x do it."""

from __future__ import annotations

from batch_mode import BatchMode


class MainJob(BatchMode):
    """Batch mode."""


MainJob().run()
