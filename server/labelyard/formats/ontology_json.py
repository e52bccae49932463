"""The `normalized` ontology document: read what a client posts, return what clients index (R-ON-07, R-ON-16).

Keys that newer clients know and older ones choke on (`scope`, `attributes`, `position`) are kept when they
were given and never invented, so that every client gets back what it sent.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from labelyard.formats.ontology_types import (
    ALIASES,
    CHOICE_TYPES,
    CLASSIFICATION_TYPES,
    LEGAL,
    PROMPT_TYPES,
    TEXT_TYPES,
    TOOL_TYPES,
    WITHOUT_CLASSIFICATIONS,
)

MAX_FEATURES = 4_000
MAX_DEPTH = 64

_FEATURE_ID = re.compile(r"c[a-z0-9]{24}")


class OntologyRefused(ValueError):
    """An ontology document cannot be accepted; the text is a sentence that names the value."""


@dataclass(frozen=True, slots=True)
class OntologyCounts:
    """How much is in an ontology: top-level tools and classifications, and all features of every level."""

    objects: int
    classifications: int
    features: int


def slug(name: str) -> str:
    """The `value` of a feature in labels and exports: lower case, everything but letters and digits `_`."""
    return re.sub(r"\W", "_", name.lower())


def parse_ontology(
    document: object,
    *,
    new_id: Callable[[], str],
    known_ids: Collection[str] | None = None,
    media_type: str | None = None,
) -> dict[str, Any]:
    """The normalized form of a posted ontology (a JSON text or its value).

    Feature ids in `known_ids` are kept (reuse), all others are replaced by new ones, also inside relationship
    constraints; with None every id that looks like one of ours is kept. `media_type` (IMAGE …; None or
    UNKNOWN: any) decides which tools are legal. Raises `OntologyRefused`.
    """
    posted = _json(document, "The ontology")
    if not isinstance(posted, dict):
        raise OntologyRefused("The ontology is not a JSON object with tools and classifications.")
    tools = _list(posted, "tools", "The ontology")
    classifications = _list(posted, "classifications", "The ontology")
    reader = _Reader(new_id, known_ids, (media_type or "").upper())
    normalized = {
        "tools": reader.tools(tools),
        "classifications": reader.classifications(classifications, "the ontology", top=True),
    }
    reader.check_prompts(normalized["classifications"])
    reader.remap_constraints(normalized["tools"])
    return normalized


def parse_feature(
    document: object, *, new_id: Callable[[], str], known_ids: Collection[str] | None = None
) -> dict[str, Any]:
    """The normalized form of a single tool, classification or option (R-ON-07). Raises `OntologyRefused`."""
    posted = _json(document, "The feature schema")
    if not isinstance(posted, dict):
        raise OntologyRefused("The feature schema is not a JSON object.")
    reader = _Reader(new_id, known_ids, "")
    if "tool" in posted:
        tools = reader.tools([posted])
        reader.remap_constraints(tools)
        return tools[0]
    if "type" in posted:
        return reader.classifications([posted], "the feature schema", top=True)[0]
    if "value" in posted or "label" in posted:
        return reader.options([posted], "the feature schema")[0]
    raise OntologyRefused(
        "The feature schema has neither `tool` nor `type`, so it is no tool and no question."
    )


def count_features(normalized: dict[str, Any]) -> OntologyCounts:
    """Count a normalized ontology."""
    return OntologyCounts(
        len(normalized["tools"]),
        len(normalized["classifications"]),
        sum(1 for _ in walk_features(normalized)),
    )


def walk_features(normalized: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every tool, classification and option of a normalized ontology, parents first."""
    waiting = [*reversed(normalized["classifications"]), *reversed(normalized["tools"])]
    while waiting:
        feature = waiting.pop()
        yield feature
        waiting.extend(reversed([*feature.get("classifications", ()), *feature.get("options", ())]))


