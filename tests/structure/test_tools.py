"""The tools do what their first line says."""

import shutil
from pathlib import Path

import pytest

from coverage import Outcome, Row, cells_of_rows, covered_rows, read_checklist, write_page
from coverage import main as write_coverage
from repository import ROOT, house_layers
from room import RoomRefused, make_room
from where import find, spellings


def test_where_knows_every_spelling() -> None:
    assert spellings("createBatchV2") >= {
        "createBatchV2",
        "create_batch_v2",
        "CREATE_BATCH_V2",
        "create_batch",
    }
    assert spellings("create_batch") == spellings("CreateBatch") == spellings("CREATE_BATCH")


def test_where_finds_names_in_the_order_of_the_flow(tmp_path: Path) -> None:
    for path, text in {
        "sdk/labelbox/client.py": "def create_thing(self): ...",
        "server/labelyard/things/schema.graphql": "createThing: Thing",
        "server/labelyard/things/resolvers.py": "async def create_thing(): ...\nrecreate_things = 1",
        "docs/guides/things.md": "`createThing` makes one.",
        "web/node_modules/x/index.ts": "createThing()",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert [(station, where) for station, where, _, _ in find("createThing", tmp_path)] == [
        ("documentation", "docs/guides/things.md"),
        ("SDK", "sdk/labelbox/client.py"),
        ("doors", "server/labelyard/things/resolvers.py"),
        ("SDL", "server/labelyard/things/schema.graphql"),
    ]


def test_a_new_room_stands_in_its_place(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".importlinter", tmp_path)
    written = make_room(
        "bookmarks", "frontends", "A bookmark is a data row that somebody wants to find again.", tmp_path
    )
    names = {path.name for path in written}
    assert {
        "__init__.py",
        "records.py",
        "queries.py",
        "actions.py",
        "resolvers.py",
        "schema.graphql",
    } <= names
    layers = house_layers(tmp_path)
    assert layers[layers.index("bookmarks") + 1] == "webhooks"  # the layer that has frontends
    for path in written:
        compile(path.read_text(), str(path), "exec") if path.suffix == ".py" else None
    with pytest.raises(RoomRefused, match="already"):
        make_room("bookmarks", "frontends", "Again.", tmp_path)
    with pytest.raises(RoomRefused, match="no room nowhere"):
        make_room("others", "nowhere", "Other things.", tmp_path)
    with pytest.raises(RoomRefused, match="snake_case"):
        make_room("My-Room", "frontends", "Mine.", tmp_path)


ROWS = [
    Row("R-PJ-45", "Project", "lower"),
    Row("X-02", "Cross", "errors"),
    Row("P-CR-01", "Create", "name | kind"),
]


def test_coverage_reads_ids_out_of_test_names() -> None:
    tests = [
        ("a.py", "test_R_PJ_45_lower_first"),
        ("a.py", "test_r_pj_45_and_x_02"),
        ("b.ts", "P-CR-01: creates"),
        ("a.py", "test_R_PJ_450"),
        ("a.py", "test_prefix_02"),
    ]
    covered = covered_rows(ROWS, iter(tests))
    assert {row: len(found) for row, found in covered.items()} == {"R-PJ-45": 2, "X-02": 1, "P-CR-01": 1}
    page = write_page(ROWS, covered)
    assert "3 of 3 rows" in page and "| P-CR-01 | name / kind | yes | not run |" in page
    with pytest.raises(ValueError, match="R-PJ-99"):
        covered_rows(ROWS, iter([("a.py", "test_R_PJ_99")]))


def test_coverage_says_what_published_clients_do() -> None:
    outcomes = [
        Outcome("a.py::test_R_PJ_45", "7.17.0", "client: TypeError: not this"),
        Outcome("a.py::test_R_PJ_45_X_02[b]", "7.17.0", "yes"),
        Outcome("a.py::test_X_02", "6.10.0", "no: AttributeError: nothing | there"),
        Outcome("a.py::test_X_02_again", "6.10.0", "client: TypeError: not this"),
        Outcome("a.py::test_X_02", "2.5.6", "–"),
    ]
    assert cells_of_rows(outcomes) == {
        ("R-PJ-45", "7.17.0"): "yes",
        ("X-02", "7.17.0"): "yes",
        ("X-02", "6.10.0"): "no",
        ("X-02", "2.5.6"): "–",
    }
    page = write_page(ROWS, {}, outcomes)
    assert "| X-02 | errors | no | – | not run | not run | no | yes | none |" in page
    assert "| `a.py::test_R_PJ_45` | 7.17.0 | client: TypeError: not this |" in page
    assert "| `a.py::test_X_02` | 6.10.0 | no: AttributeError: nothing / there |" in page
    assert "| labelbox 6.10.0 | 0 | 1 | 0 | 0 | 2 |" in page


def test_coverage_check_notices_an_old_page(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "checklist.tsv").write_text("id\tsection\titem\nX-01\tCross\tpaths\n")
    assert write_coverage(["--check"], tmp_path) == 1
    assert write_coverage([], tmp_path) == 0
    assert write_coverage(["--check"], tmp_path) == 0
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text("def test_x_01() -> None: ...\n")
    assert write_coverage(["--check"], tmp_path) == 1


def test_the_checklist_is_whole() -> None:
    rows = read_checklist()
    assert len(rows) == 514
    assert all(row.item and row.section for row in rows)
