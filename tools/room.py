"""`make room name=bookmarks above=projects says="…"`: a new room with its files and tests, in its place in
the house.

What it writes is the least that works: modules with their promise as docstring, an SDL without fields, and a
test that imports the room. Add what the room does; delete the files that it turns out not to need.
"""

import argparse
import re
import sys
from pathlib import Path

from repository import ROOT, house_layers

_FILES = {
    "records.py": "Rows and job messages of {room}: frozen dataclasses and enums.",
    "queries.py": "The SQL of {room}: one function per statement, returning records.",
    "rules.py": "Decisions about {room}, given values: no input, no output.",
    "actions.py": "What the documentation says {room} can do.",
    "resolvers.py": "The GraphQL door of {room}.",
}


class RoomRefused(Exception):
    """The room cannot be made; the text says why."""


def make_room(name: str, above: str, says: str, root: Path = ROOT) -> list[Path]:
    """Write the room's files and put it above `above` in `.importlinter`; returns what was written."""
    if not re.fullmatch(r"[a-z][a-z_]*s?", name):
        raise RoomRefused(f"{name!r} is no name for a room: a noun of the product, in snake_case.")
    folder = root / "server" / "labelyard" / name
    if folder.exists():
        raise RoomRefused(f"There already is a room {name}.")
    layers = house_layers(root)
    if above not in layers:
        raise RoomRefused(f"There is no room {above}; the rooms are {', '.join(layers)}.")
    if not says.strip():
        raise RoomRefused('Say what the noun is, in the documentation\'s words: says="…".')
    written = [_write(folder / "__init__.py", f'"""{says.strip()}"""\n')]
    for file, promise in _FILES.items():
        written.append(_write(folder / file, f'"""{promise.format(room=name)}"""\n'))
    written.append(_write(folder / "schema.graphql", f"# What a client can ask about {name}.\n"))
    test = (
        f'"""The room {name} through its actions, on a real PostgreSQL."""\n\n'
        f"from labelyard.{name} import actions\n\n\n"
        f"def test_the_room_says_what_it_does() -> None:\n    assert actions.__doc__\n"
    )
    written.append(_write(root / "tests" / "server" / name / "test_actions.py", test))
    if name not in layers:
        _place(root / ".importlinter", name, above)
    return written


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _place(contracts: Path, name: str, above: str) -> None:
    lines = contracts.read_text().splitlines(keepends=True)
    layer = re.compile(rf"^    (.*[| (])?\(?{above}\)?( \|.*)?$")
    start = next(n for n, line in enumerate(lines) if line.startswith("[importlinter:contract:house]"))
    at = next(n for n, line in enumerate(lines) if n > start and layer.match(line.rstrip("\n")))
    lines.insert(at, f"    ({name})\n")
    contracts.write_text("".join(lines))


def main(arguments: list[str]) -> int:
    """Make the room that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--above", required=True, help="the room right below the new one")
    parser.add_argument("--says", required=True, help="what the noun is, in the documentation's words")
    options = parser.parse_args(arguments)
    try:
        written = make_room(options.name, options.above, options.says)
    except RoomRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    for path in written:
        print(path.relative_to(ROOT))
    print(f"Now add {options.name!r} to ROOMS in server/labelyard/rooms.py, above {options.above!r}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
