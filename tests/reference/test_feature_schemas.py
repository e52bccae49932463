"""Ontologies and the features they share, changed by REST (reference/ontology.md 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb
from factories import unique
from labelbox import exceptions


def _names(ontology: lb.Ontology) -> list[str]:
    return [node["name"] for kind in ("tools", "classifications") for node in ontology.normalized[kind]]


@pytest.fixture
def car(client: lb.Client) -> lb.FeatureSchema:
    """A box of its own with a question inside."""
    colour = lb.Classification(
        lb.Classification.Type.RADIO, "Colour", options=[lb.Option("red"), lb.Option("blue")]
    )
    return client.create_feature_schema(
        lb.Tool(lb.Tool.Type.BBOX, unique("Car"), classifications=[colour]).asdict()
    )


@pytest.fixture
def two(client: lb.Client, car: lb.FeatureSchema) -> list[lb.Ontology]:
    """Two ontologies with the same box."""
    return [
        client.create_ontology_from_feature_schemas(unique("ontology"), [car.uid], lb.MediaType.Image)
        for _ in range(2)
    ]


def test_a_new_name_reaches_every_ontology(
    client: lb.Client, car: lb.FeatureSchema, two: list[lb.Ontology]
) -> None:
    renamed = client.update_feature_schema_title(car.uid, "Lorry")
    assert (renamed.uid, renamed.name, renamed.normalized["name"]) == (car.uid, "Lorry", "Lorry")
    for ontology in two:
        assert _names(client.get_ontology(ontology.uid)) == ["Lorry"]
    with pytest.raises(exceptions.LabelboxError, match="blank"):
        client.update_feature_schema_title(car.uid, " ")
    with pytest.raises(exceptions.ResourceNotFoundError):
        client.update_feature_schema_title("cnothere", "x")
    assert client.get_feature_schema(car.uid).name == "Lorry"


def test_an_answer_inside_is_renamed_in_the_tool_around_it(
    client: lb.Client, car: lb.FeatureSchema, two: list[lb.Ontology]
) -> None:
    question = client.get_ontology(two[0].uid).normalized["tools"][0]["classifications"][0]
    client.update_feature_schema_title(question["featureSchemaId"], "Paint")
    for holder in (*(client.get_ontology(o.uid).normalized["tools"][0] for o in two),):
        assert holder["classifications"][0]["name"] == "Paint"
    assert client.get_feature_schema(car.uid).normalized["classifications"][0]["name"] == "Paint"


def test_upsert_makes_a_feature_or_gives_one_other_content(
    client: lb.Client, car: lb.FeatureSchema, two: list[lb.Ontology]
) -> None:
    made = client.upsert_feature_schema(lb.Tool(lb.Tool.Type.POINT, "Sign").asdict())
    assert made.normalized["tool"] == "point"
    document: dict[str, Any] = {**car.normalized, "color": "#123456", "required": True}
    changed = client.upsert_feature_schema(document)
    assert (changed.uid, changed.normalized["color"]) == (car.uid, "#123456")
    for ontology in two:
        (tool,) = client.get_ontology(ontology.uid).normalized["tools"]
        assert (tool["featureSchemaId"], tool["color"], tool["required"]) == (car.uid, "#123456", True)
        assert [o["value"] for o in tool["classifications"][0]["options"]] == ["red", "blue"]
    with pytest.raises(exceptions.LabelboxError, match="cannot become"):
        client.upsert_feature_schema({**document, "tool": "polygon"})
    assert client.get_feature_schema(car.uid).normalized["tool"] == "rectangle"


def test_what_nobody_uses_is_listed_and_can_be_deleted(
    client: lb.Client, project: lb.Project, car: lb.FeatureSchema, two: list[lb.Ontology]
) -> None:
    project.connect_ontology(two[0])
    assert two[1].uid in _all(client.get_unused_ontologies)
    assert two[0].uid not in _all(client.get_unused_ontologies)
    with pytest.raises(exceptions.LabelboxError, match=project.name):
        client.delete_unused_ontology(two[0].uid)
    client.delete_unused_ontology(two[1].uid)
    with pytest.raises(exceptions.ResourceNotFoundError):
        client.get_ontology(two[1].uid)
    assert client.get_ontology(two[0].uid).name == two[0].name

    assert car.uid not in _all(client.get_unused_feature_schemas)
    with pytest.raises(exceptions.LabelboxError, match="is used in the ontology"):
        client.delete_unused_feature_schema(car.uid)
    project.delete()
    client.delete_unused_ontology(two[0].uid)
    assert car.uid in _all(client.get_unused_feature_schemas)
    client.delete_unused_feature_schema(car.uid)
    assert car.uid not in _all(client.get_unused_feature_schemas)
    with pytest.raises(exceptions.ResourceNotFoundError):
        client.get_feature_schema(car.uid)


def _all(page: Callable[..., list[str]]) -> list[str]:
    found = page()
    while len(found) % 100 == 0 and (more := page(after=found[-1])):
        found += more
    return found


def test_a_feature_goes_into_an_ontology_where_it_is_put_and_out_again(
    client: lb.Client, two: list[lb.Ontology], car: lb.FeatureSchema
) -> None:
    sign = client.create_feature_schema(lb.Tool(lb.Tool.Type.POINT, "Sign").asdict())
    ontology = two[0]
    client.insert_feature_schema_into_ontology(sign.uid, ontology.uid, 0)
    assert _names(client.get_ontology(ontology.uid)) == ["Sign", car.name]
    assert client.get_ontology(ontology.uid).object_schema_count == 2
    with pytest.raises(exceptions.LabelboxError, match="already"):
        client.insert_feature_schema_into_ontology(sign.uid, ontology.uid, 1)
    words = client.create_feature_schema(lb.Tool(lb.Tool.Type.NER, "Word").asdict())
    with pytest.raises(exceptions.LabelboxError, match="cannot be used on IMAGE"):
        client.insert_feature_schema_into_ontology(words.uid, ontology.uid, 0)
    assert client.is_feature_schema_archived(ontology.uid, sign.uid) is False
    gone = client.delete_feature_schema_from_ontology(ontology.uid, sign.uid)
    assert (gone.archived, gone.deleted) == (False, True)
    assert _names(client.get_ontology(ontology.uid)) == [car.name]
    assert _names(client.get_ontology(two[1].uid)) == [car.name]
    assert sign.uid in _all(client.get_unused_feature_schemas)
    with pytest.raises(exceptions.ResourceNotFoundError):
        client.delete_feature_schema_from_ontology(ontology.uid, sign.uid)


def test_a_feature_that_labels_use_is_archived_and_comes_back(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset
) -> None:
    ontology = ready.ontology()
    box, weather = ontology.normalized["tools"][0], ontology.normalized["classifications"][0]
    row = next(dataset.data_rows())
    drawn = {
        "uuid": "7b0ea1c0-31a5-4b5b-8a2f-6f3bb6a5e001",
        "dataRow": {"id": row.uid},
        "name": box["name"],
        "bbox": {"top": 1, "left": 1, "height": 5, "width": 5},
    }
    job = lb.LabelImport.create_from_objects(client, ready.uid, unique("import"), [drawn])
    job.wait_till_done(sleep_time_seconds=0.2)
    assert job.errors == []
    gone = client.delete_feature_schema_from_ontology(ontology.uid, box["featureSchemaId"])
    assert (gone.archived, gone.deleted) == (True, False)
    assert client.is_feature_schema_archived(ontology.uid, box["featureSchemaId"]) is True
    assert client.is_feature_schema_archived(ontology.uid, weather["featureSchemaId"]) is False
    assert _names(client.get_ontology(ontology.uid)) == ["Weather"]
    (label,) = ready.labels()  # what was drawn is still understood
    assert box["featureSchemaId"] in label.label
    client.unarchive_feature_schema_node(ontology.uid, box["featureSchemaId"])
    assert client.is_feature_schema_archived(ontology.uid, box["featureSchemaId"]) is False
    assert _names(client.get_ontology(ontology.uid)) == ["Car", "Weather"]


def test_a_new_feature_can_be_labeled_at_once(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset
) -> None:
    """What the server keeps of an ontology is thrown away when the ontology changes."""
    rows = list(dataset.data_rows())

    def imported(name: str, row: lb.DataRow) -> list[Any]:
        line = {
            "uuid": f"7b0ea1c0-31a5-4b5b-8a2f-{rows.index(row):012d}",
            "dataRow": {"id": row.uid},
            "name": name,
            "point": {"x": 1, "y": 2},
        }
        job = lb.LabelImport.create_from_objects(client, ready.uid, unique("import"), [line])
        job.wait_till_done(sleep_time_seconds=0.2)
        return list(job.errors)

    assert imported("Sign", rows[0])
    sign = client.create_feature_schema(lb.Tool(lb.Tool.Type.POINT, "Sign").asdict())
    client.insert_feature_schema_into_ontology(sign.uid, ready.ontology().uid, 1)
    assert imported("Sign", rows[1]) == []


def test_a_labeler_changes_no_ontology(
    client: lb.Client, two: list[lb.Ontology], car: lb.FeatureSchema, client_of: Callable[[str], lb.Client]
) -> None:
    labeler = client_of("Labeler")
    for call in (
        lambda: labeler.update_feature_schema_title(car.uid, "mine"),
        lambda: labeler.upsert_feature_schema(car.normalized),
        lambda: labeler.delete_unused_ontology(two[0].uid),
        lambda: labeler.delete_unused_feature_schema(car.uid),
        lambda: labeler.delete_feature_schema_from_ontology(two[0].uid, car.uid),
        lambda: labeler.insert_feature_schema_into_ontology(car.uid, two[0].uid, 0),
    ):
        with pytest.raises(exceptions.AuthorizationError):
            call()
    assert _names(client.get_ontology(two[0].uid)) == [car.name]
