"""UniqueIds, GlobalKeys, DataRowIds: lists of data row names of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labelbox.schema.id_type import IdType
from labelbox.schema.identifiable import GlobalKey, Identifiable, UniqueId

if TYPE_CHECKING:
    from labelbox.schema.data_row import DataRow


@dataclass(frozen=True)
class Identifiables:
    """Names of data rows, all of one kind; iterating gives each as UniqueId or GlobalKey."""

    keys: list[str]
    id_type: IdType

    def __init__(self, keys: Iterable[str], id_type: IdType) -> None:
        object.__setattr__(self, "keys", list(keys))
        object.__setattr__(self, "id_type", id_type)

    def __iter__(self) -> Iterator[Identifiable]:
        one = UniqueId if self.id_type is IdType.DataRowId else GlobalKey
        return (one(key) for key in self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def as_input(self) -> dict[str, object]:
        """The names as `{ids, idType}`."""
        return {"ids": self.keys, "idType": self.id_type.value}


class UniqueIds(Identifiables):
    """Data rows by the ids that the server gave them."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(keys, IdType.DataRowId)

    @classmethod
    def from_data_rows(cls, data_rows: Iterable[DataRow]) -> UniqueIds:
        """The ids of data row objects."""
        return cls(row.uid for row in data_rows)


class DataRowIds(UniqueIds):
    """Another name of UniqueIds."""


class GlobalKeys(Identifiables):
    """Data rows by the global keys that the user gave them."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(keys, IdType.GlobalKey)


def identifiables_of(
    data_rows: Identifiables | Iterable[DataRow | Identifiable | str],
) -> Identifiables:
    """Names of one kind from what a caller may give: a list object, data rows, single names or ids.

    Raises TypeError for anything else and ValueError when ids and global keys are mixed.
    """
    if isinstance(data_rows, Identifiables):
        return data_rows
    if isinstance(data_rows, str):
        raise TypeError("data rows must be given as a list, UniqueIds or GlobalKeys, not as one string")
    names = [_named(row) for row in data_rows]
    kinds = {name.id_type for name in names}
    if len(kinds) > 1:
        raise ValueError("ids and global keys cannot be mixed in one call")
    return Identifiables([name.key for name in names], kinds.pop() if kinds else IdType.DataRowId)


def _named(row: DataRow | Identifiable | str) -> Identifiable:
    if isinstance(row, Identifiable):
        return row
    if isinstance(row, str):
        return UniqueId(row)
    uid = getattr(row, "uid", None)
    if type(row).__name__ != "DataRow" or not isinstance(uid, str):
        raise TypeError(f"a data row must be a DataRow, UniqueId, GlobalKey or id, got {row!r}")
    return UniqueId(uid)
