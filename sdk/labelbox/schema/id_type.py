"""IdType: how a data row is named on the wire."""

from enum import Enum


class IdType(Enum):
    """An id of the server's, or a global key of the user's."""

    DataRowId = "ID"
    GlobalKey = "GKEY"
