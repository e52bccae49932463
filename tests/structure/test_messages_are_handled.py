"""Every job message has one handler, in its own room, with the message's name in snake_case."""

import ast
import re
from pathlib import Path

from repository import ROOT, rooms


def messages(room: Path) -> list[str]:
    """The dataclasses of `records.py` that are messages: they derive from `Message`."""
    path = room / "records.py"
    if not path.exists():
        return []
    return [
        node.name
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and any(_last_name(base) == "Message" for base in node.bases)
    ]


def handlers(room: Path) -> list[tuple[str, str]]:
    """(message, function) of every `@handles(Message)` in `jobs.py`."""
    path = room / "jobs.py"
    if not path.exists():
        return []
    return [
        (_last_name(decorator.args[0]), node.name)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and _last_name(decorator.func) == "handles" and decorator.args
    ]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def test_every_message_has_one_handler_of_its_name() -> None:
    for room in rooms():
        expected = sorted((message, snake(message)) for message in messages(room))
        assert sorted(handlers(room)) == expected, (
            f"{room.relative_to(ROOT)}: records.py and jobs.py do not fit"
        )


def test_the_test_sees_messages_and_handlers(tmp_path: Path) -> None:
    (tmp_path / "records.py").write_text("class WriteExport(Message): ...\nclass Row: ...\n")
    (tmp_path / "jobs.py").write_text(
        "@handles(WriteExport, attempts=3)\nasync def write_export(context, message): ...\n"
    )
    assert messages(tmp_path) == ["WriteExport"]
    assert handlers(tmp_path) == [("WriteExport", "write_export")]
    assert snake("ReleaseHTTPLock") == "release_http_lock"
