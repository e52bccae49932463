"""How alike two labels are: numbers worked out by hand from reference/quality.md 3."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelyard.formats.masks import Mask, mask_from_array
from labelyard.quality.agreement import (
    MOST_ASSIGNED,
    MOST_COMPARED,
    best_pairs,
    label_agreement,
    row_agreements,
    text_agreement,
)

NO_MASKS: dict[str, Mask] = {}


def label(
    objects: list[Any] | None = None, answers: list[Any] | None = None, joins: list[Any] | None = None
) -> dict[str, Any]:
    return {"objects": objects or [], "classifications": answers or [], "relationships": joins or []}


def box(
    top: float, left: float, height: float, width: float, *answers: Any, name: str = "Car", key: str = ""
) -> dict[str, Any]:
    at = {"top": top, "left": left, "height": height, "width": width}
    return {
        "feature_id": key or f"{name} {top} {left}",
        "name": name,
        "bounding_box": at,
        "classifications": list(answers),
    }


def shape(kind: str, points: Any, name: str = "Road") -> dict[str, Any]:
    found = [{"x": x, "y": y} for x, y in points]
    return {
        "feature_id": name,
        "name": name,
        kind: found[0] if kind == "point" else found,
        "classifications": [],
    }


def mask(key: str, *answers: Any) -> dict[str, Any]:
    return {"feature_id": key, "name": "Sky", "mask": {"url": key}, "classifications": list(answers)}


def radio(name: str, option: str, *nested: Any) -> dict[str, Any]:
    return {"name": name, "radio_answer": {"name": option, "classifications": list(nested)}}


def checklist(name: str, *options: str) -> dict[str, Any]:
    return {
        "name": name,
        "checklist_answers": [{"name": option, "classifications": []} for option in options],
    }


def text(name: str, content: str) -> dict[str, Any]:
    return {"name": name, "text_answer": {"content": content}}


def joined(source: str, target: str, kind: str = "unidirectional") -> dict[str, Any]:
    return {"name": "holds", f"{kind}_relationship": {"source": source, "target": target}}


def of(one: dict[str, Any], other: dict[str, Any], masks: dict[str, Mask] = NO_MASKS) -> float | None:
    forth, back = label_agreement(one, other, masks), label_agreement(other, one, masks)
    assert forth == back or forth == pytest.approx(back)
    return forth


def test_labels_without_annotations_cannot_be_compared() -> None:
    assert of(label(), label()) is None


def test_an_identical_label_is_1_and_boxes_apart_are_0() -> None:
    assert of(label([box(0, 0, 10, 10)]), label([box(0, 0, 10, 10)])) == 1
    assert of(label([box(0, 0, 10, 10)]), label([box(50, 50, 10, 10)])) == 0


def test_a_box_half_over_the_other_has_a_third() -> None:
    # 50 common of 150 square pixels
    assert of(label([box(0, 0, 10, 10)]), label([box(0, 5, 10, 10)])) == pytest.approx(1 / 3)


def test_an_object_that_only_one_has_counts_0() -> None:
    # terms: the same box 1, one without a partner 0
    assert of(label([box(0, 0, 9, 9)]), label([box(0, 0, 9, 9), box(50, 50, 9, 9)])) == 0.5
    # the same box 1; what does not overlap is two objects, each without a partner
    pairs = label([box(0, 0, 9, 9), box(20, 0, 9, 9)]), label([box(0, 0, 9, 9), box(0, 90, 9, 9)])
    assert of(*pairs) == pytest.approx(1 / 3)


def test_a_tool_or_question_that_only_one_has_counts_0_each_with_the_same_weight() -> None:
    one = label([box(0, 0, 9, 9), box(0, 0, 9, 9, name="Bus")], [radio("Weather", "sunny")])
    other = label([box(0, 0, 9, 9)], [radio("Weather", "sunny"), text("Notes", "wet")])
    assert of(one, other) == 2 / 4  # Car 1, Bus 0, Weather 1, Notes 0


def test_the_best_pairing_is_not_the_greedy_one() -> None:
    # overlaps: a with x 0.9, a with y 0.8, b with x 0.8, b with y none; greedy: 0.9, best: 0.8 + 0.8
    assert sorted(best_pairs(np.array([[0.9, 0.8], [0.8, 0.0]]))) == [(0, 1), (1, 0)]


def test_above_200_objects_the_next_best_pair_comes_first() -> None:
    overlaps = np.zeros((MOST_ASSIGNED + 1, 2))
    overlaps[:2] = [[0.9, 0.8], [0.8, 0.0]]
    assert best_pairs(overlaps) == [(0, 0)]


@given(
    st.integers(1, 4).flatmap(
        lambda rows: st.integers(1, 4).flatmap(
            lambda columns: st.lists(
                st.lists(
                    st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=columns, max_size=columns
                ),
                min_size=rows,
                max_size=rows,
            )
        )
    )
)
def test_no_other_pairing_adds_up_to_more(given_overlaps: list[list[float]]) -> None:
    overlaps = np.array(given_overlaps)
    pairs = best_pairs(overlaps)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(overlaps[pair] > 0 for pair in pairs)
    short = overlaps if overlaps.shape[0] <= overlaps.shape[1] else overlaps.T
    best = max(
        sum(short[row, column] for row, column in enumerate(columns))
        for columns in itertools.permutations(range(short.shape[1]), short.shape[0])
    )
    assert sum(overlaps[pair] for pair in pairs) == pytest.approx(best)


def test_tools_that_cannot_be_compared_are_left_out() -> None:
    crowd = [box(number, 0, 1, 1, name="Ant") for number in range(MOST_COMPARED + 1)]
    placeless = {"feature_id": "x", "name": "Mask of 2.4", "classifications": []}
    assert of(label([*crowd, placeless]), label(crowd[:2])) is None
    assert of(label([*crowd, box(0, 0, 9, 9)]), label([box(0, 0, 9, 9)])) == 1


def test_questions_below_an_object_weigh_as_much_as_its_place() -> None:
    one = label([box(0, 0, 10, 10, radio("Colour", "red"), checklist("Lights", "front", "back"))])
    other = label([box(0, 5, 10, 10, radio("Colour", "red"), checklist("Lights", "front"))])
    # place 1/3; colour 1, lights 1/2: mean 3/4
    assert of(one, other) == pytest.approx((1 / 3 + 3 / 4) / 2)
    silent = label([box(0, 5, 10, 10)])
    assert of(one, silent) == pytest.approx((1 / 3 + 0) / 2)


def test_polygons_lines_and_points() -> None:
    square, half = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)], [(0, 0), (2, 0), (2, 4), (0, 4), (0, 0)]
    assert of(label([shape("polygon", square)]), label([shape("polygon", half)])) == pytest.approx(0.5)
    bow_tie = [
        (0, 0),
        (4, 4),
        (4, 0),
        (0, 4),
        (0, 0),
    ]  # crosses itself: two triangles of 4, all in the square
    assert of(label([shape("polygon", square)]), label([shape("polygon", bow_tie)])) == pytest.approx(0.5)
    near, far = [(0, 0)], [(140, 0)]
    assert of(label([shape("point", near)]), label([shape("point", near)])) == pytest.approx(1)
    assert of(label([shape("point", near)]), label([shape("point", far)])) == pytest.approx(0, abs=1e-9)
    # two discs of radius 70 whose centres are 70 apart: lens / union = 0.2430...
    assert of(label([shape("point", near)]), label([shape("point", [(70, 0)])])) == pytest.approx(
        0.243, abs=0.003
    )
    line, moved = [(0, 0), (1000, 0)], [(0, 70), (1000, 70)]
    # stripes of 1000 x 140, half over each other, and half discs at the ends: close to 1/3
    assert of(label([shape("line", line)]), label([shape("line", moved)])) == pytest.approx(1 / 3, abs=0.02)


def test_masks_by_their_pixels() -> None:
    left = mask_from_array(np.array([[1, 1, 0, 0], [0, 0, 0, 0]], dtype=np.uint8))
    middle = mask_from_array(np.array([[0, 1, 1, 0], [0, 0, 0, 0]], dtype=np.uint8))
    right = mask_from_array(np.array([[0, 0, 1, 1], [0, 0, 0, 0]], dtype=np.uint8))
    row = mask_from_array(np.array([[1, 1, 1, 1], [0, 0, 0, 0]], dtype=np.uint8))
    masks = {"left": left, "middle": middle, "right": right, "row": row}
    assert of(label([mask("left")]), label([mask("middle")]), masks) == pytest.approx(1 / 3)
    # two instances are together what the other drew as one
    assert of(label([mask("left"), mask("right")]), label([mask("row")]), masks) == 1
    # with questions instances count: left with row 2/4 and the answer 1; right alone
    answered = radio("Cloudy", "yes")
    one, other = label([mask("left", answered), mask("right")]), label([mask("row", answered)])
    assert of(one, other, masks) == pytest.approx((0.5 + 1) / 2 / 2)
    # of other sizes nothing is common
    masks["small"] = mask_from_array(np.ones((1, 1), dtype=np.uint8))
    assert of(label([mask("left")]), label([mask("small")]), masks) == 0


def test_answers() -> None:
    assert of(label(answers=[radio("W", "sunny")]), label(answers=[radio("W", "rainy")])) == 0
    one = label(answers=[checklist("V", "people", "bicycles")])
    assert of(one, label(answers=[checklist("V", "people", "dogs")])) == pytest.approx(1 / 3)
    assert of(one, label(answers=[checklist("V", "dogs")])) == 0
    # the same answer 1, the question below it 0
    light, heavy = (radio("W", "rainy", radio("How heavy", how)) for how in ("light", "heavy"))
    assert of(label(answers=[light]), label(answers=[heavy])) == 0.5
    # below answers that are not common nothing is compared
    assert of(label(answers=[light]), label(answers=[radio("W", "sunny")])) == 0


def test_texts() -> None:
    assert text_agreement("house", "hous") == pytest.approx(0.8)
    assert text_agreement("", "  ") == 1
    assert text_agreement("", "a") == 0
    assert text_agreement("kitten", "sitting") == pytest.approx(1 - 3 / 7)
    assert text_agreement("caf\u00e9", " cafe\u0301\n") == 1  # one spelling of é, blanks around do not count
    assert of(label(answers=[text("N", "house")]), label(answers=[text("N", "hous")])) == pytest.approx(0.8)


words = st.text(st.sampled_from("abc "), max_size=12)


@given(words, words)
def test_the_edit_distance_is_the_textbooks(one: str, other: str) -> None:
    one, other = one.strip(), other.strip()
    above = list(range(len(other) + 1))
    for place, mine in enumerate(one, 1):
        row = [place]
        for number, yours in enumerate(other, 1):
            row.append(min(above[number] + 1, row[-1] + 1, above[number - 1] + (mine != yours)))
        above = row
    longest = max(len(one), len(other))
    assert text_agreement(one, other) == pytest.approx(1 - above[-1] / longest if longest else 1)


def test_relationships_join_the_objects_that_are_the_same() -> None:
    first, second = box(0, 0, 9, 9, key="a1"), box(50, 50, 9, 9, key="a2")
    same, other = box(0, 0, 9, 9, key="b1"), box(50, 50, 9, 9, key="b2")
    one = label([first, second], joins=[joined("a1", "a2")])
    assert of(one, label([same, other], joins=[joined("b1", "b2")])) == 1
    # Car 1; the other way round nothing is common
    assert of(one, label([same, other], joins=[joined("b2", "b1")])) == 0.5
    both = label([first, second], joins=[joined("a1", "a2", "bidirectional")])
    assert of(both, label([same, other], joins=[joined("b2", "b1", "bidirectional")])) == 1
    # one of two triples is common: (1 + 1/2) / 2
    more = label([same, other], joins=[joined("b1", "b2"), joined("b2", "b1")])
    assert of(one, more) == pytest.approx(0.75)


def test_a_row_by_label_with_the_others_and_with_the_reference() -> None:
    documents = {
        "a": label([box(0, 0, 10, 10)]),
        "b": label([box(0, 5, 10, 10)]),
        "c": label([box(90, 90, 1, 1)]),
        "d": label(),
    }
    found = row_agreements(documents, "a", NO_MASKS)
    third = pytest.approx(1 / 3)
    # a with b 1/3, with c 0, with d 0 (a tool that only one has)
    assert found["a"] == (pytest.approx(1 / 9), None)
    assert found["b"] == (pytest.approx(1 / 9), third)
    assert found["c"] == (0, 0) and found["d"] == (0, 0)
    assert row_agreements({"a": label(), "b": label()}, "a", NO_MASKS) == {
        "a": (None, None),
        "b": (None, None),
    }
    assert row_agreements({"a": documents["a"]}, "a", NO_MASKS) == {"a": (None, None)}
