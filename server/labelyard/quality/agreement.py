"""How alike labels are, 0 to 1: the rules of reference/quality.md 3. Pure: documents in, numbers out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labelyard.formats.annotations import GEOMETRY_KEYS
from labelyard.formats.geometry import ious
from labelyard.formats.masks import Mask, mask_ious, mask_union

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Document = Mapping[str, Any]
Masks = Mapping[str, Mask]
_Entries = Sequence[dict[str, Any]]

MOST_ASSIGNED = (
    200  # objects a side up to which the best pairing is found; above, the next best pair is taken first
)
MOST_COMPARED = 5_000  # objects of one tool a side; a tool with more is left out
LONGEST_TEXT = 20_000  # characters of an answer that are compared


def row_agreements(
    documents: Mapping[str, Document], reference: str | None, masks: Masks
) -> dict[str, tuple[float | None, float | None]]:
    """By label the mean agreement with the other labels of a row, and the agreement with the row's benchmark.

    `documents` are the labels to compare by id, `reference` the benchmark's label, `masks` all masks by feature id.
    None where there is nothing to compare.
    """
    ids = list(documents)
    with_others: dict[str, list[float]] = {label_id: [] for label_id in ids}
    with_reference: dict[str, float | None] = {}
    for place, one in enumerate(ids):
        for other in ids[place + 1 :]:
            agreement = label_agreement(documents[one], documents[other], masks)
            if agreement is not None:
                with_others[one].append(agreement)
                with_others[other].append(agreement)
            if reference == one:
                with_reference[other] = agreement
            elif reference == other:
                with_reference[one] = agreement
    return {label_id: (_mean(with_others[label_id]), with_reference.get(label_id)) for label_id in ids}


def label_agreement(one: Document, other: Document, masks: Masks) -> float | None:
    """The mean over all features that either label has; None when neither has any.

    A feature is a tool, a question or a relationship, by name; one that only one label has counts 0. Tools whose
    objects have no place to compare, or of which there are too many, are left out.
    """
    has_relationships = bool(one.get("relationships") or other.get("relationships"))
    found: list[float] = []
    twins: dict[str, str] = {}
    for ours, theirs in _by_feature(one.get("objects"), other.get("objects")):
        has_place = any(key in entry for entry in (*ours, *theirs) for key in GEOMETRY_KEYS)
        if not has_place or max(len(ours), len(theirs)) > MOST_COMPARED:
            continue
        agreement, pairs = _objects_agreement(ours, theirs, masks, wants_pairs=has_relationships)
        found.append(agreement)
        twins.update((theirs[there]["feature_id"], ours[here]["feature_id"]) for here, there in pairs)
    found += _answers_agreements(one.get("classifications"), other.get("classifications"))
    for ours, theirs in _by_feature(one.get("relationships"), other.get("relationships")):
        found.append(_shared(_joined(ours, None), _joined(theirs, twins)))
    return _mean(found)


def text_agreement(one: str, other: str) -> float:
    """1 - edit distance / the longer length, of texts in NFC without blanks around them; two empty texts are alike."""
    one, other = (unicodedata.normalize("NFC", text).strip()[:LONGEST_TEXT] for text in (one, other))
    longest = max(len(one), len(other))
    return 1.0 - _edit_distance(one, other) / longest if longest else 1.0


def _objects_agreement(
    ours: _Entries, theirs: _Entries, masks: Masks, *, wants_pairs: bool
) -> tuple[float, list[tuple[int, int]]]:
    """The agreement on one tool and, where `wants_pairs` or the agreement needs them, which objects are the same."""
    if not ours or not theirs:
        return 0.0, []
    pixels = [_pixels(entries, masks) for entries in (ours, theirs)]
    are_areas = all(pixels) and not any(entry.get("classifications") for entry in (*ours, *theirs))
    one_size = len({(mask.height, mask.width) for side in pixels for mask in side}) == 1
    pairs: list[tuple[int, int]] = []
    if wants_pairs or not (are_areas and one_size):
        overlaps = mask_ious(*pixels) if all(pixels) else ious(ours, theirs)
        pairs = best_pairs(overlaps)
    if are_areas and one_size:
        union = mask_ious([mask_union(pixels[0])], [mask_union(pixels[1])])
        return float(union[0, 0]), pairs
    terms = 0.0
    for here, there in pairs:
        nested = _answers_agreements(ours[here].get("classifications"), theirs[there].get("classifications"))
        overlap = float(overlaps[here, there])
        terms += (overlap + sum(nested) / len(nested)) / 2 if nested else overlap
    return terms / (len(ours) + len(theirs) - len(pairs)), pairs


def _pixels(entries: _Entries, masks: Masks) -> list[Mask]:
    """The masks of a tool's objects; nothing unless each of them has one."""
    found = [
        masks.get(entry["feature_id"]) for entry in entries if "mask" in entry or "composite_mask" in entry
    ]
    known = [mask for mask in found if mask is not None]
    return known if len(known) == len(entries) else []


