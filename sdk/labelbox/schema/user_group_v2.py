"""UserGroupV2: members of a user group from and to a list of e-mail addresses."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labelbox.exceptions import ResourceNotFoundError
from labelbox.multipart_body import FilePart
from labelbox.schema.role import format_role, roles_of

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection

USER_GROUP_MEMBERS_AS_CSV = """query UserGroupMembersAsCsv($id: ID!) {
    userGroupV2(where: {id: $id}) { id membersAsCSV }
}"""
IMPORT_USERS_AS_CSV_TO_GROUP = """mutation ImportUsersAsCsvToGroup($roleId: ID!, $file: Upload!, $id: ID!) {
    importUsersAsCsvToGroup(roleId: $roleId, file: $file, where: {id: $id}) { csvReport addedCount count }
}"""


@dataclass(frozen=True)
class Member:
    """Somebody in a group."""

    email: str


@dataclass(frozen=True)
class UploadReportLine:
    """What became of one address."""

    email: str
    result: str
    error: str | None = None


@dataclass(frozen=True)
class UploadReport:
    """What became of all addresses, in their order."""

    lines: list[UploadReportLine]


@dataclass
class UserGroupV2:
    """Reads and writes the members of groups as lists of addresses."""

    client: Connection

    def export_members(self, group_id: str) -> list[Member]:
        """The members' addresses. Raises ValueError without an id, ResourceNotFoundError for an unknown one."""
        if not group_id:
            raise ValueError("a group id is needed")
        data = self.client.execute(USER_GROUP_MEMBERS_AS_CSV, {"id": group_id})
        if not data or not data["userGroupV2"]:
            raise ResourceNotFoundError(UserGroupV2, {"id": group_id})
        return [Member(line["Email"]) for line in _lines(data["userGroupV2"]["membersAsCSV"])]

    def upload_members(self, group_id: str, role: str, emails: list[str]) -> UploadReport:
        """Adds the users with these addresses to a group, with the role of that name.

        Raises ValueError without an id or for an unknown role, ResourceNotFoundError for an unknown group.
        """
        if not group_id:
            raise ValueError("a group id is needed")
        roles = roles_of(self.client)
        if format_role(role) not in roles:
            raise ValueError(f"there is no role {role!r}")
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([["email"], *([email] for email in emails)])
        data = self.client.request_client.upload(
            IMPORT_USERS_AS_CSV_TO_GROUP,
            {"roleId": roles[format_role(role)].uid, "file": None, "id": group_id},
            FilePart(text.getvalue().encode(), "members.csv", "text/csv"),
            key="0",
        )
        if not data or not data["importUsersAsCsvToGroup"]:
            raise ResourceNotFoundError(UserGroupV2, {"id": group_id})
        return UploadReport(
            [
                UploadReportLine(line["Email"], line["Result"], line["Error"] or None)
                for line in _lines(data["importUsersAsCsvToGroup"]["csvReport"])
            ]
        )


def _lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
