"""The ontology that annotations need, and the tool that each of them belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import labelbox as lb
from labelyard.shell.annotations import (
    SHAPES,
    TOOL_KINDS,
    Annotation,
    NotUsable,
    answer_kind,
    kinds,
    nested_answers,
)

_TOOLS = {
    "box": lb.Tool.Type.BBOX,
    "polygon": lb.Tool.Type.POLYGON,
    "mask": lb.Tool.Type.SEGMENTATION,
    "line": lb.Tool.Type.LINE,
    "point": lb.Tool.Type.POINT,
}
_QUESTIONS = {
    "radio": lb.Classification.Type.RADIO,
    "checklist": lb.Classification.Type.CHECKLIST,
    "text": lb.Classification.Type.TEXT,
}


class _Question:
    """A question as its answers show it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.options: dict[str, _Questions] = {}


class _Questions(dict[str, _Question]):
    """Questions by name, in the order in which they were met."""

    def learn(self, name: str, answer: Any) -> None:
        kind = answer_kind(answer)
        question = self.setdefault(name, _Question(kind))
        if question.kind == "radio" and kind == "checklist":
            question.kind = kind
        for option in [answer] if isinstance(answer, dict) else answer if isinstance(answer, list) else []:
            nested = question.options.setdefault(str(option["name"]), _Questions())
            for entry in option.get("classifications") or []:
                nested.learn(entry["name"], entry["answer"])

    def classifications(self) -> list[lb.Classification]:
        return [
            lb.Classification(
                _QUESTIONS[question.kind],
                name=name,
                options=[
                    lb.Option(value=option, options=nested.classifications())
                    for option, nested in question.options.items()
                ],
            )
            for name, question in self.items()
        ]


class Classes:
    """Learns tools and questions from annotations."""

    def __init__(self, annotations: Iterable[Annotation]) -> None:
        """Reads all annotations once."""
        self.annotations = 0
        self._tools: dict[str, tuple[set[str], _Questions]] = {}
        self._questions = _Questions()
        for annotation in annotations:
            self.annotations += 1
            try:
                self._learn(annotation)
            except (KeyError, TypeError, AttributeError):
                continue  # a line of NDJSON of another form: the server says what is wrong with it

    def _learn(self, annotation: Annotation) -> None:
        found = kinds(annotation)
        if not found or not annotation.name:
            return
        if found[0] not in SHAPES:
            line = annotation.line
            answer = annotation.answer if line is None else line.get("answer", line.get("answers"))
            self._questions.learn(annotation.name, answer)
            return
        shapes, questions = self._tools.setdefault(annotation.name, (set(), _Questions()))
        shapes.add(found[0])
        for entry in nested_answers(annotation):
            questions.learn(str(entry["name"]), entry["answer"])

    def __len__(self) -> int:
        return len(self._tools) + len(self._questions)

    def ontology(self) -> dict[str, Any]:
        """The ontology: a tool for each class, by what its annotations are, and the questions.

        A class that has masks or outlines of several parts gets a mask tool, which takes its other outlines as
        well. One that has shapes of other kinds too gets another tool for each, `car (box)`.
        """
        tools = []
        for name, (shapes, questions) in self._tools.items():
            wanted = [shape for shape in SHAPES if shape in shapes]
            if "mask" in wanted and "polygon" in wanted:
                wanted.remove("polygon")
            for number, shape in enumerate(wanted):
                called = f"{name} ({shape})" if number else name
                tools.append(lb.Tool(_TOOLS[shape], called, classifications=questions.classifications()))
        return lb.OntologyBuilder(tools, list(self._questions.classifications())).asdict()


class Tools:
    """The tools of a project's ontology."""

    def __init__(self, normalized: dict[str, Any]) -> None:
        self._kinds = {
            tool["name"]: TOOL_KINDS.get(tool["tool"], tool["tool"]) for tool in normalized["tools"]
        }

    @property
    def names(self) -> list[str]:
        """The tools that draw a shape, in the order of the ontology."""
        return [name for name, kind in self._kinds.items() if kind in SHAPES]

    def choose(self, annotation: Annotation) -> tuple[str, str]:
        """The kind that it becomes, and the tool. Raises NotUsable when the ontology has no place for it."""
        wanted = kinds(annotation)
        if annotation.line is not None or annotation.answer is not None:
            return (wanted or [""])[0], annotation.name
        for kind in wanted:
            for name in (annotation.name, f"{annotation.name} ({kind})"):
                if self._kinds.get(name) == kind:
                    return kind, name
        there = self._kinds.get(annotation.name)
        if there is None:
            raise NotUsable(f"the ontology of the project has no tool {annotation.name!r}")
        raise NotUsable(f"the tool {annotation.name!r} is a {there}, the annotation a {wanted[0]}")
