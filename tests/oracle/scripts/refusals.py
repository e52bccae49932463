"""What every version must be refused, and with which exception."""

from __future__ import annotations

from job import Job, equal, exceptions, raises

from labelbox import Project

UNKNOWN_ID = "c" + "0" * 24
DEEP_LISTING = "query Deep { projects { datasets { dataRows { labels { id } } } } }"


class Refusals(Job):
    """The steps that end in an exception of the client's own."""

    def wrong_key(self) -> str:
        """AuthenticationError for a key that nobody has."""
        return raises(exceptions.AuthenticationError, lambda: self._client("not-a-key").get_user())

    def unknown_project(self) -> str:
        """ResourceNotFoundError for an id that nothing has."""
        return raises(exceptions.ResourceNotFoundError, lambda: self.client.get_project(UNKNOWN_ID))

    def unknown_dataset(self) -> str:
        """ResourceNotFoundError for an id that nothing has."""
        return raises(exceptions.ResourceNotFoundError, lambda: self.client.get_dataset(UNKNOWN_ID))

    def unknown_field(self) -> str:
        """InvalidQueryError for a document that does not fit the schema."""
        return raises(
            exceptions.InvalidQueryError, lambda: self.client.execute("query Bad { projects { bananas } }")
        )

    def broken_document(self) -> str:
        """InvalidQueryError for a document that does not parse."""
        return raises(exceptions.InvalidQueryError, lambda: self.client.execute("query Bad { projects { id "))

    def costly_query(self) -> str:
        """ValidationFailedError for a listing of everything, four levels deep."""
        return raises(exceptions.ValidationFailedError, lambda: self.client.execute(DEEP_LISTING))

    def unknown_attribute(self) -> str:
        """InvalidAttributeError, raised before anything is sent."""
        return raises(exceptions.InvalidAttributeError, lambda: self.client.create_dataset(bananas="yellow"))

    def same_field_twice(self) -> str:
        """InvalidQueryError for a filter that the client itself cannot say."""
        twice = (Project.name == "a") & (Project.name == "b")
        return raises(exceptions.InvalidQueryError, lambda: list(self.client.get_projects(where=twice)))

    def user_and_organization(self) -> str:
        """Who the key belongs to, and the way back from there."""
        user = self.client.get_user()
        organization = self.client.get_organization()
        assert user.email, user
        equal(user.organization().uid, organization.uid)
        assert user.uid in [member.uid for member in organization.users()]
        return f"{user.email} of {organization.name}"

    def roles(self) -> str:
        """The roles of the organization, NONE among them."""
        names = sorted(self.client.get_roles())
        assert "NONE" in names and "LABELER" in names, names
        equal(self.client.get_user().org_role().name.upper(), "ADMIN")
        return ", ".join(names)
