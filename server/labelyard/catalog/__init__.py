"""The catalog: search over all data rows, saved searches (slices), and sending rows with their labels to a project."""
