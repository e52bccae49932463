"""A page of the guides as scripts: its Python blocks are one, its shell blocks are another.

What a `print` shows stands behind it as a comment, or, for all prints of a block that have none, in a block of text
right after the block; `…` in either stands for anything within a line.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FENCE = re.compile(r"^```(\w*)$")
_BEGINS_WITH = re.compile(r"<!-- begins with: (.+?) -->")
_SECONDS = 120


@dataclass(frozen=True)
class Block:
    """A fenced block; `line` is the page's line before its first one."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    """A page with its text."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> Page:
        """The page in a file."""
        return cls(path, path.read_text("utf-8"))

    @property
    def begins_with(self) -> list[str]:
        """The names that the page's own words say are there."""
        found = _BEGINS_WITH.search(self.text)
        return [name.strip() for name in found[1].split(",")] if found else []

    @property
    def blocks(self) -> list[Block]:
        """The fenced blocks, in their order. Raises ValueError for one that is not closed."""
        found: list[Block] = []
        language: str | None = None
        start = 0
        lines = self.text.splitlines()
        for number, line in enumerate(lines, start=1):
            fence = _FENCE.match(line)
            if language is None and fence:
                language, start = fence[1], number
            elif language is not None and line == "```":
                found.append(Block(language, "\n".join(lines[start : number - 1]), start))
                language = None
        if language is not None:
            raise ValueError(f"{self.path.name}: the block at line {start} is not closed")
        return found

    def examples(self, language: str) -> list[tuple[Block, str | None]]:
        """The blocks of a language, each with the text block right behind it, if there is one."""
        blocks = self.blocks
        found = []
        for index, block in enumerate(blocks):
            if block.language == language:
                after = blocks[index + 1] if index + 1 < len(blocks) else None
                end = block.line + len(block.text.splitlines()) + 1
                follows = after is not None and after.language == "text" and after.line <= end + 2
                found.append((block, after.text if after is not None and follows else None))
        return found


@dataclass
class Substitutions:
    """What stands in the pages, and what it is on this machine: the key, the server, where pictures are served."""

    of: Mapping[str, str]

    def apply(self, text: str) -> str:
        """The text for this machine."""
        for written, here in self.of.items():
            text = text.replace(written, here)
        return text

    def undo(self, text: str) -> str:
        """The text as a page has it."""
        for written, here in self.of.items():
            text = text.replace(here, written)
        return text


@dataclass
class _Prints:
    """The prints of a script, by the line of their call."""

    calls: list[ast.Call]
    shown: dict[int, list[str]] = field(default_factory=dict)

    def __call__(self, *values: Any, **how: Any) -> None:
        """Stands for `print` in the script."""
        text = io.StringIO()
        print(*values, **{**how, "file": text})
        line = sys._getframe(1).f_lineno
        call = next(call for call in self.calls if call.lineno <= line <= (call.end_lineno or line))
        self.shown.setdefault(call.lineno, []).append(text.getvalue())


def run_python(page: Page, names: dict[str, Any], substitutions: Substitutions) -> int:
    """Runs the page's Python blocks as one script in which `names` are there; how many there were.

    Lines keep their numbers, so that a traceback shows the page's. Raises AssertionError when a print shows something
    else than the page says, or the page does not say what it shows.
    """
    examples = page.examples("python")
    lines = [""] * (len(page.text.splitlines()) + 1)
    for block, _ in examples:
        for number, line in enumerate(block.text.splitlines()):
            lines[block.line + number] = substitutions.apply(line)
    source = "\n".join(lines)
    tree = ast.parse(source, str(page.path))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    prints = _Prints(calls)
    names = {**names, "print": prints, "__name__": "__main__"}
    exec(compile(tree, str(page.path), "exec"), names)
    comments = _comments(source)
    for block, after in examples:
        inside = [
            call
            for call in sorted(calls, key=lambda call: call.lineno)
            if block.line < call.lineno <= block.line + len(block.text.splitlines())
        ]
        rest = ""
        for call in inside:
            shown = "".join(prints.shown.get(call.lineno, []))
            comment = comments.get(call.end_lineno or call.lineno)
            if comment is None:
                rest += shown
            else:
                _compare(page, call.lineno, substitutions.undo(comment), substitutions.undo(shown))
        if rest or after is not None:
            _compare(page, block.line, after or "", substitutions.undo(rest))
    return len(examples)


def run_shell(page: Page, folder: Path, environment: Mapping[str, str], substitutions: Substitutions) -> int:
    """Runs the page's shell blocks as one bash script in a folder; how many there were.

    Raises AssertionError when a command fails, or shows something else than the text block behind its block.
    """
    examples = page.examples("bash")
    if not examples:
        return 0
    script = [f'set -e; labelyard() {{ "{sys.executable}" -m labelyard "$@"; }}']
    for block, _ in examples:
        script += [substitutions.apply(block.text), "printf '\\036'"]
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{page.path.name}: {done.stdout}\n{done.stderr}"
    for (block, after), shown in zip(examples, done.stdout.split("\x1e"), strict=False):
        if after is not None:
            _compare(page, block.line, after, substitutions.undo(shown))
    return len(examples)


def matches(expected: str, shown: str) -> bool:
    """Whether a text is what a page says, where `…` is anything within a line."""
    pattern = "[^\n]*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, shown.strip()) is not None


def _compare(page: Page, line: int, expected: str, shown: str) -> None:
    assert matches(expected, shown), (
        f"{page.path.name}, line {line}, says\n{expected}\nbut shows\n{shown or '(nothing)'}"
    )


def _comments(source: str) -> dict[int, str]:
    return {
        token.start[0]: token.string.removeprefix("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
