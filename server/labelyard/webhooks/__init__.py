"""Webhooks: the server tells a URL of the user's what happened (reference/webhooks.md)."""
