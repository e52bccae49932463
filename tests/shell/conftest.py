"""`labelyard import` and `labelyard export` as somebody in a shell runs them, on real files and a running server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask

from conftest import RunningServer

SIZES = {"north/1.png": (64, 48), "north/2.png": (50, 40), "south/1.png": (30, 60), "south/3.png": (20, 20)}


@dataclass
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass
class Shell:
    """Runs commands. `environment` is what the command sees besides the machine's own variables."""

    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: object, **environment: str) -> Done:
        """`labelyard <arguments>`."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LABELBOX")}
        done = subprocess.run(
            [sys.executable, "-m", "labelyard", *map(str, arguments)],
            env={**inherited, **self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def shell(server: RunningServer) -> Shell:
    """The shell of the administrator."""
    return Shell({"LABELBOX_ENDPOINT": server.url, "LABELBOX_API_KEY": server.key})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four pictures in two folders, two of them of one name, and files that are none."""
    top = tmp_path / "pictures"
    for number, (name, size) in enumerate(SIZES.items()):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (40 * number, 90, 120)).save(top / name)
    (top / "notes.txt").write_text("not a picture")
    (top / ".hidden.png").write_bytes(b"")
    return top


def disk(size: tuple[int, int], center: tuple[int, int], radius: int) -> Any:
    """A disk of pixels (height, width)."""
    ys, xs = np.mgrid[: size[1], : size[0]]
    return ((xs - center[0]) ** 2 + (ys - center[1]) ** 2) <= radius**2


def compressed(pixels: Any) -> dict[str, Any]:
    """COCO's compressed run lengths, as JSON has them."""
    made = coco_mask.encode(np.asfortranarray(pixels, dtype=np.uint8))
    return {"size": [int(side) for side in made["size"]], "counts": made["counts"].decode()}


@pytest.fixture
def coco_document() -> Callable[[], dict[str, Any]]:
    """Boxes, outlines of one and of two parts, and masks, on all four pictures."""

    def make() -> dict[str, Any]:
        names = list(SIZES)
        runs = compressed(disk(SIZES["north/2.png"], (20, 20), 9))
        decoded = coco_mask.decode({**runs, "counts": runs["counts"].encode()}).ravel(order="F").tolist()
        plain: list[int] = [0]
        for before, pixel in zip([0, *decoded], decoded, strict=False):
            if pixel != before:
                plain.append(0)
            plain[-1] += 1
        box, outline, part = (
            [3.5, 4.25, 20.5, 10.0],
            [1.5, 2.0, 30.0, 3.0, 28.25, 40.5],
            [2, 2, 9, 2, 9, 9, 2, 9],
        )
        return {
            "images": [
                {"id": 10 + n, "file_name": name, "width": SIZES[name][0], "height": SIZES[name][1]}
                for n, name in enumerate(names)
            ],
            "categories": [
                {"id": 7, "name": "Car"},
                {"id": 3, "name": "Road"},
                {"id": 5, "name": "Tree"},
                {"id": 6, "name": "House"},
            ],
            "annotations": [
                {"id": 1, "image_id": 10, "category_id": 7, "bbox": box, "iscrowd": 0},
                {"id": 2, "image_id": 10, "category_id": 3, "segmentation": [outline], "bbox": [0, 0, 1, 1]},
                {"id": 3, "image_id": 11, "category_id": 5, "segmentation": runs},
                {
                    "id": 4,
                    "image_id": 11,
                    "category_id": 5,
                    "segmentation": {"size": runs["size"], "counts": plain},
                },
                {
                    "id": 5,
                    "image_id": 12,
                    "category_id": 6,
                    "segmentation": [part, [n + 12 for n in part]],
                },
                {"id": 6, "image_id": 12, "category_id": 6, "segmentation": [[n + 1 for n in part]]},
                {"id": 7, "image_id": 13, "category_id": 7, "bbox": [0, 0, 20, 20]},
            ],
        }

    return make
