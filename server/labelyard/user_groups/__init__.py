"""User groups: people who get a role in several projects at once (reference/access.md 7)."""
