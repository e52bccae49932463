"""Integrations: permission to read the user's own cloud storage (IAM). Datasets ask for the list; none can be made yet."""
