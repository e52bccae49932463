"""Organizations and users: an organization is the tenant and owns everything (reference/access.md 3)."""
