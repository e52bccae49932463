"""Pictures that the project renders itself: street scenes whose shapes are known, so that pre-labels fit them."""

from __future__ import annotations

import base64
import io
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 800
_PAINT = [(196, 62, 52), (52, 104, 176), (228, 196, 84), (236, 236, 232), (70, 74, 82), (84, 150, 96)]
_COLOURS = ["red", "blue", "yellow", "white", "dark", "green"]


@dataclass
class Scene:
    """One picture and what is in it, in its pixels."""

    name: str
    weather: str
    cars: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    signs: list[tuple[float, float]] = field(default_factory=list)
    road: list[tuple[float, float]] = field(default_factory=list)
    lane: list[tuple[float, float]] = field(default_factory=list)
    horizon: list[float] = field(default_factory=list)

    def pre_labels(self, global_key: str) -> list[dict[str, Any]]:
        """Annotation import lines (NDJSON) by tool name, as a model would send them."""
        row = {"globalKey": global_key}
        lines: list[dict[str, Any]] = []
        for left, top, width, height, colour in self.cars:
            lines.append(
                {
                    "name": "Car",
                    "dataRow": row,
                    "bbox": {"left": left, "top": top, "width": width, "height": height},
                    "classifications": [{"name": "Colour", "answer": {"name": colour}}],
                }
            )
        lines.append({"name": "Road", "dataRow": row, "polygon": [{"x": x, "y": y} for x, y in self.road]})
        lines.append({"name": "Lane", "dataRow": row, "line": [{"x": x, "y": y} for x, y in self.lane]})
        lines.extend({"name": "Sign", "dataRow": row, "point": {"x": x, "y": y}} for x, y in self.signs)
        lines.append({"name": "Sky", "dataRow": row, "mask": {"png": self._sky_png()}})
        lines.append({"name": "Weather", "dataRow": row, "answer": {"name": self.weather}})
        return lines

    def _sky_png(self) -> str:
        mask = Image.new("L", (WIDTH, HEIGHT), 0)
        ImageDraw.Draw(mask).polygon([(0, 0), *enumerate_points(self.horizon), (WIDTH, 0)], fill=1)
        data = io.BytesIO()
        mask.save(data, "PNG", optimize=True)
        return base64.b64encode(data.getvalue()).decode()


def enumerate_points(heights: list[float]) -> list[tuple[float, float]]:
    """A skyline from left to right."""
    step = WIDTH / (len(heights) - 1)
    return [(number * step, height) for number, height in enumerate(heights)]


def render(folder: Path, count: int) -> list[Scene]:
    """Draws `count` different scenes into `folder`, the same ones every time."""
    folder.mkdir(parents=True, exist_ok=True)
    scenes = []
    for number in range(count):
        scene = _scene(number, random.Random(number))
        path = folder / scene.name
        if not path.exists():
            _draw(scene, random.Random(1000 + number)).save(path, "JPEG", quality=88)
        scenes.append(scene)
    return scenes


def _scene(number: int, chance: random.Random) -> Scene:
    scene = Scene(f"street-{number:03d}.jpg", "rainy" if chance.random() < 0.35 else "sunny")
    base = HEIGHT * chance.uniform(0.34, 0.42)
    scene.horizon = [base + chance.uniform(-60, 40) for _ in range(9)]
    vanish = WIDTH * chance.uniform(0.4, 0.6)
    top = HEIGHT * 0.46
    scene.road = [
        (vanish - 40, top),
        (vanish + 40, top),
        (WIDTH * 0.98, HEIGHT - 2),
        (WIDTH * 0.02, HEIGHT - 2),
    ]
    scene.lane = [(vanish, top + 4), ((vanish + WIDTH / 2) / 2, HEIGHT * 0.7), (WIDTH / 2, HEIGHT - 4)]
    for _ in range(chance.randint(2, 5)):
        depth = chance.uniform(0.1, 0.85)
        width = 60 + 240 * depth
        height = width * chance.uniform(0.5, 0.62)
        centre = vanish + (chance.choice([-1, 1]) * chance.uniform(0.12, 0.8)) * (60 + 520 * depth)
        bottom = top + (HEIGHT - top) * depth
        left = min(max(centre - width / 2, 2), WIDTH - width - 2)
        upper = max(bottom - height, 2)
        scene.cars.append((round(left), round(upper), round(width), round(height), chance.choice(_COLOURS)))
    scene.cars.sort(key=lambda car: car[1] + car[3])
    for _ in range(chance.randint(1, 2)):
        side = chance.choice([0.06, 0.94])
        scene.signs.append((round(WIDTH * side), round(HEIGHT * chance.uniform(0.38, 0.48))))
    return scene


