"""`labelbox.pagination` under the name that newer clients use."""

from labelbox.pagination import PaginatedCollection

__all__ = ["PaginatedCollection"]
