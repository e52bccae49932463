"""The version that the SDK tells the server in `X-User-Agent`; the same as in sdk/pyproject.toml."""

__version__ = "0.1.0"
