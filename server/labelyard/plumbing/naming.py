"""The server's only place where camelCase meets snake_case."""

from __future__ import annotations

import keyword
import re
from functools import cache

_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z])(?=[a-z])")


@cache
def snake(name: str) -> str:
    """`dataRowIds` -> `data_row_ids`, `createBatchV2` -> `create_batch_v2`; `from` -> `from_`, as Python needs it."""
    converted = _CAPITAL.sub(lambda match: "_" + match.group(0), name).lower()
    return converted + "_" if keyword.iskeyword(converted) else converted
