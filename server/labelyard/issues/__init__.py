"""Issues: remarks about a data row of a project that stay open until they are resolved (reference/projects.md 14)."""
