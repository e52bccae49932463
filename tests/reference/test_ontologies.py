"""Ontology, its builder, frontends and setup, as the two documents describe them: rows R-ON, R-LF, R-LFO, P-ON, P-IN."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3

import labelbox as lb
from conftest import RunningServer
from factories import next_rows, submit, unique
from labelbox import Classification, OntologyBuilder, Option, Tool, exceptions
from labelbox.schema.labeling_frontend import LabelingFrontend, LabelingFrontendOptions
from reference import clients
from reference.labeling import car, document

KINDS = (
    Tool.Type.POLYGON,
    Tool.Type.SEGMENTATION,
    Tool.Type.POINT,
    Tool.Type.BBOX,
    Tool.Type.LINE,
    Tool.Type.NER,
)


def _builder() -> OntologyBuilder:
    nested = Classification(Classification.Type.TEXT, "How many")
    return OntologyBuilder(
        tools=[
            Tool(
                kind,
                f"tool {number}",
                color=f"#00000{number}",
                classifications=[nested] if number == 3 else [],
            )
            for number, kind in enumerate(KINDS)
        ],
        classifications=[
            Classification(
                Classification.Type.RADIO,
                "Weather",
                options=[
                    Option(
                        "rainy",
                        options=[
                            Classification(Classification.Type.CHECKLIST, "Kind", options=[Option("hail")])
                        ],
                    ),
                    Option("sunny"),
                ],
            ),
            Classification(Classification.Type.TEXT, "Notes"),
        ],
    )


@pytest.fixture
def frontend(client: lb.Client) -> LabelingFrontend:
    """The Editor."""
    (found,) = client.get_labeling_frontends(where=LabelingFrontend.name == "Editor")
    return found


@pytest.fixture
def set_up(client: lb.Client, frontend: LabelingFrontend) -> lb.Project:
    """A project set up the older way."""
    made = clients.project_of_any_kind(client, unique("project"))
    made.setup(frontend, _builder().asdict())
    return made


def test_R_ON_01_R_ON_02_R_ON_03_R_ON_04_R_ON_05_R_ON_06_R_ON_08_R_ON_09_R_ON_10_R_ON_11_R_PJ_23_fields(
    client: lb.Client, set_up: lb.Project
) -> None:
    ontology = set_up.ontology()
    assert isinstance(ontology, lb.Ontology)
    assert isinstance(ontology.name, str) and isinstance(ontology.description, str | None)
    assert isinstance(ontology.created_at, datetime) and isinstance(ontology.updated_at, datetime)
    assert (ontology.object_schema_count, ontology.classification_schema_count) == (6, 2)
    assert [found.uid for found in ontology.projects()] == [set_up.uid]
    assert ontology.created_by() == client.get_user()


def test_R_ON_07_normalized_has_ids_for_everything(set_up: lb.Project) -> None:
    def nodes(node: Any) -> Any:
        if isinstance(node, dict):
            if "name" in node or "label" in node:
                yield node
            for value in node.values():
                yield from nodes(value)
        elif isinstance(node, list):
            for value in node:
                yield from nodes(value)

    normalized = set_up.ontology().normalized
    found = list(nodes({"tools": normalized["tools"], "classifications": normalized["classifications"]}))
    assert len(found) == 6 + 1 + 2 + 2 + 1 + 1
    for node in found:
        assert len(node["schemaNodeId"]) == 25 and len(node["featureSchemaId"]) == 25
    assert len({node["featureSchemaId"] for node in found}) == len(found)


def test_R_ON_12_R_ON_13_R_ON_17_R_ON_18_tools_and_classifications(set_up: lb.Project) -> None:
    ontology = set_up.ontology()
    tools = ontology.tools()
    assert all(isinstance(tool, Tool) for tool in tools)
    assert tuple(tool.tool for tool in tools) == KINDS
    assert [tool.classifications[0].class_type for tool in tools if tool.classifications] == [
        Classification.Type.TEXT
    ]
    weather, notes = ontology.classifications()
    assert isinstance(weather, Classification) and weather.class_type is Classification.Type.RADIO
    assert [option.value for option in weather.options] == ["rainy", "sunny"]
    assert notes.class_type is Classification.Type.TEXT
    assert OntologyBuilder().tools == [] and OntologyBuilder().classifications == []


def test_R_ON_14_R_ON_15_R_ON_16_R_ON_19_R_PJ_56_R_PJ_57_builder_and_setup(client: lb.Client) -> None:
    frontend = next(iter(client.get_labeling_frontends()))
    first = clients.project_of_any_kind(client, unique("project"))
    first.setup(frontend, _builder().asdict())
    normalized = first.ontology().normalized
    built = OntologyBuilder.from_project(first)
    assert built.asdict()["tools"] == normalized["tools"]
    assert built.asdict()["classifications"] == normalized["classifications"]
    second = clients.project_of_any_kind(client, unique("project"))
    second.setup(frontend, json.dumps(built.asdict()))

    def shape(node: Any) -> Any:
        if isinstance(node, dict):
            return {k: shape(v) for k, v in node.items() if k not in ("schemaNodeId", "featureSchemaId")}
        return [shape(entry) for entry in node] if isinstance(node, list) else node

    again = second.ontology().normalized
    for part in ("tools", "classifications"):
        assert shape(again[part]) == shape(normalized[part])


def test_R_PJ_08_R_PJ_09_R_PJ_16_R_PJ_17_setup_completes(
    client: lb.Client, frontend: LabelingFrontend
) -> None:
    project = clients.project_of_any_kind(client, unique("project"))
    assert project.setup_complete is None and project.labeling_frontend() is None
    assert list(project.labeling_frontend_options()) == []
    before = project.last_activity_time
    time.sleep(0.01)
    project.setup(frontend, _builder().asdict())
    project = client.get_project(project.uid)
    assert datetime.now(UTC) - project.setup_complete < timedelta(seconds=3)
    assert project.last_activity_time > before
    assert project.labeling_frontend() == frontend
    assert len(list(project.labeling_frontend_options())) == 1
    with pytest.raises(
        clients.refusal(exceptions.MalformedQueryException, exceptions.LabelboxError), match="not JSON"
    ):
        project.setup(frontend, "{not json")
    assert len(list(project.labeling_frontend_options())) == 1


def test_labels_keep_the_ontology_that_has_what_they_use(
    client: lb.Client, server: RunningServer, ready: lb.Project
) -> None:
    before = ready.ontology()
    without = client.create_ontology("other tools", {"tools": [], "classifications": []}, lb.MediaType.Image)
    ready.connect_ontology(without)  # nothing is labeled yet
    ready.connect_ontology(before)
    submit(server, ready.uid, next_rows(server, ready.uid)[0], document(car(1.0)))
    with pytest.raises(exceptions.OperationNotAllowedException, match="'Car'"):
        ready.connect_ontology(without)
    assert ready.ontology() == before
    normalized = before.normalized
    used = {"tools": normalized["tools"], "classifications": []}  # no label has an answer
    ready.connect_ontology(client.create_ontology("enough", used, lb.MediaType.Image))
    assert ready.ontology().name == "enough"
    for wrong in (before.uid, None):
        with pytest.raises(TypeError):
            ready.connect_ontology(wrong)


def test_R_LFO_01_R_LFO_02_R_LFO_03_R_LFO_04_R_LFO_05_options(
    client: lb.Client, frontend: LabelingFrontend
) -> None:
    project = clients.project_of_any_kind(client, unique("project"))
    options = _builder().asdict()
    project.setup(frontend, options)
    (found,) = project.labeling_frontend_options()
    assert isinstance(found, LabelingFrontendOptions)
    assert found.customization_options == json.dumps(options)
    assert found.project() == project
    assert found.labeling_frontend() == frontend
    assert found.organization() == client.get_organization()


def test_R_LF_01_R_LF_04_R_LF_05_R_LF_06_R_PJ_16_frontends(
    client: lb.Client, project: lb.Project, frontend: LabelingFrontend
) -> None:
    assert isinstance(frontend, LabelingFrontend)
    assert isinstance(frontend.description, str) and isinstance(frontend.iframe_url_path, str)
    by_path = client.get_labeling_frontends(
        where=LabelingFrontend.iframe_url_path == frontend.iframe_url_path
    )
    assert frontend.uid in {found.uid for found in by_path}
    assert project.labeling_frontend() is None
    project.labeling_frontend.connect(frontend)
    assert project.labeling_frontend() == frontend
    project.labeling_frontend.disconnect(frontend)
    assert project.labeling_frontend() is None


def test_R_LF_07_projects_of_a_frontend(project: lb.Project, frontend: LabelingFrontend) -> None:
    project.labeling_frontend.connect(frontend)
    assert project.uid in {found.uid for found in frontend.projects()}
    project.labeling_frontend.disconnect(frontend)
    assert project.uid not in {found.uid for found in frontend.projects()}


def test_R_PJ_16_a_frontend_is_disconnected_by_no_name(
    project: lb.Project, frontend: LabelingFrontend
) -> None:
    project.labeling_frontend.connect(frontend)
    project.labeling_frontend.disconnect()
    assert project.labeling_frontend() is None


def test_R_LF_03_an_organization_adds_its_own_frontend(client: lb.Client) -> None:
    name = unique("own editor")
    client.execute(
        """mutation($d: CreateLabelingFrontendInput!) { createLabelingFrontend(data: $d) { id } }""",
        {"d": {"name": name, "description": "ours", "iframeUrlPath": "https://editors.example.com/own"}},
    )
    (found,) = client.get_labeling_frontends(where=LabelingFrontend.name == name)
    assert (found.description, found.iframe_url_path) == ("ours", "https://editors.example.com/own")


def test_P_ON_01_P_GO_01_connect_ontology(client: lb.Client, project: lb.Project) -> None:
    builder = OntologyBuilder(tools=[Tool(Tool.Type.BBOX, "Car")])
    ontology = client.create_ontology(unique("ontology"), builder.asdict(), media_type=lb.MediaType.Image)
    project.connect_ontology(ontology)
    assert project.ontology().uid == ontology.uid
    assert client.get_project(project.uid).setup_complete is not None
    other = client.create_ontology(unique("ontology"), {}, media_type=lb.MediaType.Text)
    with pytest.raises(ValueError):
        project.connect_ontology(other)
    assert project.ontology().uid == ontology.uid


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, Path]:
    """A page of instructions by the ending of its name."""
    found = {ending: tmp_path / f"how{ending}" for ending in (".text", ".txt", ".pdf", ".html", ".docx")}
    for ending, path in found.items():
        path.write_bytes(f"<p>how to label, {ending}</p>".encode())
    return found


def _each_replaces_the_last(project: lb.Project, pages: list[Path]) -> str:
    """Gives a project each page; the address of the last."""
    before = project.ontology().normalized
    before.pop("projectInstructions", None)
    for page in pages:
        project.upsert_instructions(str(page))
        after = project.ontology().normalized
        url: str = after.pop("projectInstructions")
        assert urllib3.request("GET", url).data == page.read_bytes()
        assert after == before
    return url


def test_R_PJ_65_R_PJ_66_P_IN_02_instructions(ready: lb.Project, pages: dict[str, Path]) -> None:
    _each_replaces_the_last(ready, [pages[".pdf"], pages[".html"]])
    with pytest.raises(ValueError):
        ready.upsert_instructions(str(pages[".docx"]))
    url = ready.ontology().normalized["projectInstructions"]
    assert urllib3.request("GET", url).data == pages[".html"].read_bytes()


def test_R_PJ_67_instructions_may_be_texts(ready: lb.Project, pages: dict[str, Path]) -> None:
    _each_replaces_the_last(ready, [pages[ending] for ending in (".text", ".txt", ".pdf", ".html")])


def test_R_PJ_68_instructions_need_a_setup(client: lb.Client, pages: dict[str, Path]) -> None:
    fresh = clients.new_project(client, unique("project"))
    with pytest.raises(ValueError, match="not been set up"):
        fresh.upsert_instructions(str(pages[".html"]))


def test_P_IN_01_instructions_belong_to_the_ontology(
    client: lb.Client, ready: lb.Project, pages: dict[str, Path]
) -> None:
    url = _each_replaces_the_last(ready, [pages[".html"]])
    fresh = clients.new_project(client, unique("project"))
    fresh.connect_ontology(ready.ontology())
    assert fresh.ontology().normalized["projectInstructions"].split("?")[0] == url.split("?")[0]
