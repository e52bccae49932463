"""UniqueId, GlobalKey: the two names of one data row (P-LP-02)."""

from __future__ import annotations

from dataclasses import dataclass

from labelbox.schema.id_type import IdType


@dataclass(frozen=True)
class Identifiable:
    """A name of a data row and its kind."""

    key: str
    id_type: IdType

    def as_input(self) -> dict[str, str]:
        """The name as the wire's DataRowIdentifierInput."""
        return {"id": self.key, "idType": self.id_type.value}


class UniqueId(Identifiable):
    """A data row by the id that the server gave it."""

    def __init__(self, key: str) -> None:
        super().__init__(key, IdType.DataRowId)


class GlobalKey(Identifiable):
    """A data row by the global key that the user gave it."""

    def __init__(self, key: str) -> None:
        super().__init__(key, IdType.GlobalKey)
