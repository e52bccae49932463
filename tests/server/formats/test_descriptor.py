"""Data row descriptors of both protocols: one typed form, and a sentence for each bad item."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelyard.formats.descriptor import (
    Attachment,
    DataRowSpec,
    DescriptorRefused,
    ItemRefused,
    MetadataValue,
    read_chunk,
    read_manifest,
    read_row,
    read_rows,
)

VECTORS = Path(__file__).parent / "vectors"
URL = "https://files.example.org/harbour/cam-3.jpg"
CHAT = "application/vnd.labelbox.conversational"


def vector(name: str) -> bytes:
    return (VECTORS / name).read_bytes()


def row(row_data: Any = URL, **keys: Any) -> DataRowSpec:
    spec = read_row({"row_data": row_data, **keys})
    assert isinstance(spec, DataRowSpec), spec
    return spec


def refusal(**keys: Any) -> str:
    refused = read_row({"row_data": URL, **keys})
    assert isinstance(refused, ItemRefused), refused
    return refused.message


def test_a_chunk_that_creates() -> None:
    (spec,) = read_chunk(vector("datarow_chunk_create.json"))
    assert isinstance(spec, DataRowSpec)
    assert (spec.mode, spec.key, spec.row_data, spec.media_type) == ("AUTO", "", URL, "IMAGE")
    assert (spec.global_key, spec.external_id) == ("cam-3/0001", "cam-3.jpg")
    assert spec.dataset_id == "cmzus1axgjay40jlv8kjay1rw"
    assert spec.metadata is not None and len(spec.metadata) == 4
    assert spec.metadata[1] == MetadataValue("cmzhbtwysc4ujf9f22zttb0o1", None, {})
    assert spec.attachments == [Attachment("RAW_TEXT", "ferry due 08:15", "hint")]
    assert spec.embeddings is not None
    assert (spec.embeddings[0].vector, spec.embeddings[0].clusters) == ([0.5, 0.25, -0.125], [3])


def test_a_chunk_that_changes_tells_absent_from_empty() -> None:
    by_key, by_id = read_chunk(vector("datarow_chunk_upsert.json"))
    assert isinstance(by_key, DataRowSpec) and isinstance(by_id, DataRowSpec)
    assert (by_key.mode, by_key.key, by_key.global_key) == ("GKEY", "cam-3/0001", "cam-3/0001-b")
    assert by_key.attachments is None and by_key.row_data is None
    assert (by_id.mode, by_id.external_id, by_id.attachments) == ("ID", "renamed.jpg", [])


def test_the_older_array() -> None:
    picture, text, tiles = read_rows(vector("datarow_descriptor_legacy_2x.json"), dataset_id="cd")
    assert (
        isinstance(picture, DataRowSpec) and isinstance(text, DataRowSpec) and isinstance(tiles, DataRowSpec)
    )
    assert (picture.row_data, picture.external_id, picture.media_type) == (URL, "cam-3.jpg", None)
    assert (text.row_data, text.media_type) == ("Pilot boarded at 06:10", "TEXT")
    assert tiles.media_type == "TMS_GEO" and tiles.external_id == "north"
    assert json.loads(tiles.row_data or "") == {
        key: value
        for key, value in json.loads(vector("datarow_descriptor_legacy_2x.json"))[2].items()
        if key != "externalId"
    }
    assert {spec.dataset_id for spec in (picture, text, tiles)} == {"cd"}


def test_every_form_of_row_data_of_the_sdk() -> None:
    items = json.loads(vector("datarow_sdk_items.json"))
    specs = [read_row(item) for item in items]
    assert all(isinstance(spec, DataRowSpec) for spec in specs), specs
    picture, text, pdf, tiles, chat = (spec for spec in specs if isinstance(spec, DataRowSpec))
    assert picture.metadata is not None and picture.metadata[0] == MetadataValue(None, "tag", "dawn")
    assert text.media_type == "TEXT"
    assert (pdf.row_data, pdf.text_layer_url) == (
        items[2]["row_data"]["pdf_url"],
        items[2]["row_data"]["text_layer_url"],
    )
    assert json.loads(tiles.row_data or "") == items[3]["row_data"]
    assert json.loads(chat.row_data or "") == items[4]["row_data"]
    assert [spec.media_type for spec in (picture, text, pdf, tiles, chat)] == [
        "IMAGE", "TEXT", "PDF", "TMS_GEO", "CONVERSATIONAL",
    ]  # fmt: skip


def test_media_types_are_seen_or_left_open() -> None:
    assert row().media_type is None
    assert row("a text").media_type == "TEXT"
    assert row({"type": CHAT, "version": 1, "messages": []}).media_type == "CONVERSATIONAL"
    assert row(orjson.dumps({"pdf_url": URL}).decode()).row_data == URL
    assert row({"tile_layer_url": "https://t/{z}/{x}/{y}.png", "epsg": "Simple"}).media_type == "TMS_SIMPLE"
    live = {"type": f"{CHAT}.model-chat-evaluation", "version": 2, "draft": True, "messages": {}}
    assert row(live).media_type == "CONVERSATIONAL"
    assert row('{"any": "json"}', media_type="JSON").media_type == "JSON"
    assert row(media_type="image").media_type == "IMAGE"


def test_older_conversations_are_rewritten() -> None:
    spec = read_row({"conversationalData": [{"messageId": "1", "content": "a"}], "externalId": "t"})
    assert isinstance(spec, DataRowSpec)
    assert json.loads(spec.row_data or "") == {
        "type": CHAT,
        "version": 1,
        "messages": [{"messageId": "1", "content": "a"}],
    }


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"row_data": None}, "no row_data"),
        ({"row_data": ""}, "empty"),
        ({"row_data": 7}, "text or a JSON object"),
        ({"row_data": {"what": 1}}, "unknown form"),
        ({"row_data": "x" * 64_001}, "64,000"),
        ({"row_data": "a\0b"}, "U+0000"),
        ({"row_data": "a text", "media_type": "IMAGE"}, "Found invalid contents for media type: 'IMAGE'"),
        (
            {"row_data": {"type": CHAT, "messages": []}, "media_type": "IMAGE"},
            "Found invalid contents for media type: 'IMAGE'",
        ),
        ({"media_type": "SMELL"}, "Found invalid media type: 'SMELL'"),
        ({"row_data": {"tile_layer_url": "https://t/"}}, "{z}"),
        ({"row_data": {"tile_layer_url": "{z}{x}{y}", "bounds": [[1, 2], [1, 3]]}}, "no area"),
        ({"row_data": {"tile_layer_url": "{z}{x}{y}", "epsg": "EPSG1"}}, "EPSG1"),
        ({"row_data": {"pdf_url": "nowhere"}}, "nowhere"),
        ({"row_data": {"type": CHAT, "messages": [{"content": "a"}]}}, "messageId"),
        ({"row_data": {"type": CHAT, "messages": [{"messageId": "1", "content": "a"}] * 2}}, "twice"),
        ({"row_data": {"type": CHAT, "messages": [{}] * 251}}, "251"),
        ({"global_key": "k" * 201}, "201 characters"),
        ({"global_key": ""}, "not blank"),
        ({"global_key": " "}, "not blank"),
        ({"global_key": 5}, "text"),
        ({"attachments": {"type": "IMAGE"}}, "`attachments` is not a list"),
        ({"attachments": [{"type": "SMELL", "value": "x"}]}, "'SMELL'"),
        ({"attachments": [{"type": "IMAGE"}]}, "needs a value"),
        ({"attachments": [{"type": "IMAGE", "value": ""}]}, "needs a value"),
        ({"metadata_fields": [{"name": "tag"}]}, "'tag' has no value"),
        ({"metadata_fields": [{"value": "dawn"}]}, "neither schemaId nor name"),
        ({"embeddings": [{"embeddingId": "e", "vector": []}]}, "0 numbers"),
        ({"embeddings": [{"embeddingId": "e", "vector": ["x"]}]}, "right form"),
    ],
)
def test_a_bad_item_gets_a_sentence(keys: dict[str, Any], words: str) -> None:
    assert words in refusal(**keys)


def test_two_hundred_characters_are_still_a_global_key() -> None:
    assert row(global_key="k" * 200).global_key == "k" * 200


def test_old_attachment_types_are_told_apart() -> None:
    spec = row(
        attachments=[{"type": "TEXT", "value": "hello"}, {"type": "TEXT", "value": "https://a.example/t.txt"}]
    )
    assert [attachment.type for attachment in spec.attachments or ()] == ["RAW_TEXT", "TEXT_URL"]


def test_one_bad_item_stops_no_other_and_is_repeated() -> None:
    items = [
        {"id": {"type": "AUTO", "value": ""}, "payload": {"row_data": URL}},
        {"id": {"type": "AUTO"}, "payload": {"row_data": URL, "global_key": "k" * 300, "external_id": "e"}},
        {"id": {"type": "NEW"}, "payload": {}},
        {"id": {"type": "ID", "value": ""}, "payload": {}},
        {"id": {"type": "AUTO"}, "payload": {"global_key": "only"}},
        7,
        {"id": {"type": "GKEY", "value": "k"}, "payload": {"external_id": "x"}},
    ]
    done = list(read_chunk(orjson.dumps(items), first_position=10))
    assert [isinstance(item, DataRowSpec) for item in done] == [True, False, False, False, False, False, True]
    assert [item.position for item in done] == list(range(10, 17))
    second = done[1]
    assert isinstance(second, ItemRefused)
    assert (second.external_id, second.global_key, second.row_data) == ("e", "k" * 300, URL)


@pytest.mark.parametrize("data", [b"", b"{}", b"not json", b'"x"', b"[1", b"\xff"])
def test_a_file_that_is_no_array_fails_whole(data: bytes) -> None:
    with pytest.raises(DescriptorRefused, match="not a JSON array"):
        list(read_chunk(data))
    with pytest.raises(DescriptorRefused, match="not a JSON array"):
        list(read_rows(data))
    with pytest.raises(DescriptorRefused, match="manifest"):
        read_manifest(data)


def test_the_manifest() -> None:
    manifest = read_manifest(vector("datarow_manifest.json"))
    assert manifest.item_count == 3 and len(manifest.chunk_uris) == 2


def test_the_vectors_bad_items_that_reach_the_server() -> None:
    for case in json.loads(vector("datarow_bad_items.json")):
        keys = dict(case["item"])
        outcome = read_row(keys)
        if case["category"] in ("unknown_metadata", "unknown_metadata_option", "bad_url", "extra_field"):
            continue  # need the metadata ontology, or are stopped in the client only
        if case["category"] == "wrong_type" and "metadata_fields" in keys:
            continue  # whether a value fits its field needs the metadata ontology
        assert isinstance(outcome, ItemRefused), case


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(
    [
        "row_data",
        "data",
        "global_key",
        "external_id",
        "attachments",
        "metadata_fields",
        "embeddings",
        "media_type",
    ]
)


@given(st.lists(st.dictionaries(keys, json_values, max_size=4), max_size=3))
def test_no_item_breaks_the_reader(rows: list[dict[str, Any]]) -> None:
    assert len(list(read_rows(orjson.dumps(rows)))) == len(rows)
    chunk = [{"id": {"type": "AUTO", "value": ""}, "payload": payload} for payload in rows]
    assert len(list(read_chunk(orjson.dumps(chunk)))) == len(rows)
