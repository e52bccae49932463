"""What the writers of the formats share: the picture an annotation is on, and the numbers of classes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from labelyard.shell.annotations import Annotation, NotUsable, Size


@dataclass(slots=True)
class Picture:
    """A labeled picture: `file` is its path among the exported images."""

    file: str
    size: Size | None
    data_row_id: str
    global_key: str | None
    label_id: str

    def needed_size(self) -> Size:
        """The size. Raises NotUsable when it is not known."""
        if self.size is None:
            raise NotUsable("the server does not know the size of the picture")
        return self.size


class Writer(ABC):
    """Writes one format. `names` are the classes in the order of the ontology, by which they are numbered."""

    holds: ClassVar[tuple[str, ...]]
    """The kinds of annotations that the format has a place for, besides answers as each writer says."""

    def __init__(self, target: Path, images: str, names: list[str]) -> None:
        """`images` is the folder of the pictures, relative to the target's folder."""
        self.target = target
        self.images = images
        self.names = list(names)
        self._numbers = {name: number for number, name in enumerate(names)}

    def number_of(self, name: str) -> int:
        """The number of a class, from 0; a class that has left the ontology comes after those in it."""
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]

    @abstractmethod
    def write(self, picture: Picture, annotations: list[Annotation]) -> None:
        """Writes a picture with its annotations. Raises NotUsable when it cannot be written."""

    @abstractmethod
    def close(self) -> None:
        """Writes what comes at the end."""


def plain_answer(answer: Any) -> Any:
    """An answer as a text or a list of texts: what a format without nested questions can hold."""
    if isinstance(answer, dict):
        return answer["name"]
    return [option["name"] for option in answer] if isinstance(answer, list) else answer
