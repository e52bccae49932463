"""Integrations: permission to read the user's own cloud storage (IAM); none can be made yet."""
