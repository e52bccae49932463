"""Keys, attachments, changes and look-ups of data rows."""

from __future__ import annotations

from typing import Any

from factories import make_dataset, make_rows, unique

ASSIGN = "mutation($d: AssignGlobalKeysInput!) { assignGlobalKeysToDataRows(data: $d) { jobId } }"
ASSIGNED = """query($j: ID!) { assignGlobalKeysToDataRowsResult(jobId: {id: $j}) { jobStatus data {
  sanitizedAssignments { dataRowId globalKey } invalidGlobalKeyAssignments { dataRowId }
  unmodifiedAssignments { dataRowId } accessDeniedAssignments { dataRowId } } } }"""
LOOK_UP = "query($k: [ID!]!) { dataRowsForGlobalKeys(where: {ids: $k}) { jobId } }"
LOOKED_UP = """query($j: ID!) { dataRowsForGlobalKeysResult(jobId: {id: $j}) { jobStatus data {
  fetchedDataRows { id } notFoundGlobalKeys } } }"""
UPDATE = "mutation($r: ID!, $d: UpdateDataRowInput!) { updateDataRow(where: {id: $r}, data: $d) { id externalId globalKey } }"


def test_keys_are_assigned_looked_up_in_order_and_cleared(server: Any) -> None:
    dataset_id = make_dataset(server)
    rows = make_rows(server, 3, dataset_id)
    old = server.graphql("query($r: ID!) { dataRow(where: {id: $r}) { globalKey } }", r=rows[2])["dataRow"][
        "globalKey"
    ]
    keys = [unique("new"), unique("new")]
    given = [
        {"dataRowId": rows[0], "globalKey": keys[0]},
        {"dataRowId": rows[1], "globalKey": keys[1]},
        {"dataRowId": rows[2], "globalKey": old},
        {"dataRowId": rows[2], "globalKey": keys[0]},
        {"dataRowId": "c" + "0" * 24, "globalKey": unique("new")},
    ]
    job = server.graphql(ASSIGN, d={"assignInputs": given})["assignGlobalKeysToDataRows"]["jobId"]
    outcome = server.graphql(ASSIGNED, j=job)["assignGlobalKeysToDataRowsResult"]
    assert outcome["jobStatus"] == "COMPLETE"
    assert outcome["data"] == {
        "sanitizedAssignments": given[:2],
        "invalidGlobalKeyAssignments": [{"dataRowId": rows[2]}],
        "unmodifiedAssignments": [{"dataRowId": rows[2]}],
        "accessDeniedAssignments": [{"dataRowId": "c" + "0" * 24}],
    }
    job = server.graphql(LOOK_UP, k=[keys[1], "nothing", keys[0]])["dataRowsForGlobalKeys"]["jobId"]
    assert server.graphql(LOOKED_UP, j=job)["dataRowsForGlobalKeysResult"]["data"] == {
        "fetchedDataRows": [{"id": rows[1]}, {"id": ""}, {"id": rows[0]}],
        "notFoundGlobalKeys": ["nothing"],
    }
    job = server.graphql(
        "mutation($k: [ID!]!) { clearGlobalKeys(where: {ids: $k}) { jobId } }", k=[keys[0], "nothing"]
    )
    cleared = server.graphql(
        "query($j: ID!) { clearGlobalKeysResult(jobId: {id: $j}) { data { clearedGlobalKeys notFoundGlobalKeys } } }",
        j=job["clearGlobalKeys"]["jobId"],
    )["clearGlobalKeysResult"]["data"]
    assert cleared == {"clearedGlobalKeys": [keys[0]], "notFoundGlobalKeys": ["nothing"]}


