"""Tags of an organization and of its projects: rows P-TA, P-TG (reference/projects.md 10)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import labelbox as lb
from factories import unique
from labelbox import exceptions


@pytest.fixture
def tags(client: lb.Client) -> list[lb.ResourceTag]:
    """Two new tags."""
    organization = client.get_organization()
    return [
        organization.create_resource_tag({"text": unique("tag"), "color": color})
        for color in ("#008856", "a0B1c2")
    ]


def test_P_TA_01_the_set_of_tags_is_replaced(
    client: lb.Client, project: lb.Project, tags: list[lb.ResourceTag]
) -> None:
    first, second = tags
    assert [tag.uid for tag in project.update_project_resource_tags([first.uid])] == [first.uid]
    both = project.update_project_resource_tags([second.uid, first.uid])
    assert {tag.uid for tag in both} == {first.uid, second.uid}
    assert [tag.uid for tag in project.update_project_resource_tags([second.uid])] == [second.uid]
    assert [tag.uid for tag in project.get_resource_tags()] == [second.uid]
    with pytest.raises(exceptions.MalformedQueryException, match="cnothere"):
        project.update_project_resource_tags([first.uid, "cnothere"])
    assert [tag.uid for tag in project.get_resource_tags()] == [second.uid]
    assert project.update_project_resource_tags([]) == project.get_resource_tags() == []


def test_P_TG_01_P_TG_02_tags_are_listed_with_text_and_colour(
    client: lb.Client, project: lb.Project, tags: list[lb.ResourceTag]
) -> None:
    assert project.get_resource_tags() == []
    project.update_project_resource_tags([tag.uid for tag in tags])
    found = {tag.uid: (tag.text, tag.color) for tag in project.get_resource_tags()}
    assert found == {tags[0].uid: (tags[0].text, "008856"), tags[1].uid: (tags[1].text, "a0B1c2")}
    everywhere = {tag.uid: tag.color for tag in client.get_organization().get_resource_tags()}
    assert everywhere[tags[0].uid] == "008856"


def test_tags_are_changed_and_have_texts_of_their_own(client: lb.Client, tags: list[lb.ResourceTag]) -> None:
    first, second = tags
    first.update(text=unique("tag"), color="#ffffff")
    found = {tag.uid: (tag.text, tag.color) for tag in client.get_organization().get_resource_tags()}
    assert found[first.uid] == (first.text, "ffffff")
    organization = client.get_organization()
    with pytest.raises(exceptions.ResourceConflict, match="already"):
        organization.create_resource_tag({"text": first.text, "color": "#000000"})
    with pytest.raises(exceptions.ResourceConflict, match="already"):
        second.update(text=first.text)
    for given in ({"text": "a"}, {"color": "#ffffff"}):
        with pytest.raises(ValueError):
            organization.create_resource_tag(given)
    with pytest.raises(exceptions.MalformedQueryException, match="green"):
        organization.create_resource_tag({"text": unique("tag"), "color": "green"})
    assert len(organization.get_resource_tags()) == len(found)


def test_a_labeler_tags_nothing(
    client: lb.Client, project: lb.Project, tags: list[lb.ResourceTag], client_of: Callable[[str], lb.Client]
) -> None:
    labeler = client_of("Labeler")
    with pytest.raises(exceptions.AuthorizationError):
        labeler.get_organization().create_resource_tag({"text": unique("tag"), "color": "#ffffff"})
    with pytest.raises(exceptions.AuthorizationError):
        labeler.get_project(project.uid).update_project_resource_tags([tags[0].uid])
    assert project.get_resource_tags() == []
