"""Hypothesis without deadlines: a first example imports numpy or shapely, and the machine may be shared."""

from hypothesis import settings

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")
