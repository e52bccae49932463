"""Masks: round trips through every form, and what is refused."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image

from labelyard.formats.masks import (
    check_color,
    composite_png,
    mask_area,
    mask_counts,
    mask_from_array,
    mask_from_counts,
    mask_from_png,
    mask_ious,
    mask_png,
    mask_to_array,
    mask_union,
    masks_from_composite,
)
from labelyard.formats.refusals import AnnotationRefused

pixels = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda shape: arrays(np.uint8, shape, elements=st.integers(0, 1))
)


def png_of(array: NDArray[np.uint8], colors: int = 0) -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(array)
    (picture.quantize(colors) if colors else picture).save(out, "PNG")
    return out.getvalue()


@given(pixels)
def test_every_form_gives_the_same_mask(array: NDArray[np.uint8]) -> None:
    mask = mask_from_array(array)
    assert np.array_equal(mask_to_array(mask), array)
    counts = mask_counts(mask)
    assert sum(counts) == array.size and sum(counts[1::2]) == array.sum() == mask_area(mask)
    assert mask_from_counts([mask.height, mask.width], counts) == mask
    assert mask_from_png(png_of(array)) == mask
    assert masks_from_composite(mask_png(mask), [(255, 255, 255)])[(255, 255, 255)] == mask


def test_long_runs_survive_the_compressed_form() -> None:
    counts = [0, 1, 2_000_000, 7, 1_999_000, 40_000, 1]
    mask = mask_from_counts([sum(counts), 1], counts)
    assert mask_counts(mask) == counts


def test_short_counts_mean_zeros_when_that_is_asked_for() -> None:
    padded = mask_from_counts([2, 3], [1, 2], pad=True)
    assert mask_counts(padded) == [1, 2, 3]
    assert mask_counts(mask_from_counts([2, 3], [1, 2, 1], pad=True)) == [1, 2, 3]
    with pytest.raises(AnnotationRefused, match="3 pixels, but its size has 6"):
        mask_from_counts([2, 3], [1, 2])


def test_a_composite_keeps_its_masks_apart() -> None:
    left = mask_from_array(np.array([[1, 0, 0], [1, 0, 0]], dtype=np.uint8))
    right = mask_from_array(np.array([[0, 0, 1], [0, 0, 1]], dtype=np.uint8))
    colors = [(255, 0, 1), (0, 0, 1)]
    png = composite_png([(left, colors[0]), (right, colors[1])])
    assert masks_from_composite(png, colors) == {colors[0]: left, colors[1]: right}
    assert mask_area(masks_from_composite(png, [(9, 9, 9)])[(9, 9, 9)]) == 0
    palette = png_of(np.asarray(Image.open(io.BytesIO(png))), 3)
    assert masks_from_composite(palette, colors)[colors[0]] == left


def test_overlaps_and_union() -> None:
    one = mask_from_array(np.array([[1, 1, 0, 0]], dtype=np.uint8))
    two = mask_from_array(np.array([[0, 1, 1, 0]], dtype=np.uint8))
    other_size = mask_from_array(np.ones((2, 2), dtype=np.uint8))
    empty = mask_from_array(np.zeros((1, 4), dtype=np.uint8))
    assert mask_ious([one, empty], [two, one, other_size, empty]) == pytest.approx(
        np.array([[1 / 3, 1, 0, 0], [0, 0, 0, 0]])
    )
    assert mask_area(mask_union([one, two])) == 3


@pytest.mark.parametrize(
    ("size", "counts", "name"),
    [
        ([4, 4, 1], [16], "WrongType"),
        ("4x4", [16], "WrongType"),
        ([4, 4.0], [16], "WrongType"),
        ([4, 4], None, "WrongType"),
        ([4, 4], [16.0], "WrongType"),
        ([4, 4], [True], "WrongType"),
        ([4, 4], [3, -1, 14], "OutOfRange"),
        ([0, 4], [0], "OutOfRange"),
        ([100_000, 100_000], [10**10], "OutOfRange"),
        ([4, 4], [17], "InvalidGeometry"),
    ],
)
def test_impossible_run_lengths_are_refused(size: object, counts: object, name: str) -> None:
    with pytest.raises(AnnotationRefused) as caught:
        mask_from_counts(size, counts)
    assert caught.value.name == name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"not a picture", "not a PNG"),
        (b"", "not a PNG"),
        (png_of(np.arange(10_000, dtype=np.uint8).reshape(100, 100) % 7)[:100], "damaged"),
        (png_of(np.full((4, 4), 255, dtype=np.uint8)), "holds 255"),
        (png_of(np.ones((4, 4, 3), dtype=np.uint8)), "one channel"),
    ],
)
def test_unusable_pngs_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(AnnotationRefused, match=words):
        mask_from_png(data)


def test_colours() -> None:
    assert check_color([0, 145, 255]) == (0, 145, 255)
    for color, name in (([0, 3], "WrongType"), (None, "WrongType"), ([0, 300, 0], "OutOfRange")):
        with pytest.raises(AnnotationRefused) as caught:
            check_color(color)
        assert caught.value.name == name