def feature_ids(document: object) -> set[str]:
    """Every feature id that a posted document mentions and that could be one of ours, for a look-up."""
    found: set[str] = set()
    waiting = [_json(document, "The ontology")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            given = value.get("featureSchemaId")
            if isinstance(given, str) and _FEATURE_ID.fullmatch(given):
                found.add(given)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


@dataclass(slots=True)
class _Reader:
    new_id: Callable[[], str]
    known_ids: Collection[str] | None
    media_type: str
    count: int = 0
    depth: int = 0
    replaced: dict[str, str] = field(default_factory=dict)

    def tools(self, posted: list[Any]) -> list[dict[str, Any]]:
        tools = []
        names: set[str] = set()
        for number, tool in enumerate(posted):
            if not isinstance(tool, dict):
                raise OntologyRefused(f"Tool {number + 1} is not a JSON object.")
            kind = tool.get("tool")
            name = _name(tool, f"Tool {number + 1}")
            if kind not in TOOL_TYPES:
                raise OntologyRefused(f"The tool {name!r} has the unknown type {kind!r}.")
            self._check_legal("tool", name, kind)
            if name in names:
                raise OntologyRefused(f"There are two tools with the name {name!r}.")
            names.add(name)
            where = f"the tool {name!r}"
            read: dict[str, Any] = {
                "tool": kind,
                "name": name,
                "required": bool(tool.get("required")),
                "color": _color(tool.get("color"), where) or _palette(number, len(posted)),
            }
            if kind not in WITHOUT_CLASSIFICATIONS:
                nested = _list(tool, "classifications", where)
                read["classifications"] = self.classifications(nested, where, top=False)
            read |= self._ids(tool)
            if "attributes" in tool:
                read["attributes"] = tool["attributes"]
            if tool.get("definition") is not None:
                if not isinstance(tool["definition"], dict):
                    raise OntologyRefused(f"The definition of {where} is not a JSON object.")
                read["definition"] = tool["definition"]
            tools.append(read)
        return tools

    def classifications(self, posted: list[Any], where: str, *, top: bool) -> list[dict[str, Any]]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise OntologyRefused(f"The ontology is nested more than {MAX_DEPTH} levels deep.")
        read = []
        names: set[str] = set()
        for number, question in enumerate(posted):
            if not isinstance(question, dict):
                raise OntologyRefused(f"Classification {number + 1} of {where} is not a JSON object.")
            classification = self._classification(question, f"Classification {number + 1} of {where}", top)
            name = classification["name"]
            if name in names:
                raise OntologyRefused(f"There are two classifications with the name {name!r} in {where}.")
            names.add(name)
            read.append(classification)
        self.depth -= 1
        return read

    def _classification(self, question: dict[str, Any], where: str, top: bool) -> dict[str, Any]:
        instructions = question.get("instructions")
        given = {**question, "name": question.get("name") or instructions}
        name = _name(given, where)
        kind = ALIASES.get(str(question.get("type")), question.get("type"))
        if kind not in CLASSIFICATION_TYPES:
            raise OntologyRefused(f"The classification {name!r} has the unknown type {kind!r}.")
        if top:
            self._check_legal("classification", name, kind)
        options = _list(question, "options", f"the classification {name!r}")
        if kind in CHOICE_TYPES and not options:
            raise OntologyRefused(f"The {kind} classification {name!r} needs at least one option.")
        if kind in TEXT_TYPES and options:
            raise OntologyRefused(f"The {kind} classification {name!r} cannot have options.")
        read: dict[str, Any] = {
            "type": kind,
            "instructions": instructions if isinstance(instructions, str) and instructions else name,
            "name": name,
            "required": bool(question.get("required")) or kind in PROMPT_TYPES,
            "options": self.options(options, f"the classification {name!r}"),
            **self._ids(question),
        }
        if "attributes" in question:
            read["attributes"] = question["attributes"]
        if question.get("uiMode") is not None and kind in ("radio", "checklist"):
            if question["uiMode"] not in ("hotkey", "searchable"):
                raise OntologyRefused(f"The uiMode of {name!r} is neither hotkey nor searchable.")
            read["uiMode"] = question["uiMode"]
        if question.get("isLikertScale") and kind == "radio":
            read["isLikertScale"] = True
        for limit in ("minCharacters", "maxCharacters"):
            if question.get(limit) and kind in ("prompt", "response-text"):
                read[limit] = int(question[limit])
        if top and question.get("scope") is not None and kind not in PROMPT_TYPES:
            read["scope"] = self._scope(question["scope"], name)
        return read

    def _scope(self, scope: object, name: str) -> object:
        if scope not in ("global", "index"):
            raise OntologyRefused(f"The scope of {name!r} is {scope!r}; it can be global or index.")
        if scope == "index" and self.media_type in LEGAL and not LEGAL[self.media_type].index_scope:
            raise OntologyRefused(
                f"The classification {name!r} has the scope index, which {self.media_type} data has not."
            )
        return scope

    def options(self, posted: list[Any], where: str) -> list[dict[str, Any]]:
        read = []
        values: set[str] = set()
        for number, option in enumerate(posted):
            if not isinstance(option, dict):
                raise OntologyRefused(f"Option {number + 1} of {where} is not a JSON object.")
            value = option.get("value", option.get("label"))
            if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
                raise OntologyRefused(f"Option {number + 1} of {where} needs a value.")
            if str(value) in values:
                raise OntologyRefused(f"There are two options with the value {value!r} in {where}.")
            values.add(str(value))
            label = option.get("label")
            nested = _list(option, "options", f"the option {value!r}")
            known: dict[str, Any] = {
                **self._ids(option),
                "label": value if label is None or label == "" else label,
                "value": value,
                "options": self.classifications(nested, f"the option {value!r}", top=False),
            }
            if isinstance(option.get("position"), int):
                known["position"] = option["position"]
            read.append(known)
        return read

    def _ids(self, posted: dict[str, Any]) -> dict[str, str]:
        self.count += 1
        if self.count > MAX_FEATURES:
            raise OntologyRefused(f"The ontology has more than {MAX_FEATURES:,} features.")
        ids = {}
        for key in ("schemaNodeId", "featureSchemaId"):
            given = posted.get(key)
            if given is not None and not isinstance(given, str):
                raise OntologyRefused(f"The {key} {given!r} is not a text.")
            ids[key] = given if given and self._is_known(given) else self.new_id()
            if key == "featureSchemaId" and given:
                self.replaced[given] = ids[key]
        return ids

    def _is_known(self, given: str) -> bool:
        if self.known_ids is None:
            return _FEATURE_ID.fullmatch(given) is not None
        return given in self.known_ids

    def _check_legal(self, noun: str, name: str, kind: str) -> None:
        legal = LEGAL.get(self.media_type)
        if legal and kind not in (legal.tools if noun == "tool" else legal.classifications):
            raise OntologyRefused(
                f"The {noun} {name!r} is a {kind}, which cannot be used on {self.media_type} data."
            )

    def remap_constraints(self, tools: list[dict[str, Any]]) -> None:
        """Relationship constraints name tools by ids that a client may have made up for this document."""
        for tool in tools:
            if tool["tool"] != "edge" or "constraints" not in tool.get("definition", {}):
                continue
            pairs = tool["definition"]["constraints"]
            if not isinstance(pairs, list) or not all(isinstance(p, list) and len(p) == 2 for p in pairs):
                raise OntologyRefused(f"The constraints of {tool['name']!r} are not a list of pairs of ids.")
            tool["definition"] = {
                **tool["definition"],
                "constraints": [[self.replaced.get(end, end) for end in pair] for pair in pairs],
            }

    @staticmethod
    def check_prompts(classifications: list[dict[str, Any]]) -> None:
        prompts = [question["name"] for question in classifications if question["type"] == "prompt"]
        if len(prompts) > 1:
            raise OntologyRefused(
                f"There can be one prompt, but there are {prompts[0]!r} and {prompts[1]!r}."
            )


def _json(document: object, noun: str) -> Any:
    if not isinstance(document, str | bytes):
        return document
    try:
        return orjson.loads(document)
    except orjson.JSONDecodeError:
        raise OntologyRefused(f"{noun} is not valid JSON.") from None


def _list(posted: dict[str, Any], key: str, where: str) -> list[Any]:
    value = posted.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise OntologyRefused(f"The {key} of {where[0].lower()}{where[1:]} are not a list.")
    return value


def _name(posted: dict[str, Any], where: str) -> str:
    name = posted.get("name")
    if not isinstance(name, str) or not name.strip():
        raise OntologyRefused(f"{where} needs a name.")
    return name


def _color(color: object, where: str) -> str | None:
    if color is None or color == "":
        return None
    if not isinstance(color, str) or len(color) > 64 or not re.fullmatch(r"[#\w(),.% -]+", color):
        raise OntologyRefused(f"The colour {color!r} of {where} is not one.")
    return color


def _palette(number: int, total: int) -> str:
    """The colour of a tool that has none: evenly spaced hues, as the SDK's builder gives them (R-ON-16)."""
    import colorsys

    red, green, blue = (int(255 * part) for part in colorsys.hsv_to_rgb(number / total, 1.0, 1.0))
    return f"#{red:02x}{green:02x}{blue:02x}"
