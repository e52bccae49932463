"""`labelbox.request_client` under the name that newer clients use."""

from labelbox.request_client import RequestClient

__all__ = ["RequestClient"]