def best_pairs(overlaps: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The pairing of rows and columns whose overlaps add up to the most; what has no overlap is no pair."""
    import numpy as np

    if max(overlaps.shape) > MOST_ASSIGNED:
        return _greedy_pairs(overlaps)
    if min(overlaps.shape) == 1:
        place = int(np.argmax(overlaps))
        row, column = divmod(place, overlaps.shape[1])
        return [(row, column)] if overlaps[row, column] > 0 else []
    import lap

    _, columns, _ = lap.lapjv(1.0 - overlaps, extend_cost=True)
    return [
        (row, int(column)) for row, column in enumerate(columns) if column >= 0 and overlaps[row, column] > 0
    ]


def _greedy_pairs(overlaps: NDArray[np.float64]) -> list[tuple[int, int]]:
    import numpy as np

    rows, columns = np.nonzero(overlaps)
    order = np.argsort(-overlaps[rows, columns], kind="stable")
    taken_rows: set[int] = set()
    taken_columns: set[int] = set()
    pairs = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in taken_rows and column not in taken_columns:
            taken_rows.add(row)
            taken_columns.add(column)
            pairs.append((row, column))
    return pairs


def _answers_agreements(ours: _Entries | None, theirs: _Entries | None) -> list[float]:
    """One agreement for each question that either side answers."""
    return [
        _answer_agreement(mine[0], yours[0]) if mine and yours else 0.0
        for mine, yours in _by_feature(ours, theirs)
    ]


def _answer_agreement(one: dict[str, Any], other: dict[str, Any]) -> float:
    """The mean of the agreement on the answers themselves and of that on the questions below those that both give."""
    if "text_answer" in one and "text_answer" in other:
        return text_agreement(one["text_answer"]["content"], other["text_answer"]["content"])
    ours, theirs = _chosen(one), _chosen(other)
    own = _shared(set(ours), set(theirs))
    nested: list[float] = []
    for name in ours.keys() & theirs.keys():
        nested += _answers_agreements(ours[name].get("classifications"), theirs[name].get("classifications"))
    return (own + sum(nested) / len(nested)) / 2 if nested else own


def _chosen(question: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answers = question.get("checklist_answers") or [question.get("radio_answer")]
    return {answer["name"]: answer for answer in answers if answer}


def _joined(relationships: _Entries, twins: dict[str, str] | None) -> set[Any]:
    """What is joined to what; `twins` renames the other label's objects to ours where they are the same."""
    found: set[Any] = set()
    for entry in relationships:
        is_directed = "unidirectional_relationship" in entry
        ends = entry["unidirectional_relationship" if is_directed else "bidirectional_relationship"]
        pair = [ends["source"], ends["target"]]
        if twins is not None:
            pair = [twins.get(end, f"only there: {end}") for end in pair]
        found.add(tuple(pair) if is_directed else frozenset(pair))
    return found


def _by_feature(ours: _Entries | None, theirs: _Entries | None) -> list[tuple[_Entries, _Entries]]:
    groups: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}
    for side, entries in enumerate((ours or (), theirs or ())):
        for entry in entries:
            groups.setdefault(entry["name"], ([], []))[side].append(entry)
    return list(groups.values())


def _shared(ours: set[Any], theirs: set[Any]) -> float:
    """What both have, of all that either has."""
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _edit_distance(one: str, other: str) -> int:
    """Insertions, deletions and replacements between two texts (Myers' bit vectors, as Hyyrö has them)."""
    if one == other or not one or not other:
        return 0 if one == other else len(one or other)
    at: dict[str, int] = {}
    for place, character in enumerate(one):
        at[character] = at.get(character, 0) | 1 << place
    full, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    plus, minus, distance = full, 0, len(one)
    for character in other:
        equal = at.get(character, 0)
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        up = (minus | ~(horizontal | plus)) & full
        down = plus & horizontal
        distance += bool(up & last) - bool(down & last)
        up = (up << 1) | 1
        plus = ((down << 1) | ~(vertical | up)) & full
        minus = up & vertical & full
    return distance