def _draw(scene: Scene, chance: random.Random) -> Image.Image:
    rainy = scene.weather == "rainy"
    picture = Image.new("RGB", (WIDTH, HEIGHT), (112, 128, 104) if rainy else (134, 156, 108))
    draw = ImageDraw.Draw(picture)
    for row in range(HEIGHT // 2):
        shade = row / (HEIGHT / 2)
        colour = (150, 158, 168) if rainy else (96, 156, 222)
        draw.line(
            [(0, row), (WIDTH, row)], fill=tuple(round(part + (236 - part) * shade * 0.7) for part in colour)
        )
    skyline = [(0, HEIGHT * 0.51), *enumerate_points(scene.horizon), (WIDTH, HEIGHT * 0.51)]
    draw.polygon(skyline, fill=(104, 112, 108) if rainy else (98, 124, 96))
    _draw_houses(draw, chance)
    draw.polygon(scene.road, fill=(84, 86, 90))
    draw.line(scene.lane, fill=(232, 230, 214), width=7)
    for x, y in scene.signs:
        draw.line([(x, y), (x, y + 190)], fill=(120, 122, 124), width=8)
        draw.regular_polygon((x, y, 34), 8, fill=(196, 40, 40), outline=(244, 244, 240), width=4)
    for car in scene.cars:
        _draw_car(draw, *car)
    if rainy:
        for _ in range(900):
            left, top = chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT)
            draw.line([(left, top), (left - 4, top + 16)], fill=(188, 196, 204))
    return picture.filter(ImageFilter.GaussianBlur(0.7))


def _draw_houses(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    x = 0.0
    while x < WIDTH:
        width, height = chance.uniform(50, 130), chance.uniform(30, 90)
        if chance.random() < 0.6:
            top = HEIGHT * 0.47 - height
            tone = chance.randint(120, 190)
            draw.rectangle([x, top, x + width, HEIGHT * 0.48], fill=(tone, tone - 14, tone - 30))
            for window in range(int(width // 24)):
                left = x + 8 + window * 24
                draw.rectangle([left, top + 10, left + 10, top + 24], fill=(70, 82, 96))
        x += width + chance.uniform(4, 40)


def _draw_car(
    draw: ImageDraw.ImageDraw, left: float, top: float, width: float, height: float, colour: str
) -> None:
    paint = _PAINT[_COLOURS.index(colour)]
    wheel = height * 0.22
    body = top + height * 0.42
    bottom = top + height
    draw.rounded_rectangle([left, body, left + width, bottom - wheel * 0.6], radius=height * 0.14, fill=paint)
    draw.polygon(
        [
            (left + width * 0.16, body + 2),
            (left + width * 0.3, top),
            (left + width * 0.72, top),
            (left + width * 0.86, body + 2),
        ],
        fill=tuple(max(part - 24, 0) for part in paint),
    )
    draw.polygon(
        [
            (left + width * 0.22, body),
            (left + width * 0.33, top + height * 0.08),
            (left + width * 0.69, top + height * 0.08),
            (left + width * 0.8, body),
        ],
        fill=(52, 64, 78),
    )
    for centre in (left + width * 0.24, left + width * 0.76):
        draw.ellipse([centre - wheel, bottom - 2 * wheel, centre + wheel, bottom], fill=(28, 28, 30))
        draw.ellipse(
            [centre - wheel * 0.45, bottom - 1.45 * wheel, centre + wheel * 0.45, bottom - 0.55 * wheel],
            fill=(150, 152, 156),
        )
