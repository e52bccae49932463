"""Every `Implemented in` line of the documentation points at something that exists; guides have one per
section.
"""

import re
from pathlib import Path

from repository import ROOT

LINE = re.compile(r"^\W*Implemented in:?\W*\s(.+)$", re.MULTILINE)
BASES = ("", "server", "sdk", "web/src", "server/labelyard", "sdk/labelbox")


def pages() -> list[Path]:
    return sorted((ROOT / "docs").rglob("*.md"))


def references(text: str) -> list[str]:
    """`labelyard/webhooks`, `sdk/labelbox/schema/webhook.py::Webhook.create`, several with commas."""
    return [
        reference.strip(" `.")
        for found in LINE.findall(text)
        for reference in re.split(r",\s*|\s+and\s+", found)
        if reference.strip(" `.")
    ]


def exists(reference: str) -> bool:
    path, _, name = reference.partition("::")
    for base in BASES:
        place = ROOT / base / path
        if place.is_file() and name:
            last = name.rpartition(".")[2]
            return (
                re.search(rf"\b(def|class|function|const|type|interface)\s+{last}\b", place.read_text())
                is not None
            )
        if place.exists() and not name:
            return True
    return False


def test_what_the_pages_name_exists() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {reference}"
        for page in pages()
        for reference in references(page.read_text("utf-8"))
        if not exists(reference)
    ]
    assert broken == []


def test_every_section_of_a_guide_names_its_code() -> None:
    silent = []
    for page in sorted((ROOT / "docs" / "guides").glob("*.md")):
        for section in re.split(r"^## ", page.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            if not references(section):
                silent.append(f"{page.relative_to(ROOT)}: {section.splitlines()[0]}")
    assert silent == []


def test_the_test_sees_what_is_wrong() -> None:
    assert references("Implemented in: `labelyard/webhooks`, `tools/where.py::find`.") == [
        "labelyard/webhooks",
        "tools/where.py::find",
    ]
    assert exists("tools/where.py::find") and exists("tools/where.py") and exists("labelyard/formats")
    assert not exists("tools/where.py::no_such_name") and not exists("labelyard/no_such_room")
