"""One item of an upsert: which data row, and what it shall have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labelbox.schema.identifiable import Identifiable


@dataclass(frozen=True)
class DataRowUpsertItem:
    """`id_type` is AUTO (create), ID (must exist) or GKEY (changed when it exists, else created)."""

    id_type: str
    key: str
    payload: dict[str, Any]

    @classmethod
    def build(cls, dataset_id: str, key: Identifiable | None, payload: dict[str, Any]) -> DataRowUpsertItem:
        """An item of a dataset. Raises ValueError when nothing but the key is given."""
        values = {name: value for name, value in payload.items() if value is not None}
        if not values:
            raise ValueError("Some items have an empty payload")
        id_type = "AUTO" if key is None else key.id_type.value
        return cls(id_type, "" if key is None else key.key, {**values, "dataset_id": dataset_id})

    def asdict(self) -> dict[str, Any]:
        """The item as a chunk file has it."""
        return {"id": {"type": self.id_type, "value": self.key}, "payload": self.payload}


def key_of(value: Any) -> Identifiable:
    """The key of an upsert item. Raises ValueError unless it is a UniqueId or a GlobalKey."""
    if isinstance(value, Identifiable):
        return value
    raise ValueError(f"the key of a data row must be a UniqueId or a GlobalKey, got {value!r}")
