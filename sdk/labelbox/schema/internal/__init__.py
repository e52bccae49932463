"""How data rows travel to the server: items -> checked specs -> chunk files -> manifest."""
