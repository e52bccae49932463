"""Each published version runs the reference tests that name a row, and comes out as `docs/wire/oracle.tsv` says.

A cell that is wrong fails the test, one that has become better as well: `python -m oracle.record` writes the table anew.
"""

from __future__ import annotations

import pytest

from oracle.reference_rows import JUDGEMENTS, VERSIONS, Outcomes, cells, judged, read_table, run_all


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcomes]:
    """What came of every test with every version."""
    return run_all(tmp_path_factory.mktemp("rows"))


@pytest.mark.oracle
@pytest.mark.parametrize("version", VERSIONS)
def test_reference_rows(version: str, outcomes: dict[str, Outcomes]) -> None:
    expected = read_table()
    found = cells({version: outcomes[version]}, expected)
    assert len(found) > 150
    assert found == {key: cell for key, cell in expected.items() if key.version == version}


def test_a_cell_is_one_of_four() -> None:
    kinds = {cell.partition(":")[0] for cell in read_table().values()}
    assert kinds <= {"yes", "–", *JUDGEMENTS}


def test_what_goes_wrong_in_another_way_is_not_judged_yet() -> None:
    assert judged("ValueError: empty", "client: ValueError: empty") == "client: ValueError: empty"
    assert judged("ValueError: empty", "client: TypeError: 7") == "no: ValueError: empty"
    assert judged("ValueError: empty", None) == judged("ValueError: empty", "yes") == "no: ValueError: empty"
    assert judged("yes", "client: ValueError: empty") == "yes"