def test_R_DR_02_a_change_persists_and_a_taken_key_does_not(server: Any) -> None:
    one, other = make_rows(server, 2)
    key = unique("key")
    changed = server.graphql(UPDATE, r=one, d={"externalId": "new", "globalKey": key})["updateDataRow"]
    assert changed == {"id": one, "externalId": "new", "globalKey": key}
    assert server.code(UPDATE, r=other, d={"globalKey": key}) == "RESOURCE_CONFLICT"
    assert server.code(UPDATE, r=other, d={"globalKey": "k" * 201}) == "MALFORMED_REQUEST"
    assert server.code(UPDATE, r=other, d={"rowData": ""}) == "MALFORMED_REQUEST"
    assert server.graphql("query($r: ID!) { dataRow(where: {id: $r}) { externalId } }", r=other) == {
        "dataRow": {"externalId": "row 1"}
    }


def test_R_DR_16_attachments_old_and_new(server: Any) -> None:
    (row,) = make_rows(server, 1)
    old = (
        "mutation($d: CreateAssetMetadataInput!) { createAssetMetadata(data: $d) { id metaType metaValue } }"
    )
    made = server.graphql(
        old, d={"dataRowId": row, "metaType": "TEXT", "metaValue": "https://example.com/a.txt"}
    )
    assert made["createAssetMetadata"]["metaType"] == "TEXT"
    new = "mutation($d: CreateDataRowAttachmentInput!) { createDataRowAttachment(data: $d) { id type value name } }"
    second = server.graphql(new, d={"dataRowId": row, "type": "RAW_TEXT", "value": "v", "name": "n"})[
        "createDataRowAttachment"
    ]
    look = "query($r: ID!) { dataRow(where: {id: $r}) { attachments { type value name } metadata { metaType } } }"
    seen = server.graphql(look, r=row)["dataRow"]
    assert [a["type"] for a in seen["attachments"]] == ["TEXT_URL", "RAW_TEXT"]
    assert [m["metaType"] for m in seen["metadata"]] == ["TEXT", "TEXT"]
    change = """mutation($a: ID!, $d: UpdateDataRowAttachmentInput!) { updateDataRowAttachment(where: {id: $a}, data: $d) {
      id value name } }"""
    assert server.graphql(change, a=second["id"], d={"value": "w"})["updateDataRowAttachment"] == {
        "id": second["id"],
        "value": "w",
        "name": "n",
    }
    server.graphql("mutation($a: ID!) { deleteDataRowAttachment(where: {id: $a}) { id } }", a=second["id"])
    assert len(server.graphql(look, r=row)["dataRow"]["attachments"]) == 1
    assert server.code(new, d={"dataRowId": row, "type": "RAW_TEXT", "value": " "}) == "MALFORMED_REQUEST"


def test_pages_of_a_dataset_by_cursor_are_newest_first(server: Any) -> None:
    dataset_id = make_dataset(server)
    ids = make_rows(server, 5, dataset_id)
    query = """query($d: ID!, $f: ID, $w: DatasetDataRowWhereInput) { datasetDataRows(id: $d, from: $f, first: 2, where: $w) {
      nodes { id } pageInfo { startCursor hasNextPage } } }"""
    seen, cursor = [], None
    while True:
        page = server.graphql(query, d=dataset_id, f=cursor)["datasetDataRows"]
        seen += [node["id"] for node in page["nodes"]]
        cursor = page["pageInfo"]["startCursor"]
        if not cursor:
            break
    assert seen == ids[::-1]
    narrow = server.graphql(query, d=dataset_id, w={"externalId": "row 3"})["datasetDataRows"]["nodes"]
    assert narrow == [{"id": ids[3]}]


def test_external_ids_lead_to_data_rows(server: Any) -> None:
    (row,) = make_rows(server, 1)
    name = unique("external")
    server.graphql(UPDATE, r=row, d={"externalId": name})
    query = "query($e: [String!]!) { externalIdsToDataRowIds(externalId_in: $e) { dataRowId externalId } }"
    assert server.graphql(query, e=[name, "no such id"])["externalIdsToDataRowIds"] == [
        {"dataRowId": row, "externalId": name}
    ]
