"""Projects: one labeling effort with an ontology, a media type and a workflow (reference/projects.md)."""
