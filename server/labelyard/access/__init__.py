"""Who may do what: API keys, sessions, roles and permissions (reference/access.md 1, 4, 8)."""
