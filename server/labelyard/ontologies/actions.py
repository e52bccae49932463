"""Create ontologies and feature schemas; hand them to the rooms that check annotations against them."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import Any

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.formats import ontology_json
from labelyard.formats.feature_index import FeatureIndex
from labelyard.ontologies import queries
from labelyard.ontologies.records import (
    FeatureSchemaConnection,
    NewFeature,
    Normalized,
    OntologyConnection,
    OntologyRecord,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id
from labelyard.plumbing.source import Rows

# what is derived from an ontology's document, with the time of the change after which it was derived
_indexes: OrderedDict[str, tuple[datetime, FeatureIndex]] = OrderedDict()


async def create_ontology(
    context: Context,
    *,
    name: str,
    document: str | Normalized,
    media_type: str | None = None,
    editor_task_type: str | None = None,
) -> str:
    """A new ontology out of a posted document; its id. Raises Malformed with the reason."""
    access.require(context, Permission.EDIT_PROJECTS)
    if not name.strip():
        raise errors.Malformed("An ontology needs a name that is not blank.")
    normalized = await _normalized(context, document, media_type)
    counts = ontology_json.count_features(normalized)
    ontology_id = new_id()
    await queries.insert_ontology(
        context.database,
        organization_id=context.organization_id,
        ontology_id=ontology_id,
        name=name,
        media_type=media_type,
        editor_task_type=editor_task_type,
        normalized=orjson.dumps(normalized).decode(),
        tools=counts.objects,
        classifications=counts.classifications,
        created_by=context.user_id,
    )
    features = features_of(normalized)
    if features:
        await queries.upsert_features(context.database, context.organization_id, context.user_id, features)
        roots = {feature.id for feature in features if feature.is_root}
        await queries.insert_ontology_features(
            context.database, context.organization_id, ontology_id, features, roots
        )
    await access.note(context, "create ontology", ontology_id)
    return ontology_id


async def get_ontology(context: Context, ontology_id: str) -> OntologyRecord:
    """One live ontology of the organization. Raises NotFound."""
    found = await queries.select_ontology(context.database, context.organization_id, ontology_id)
    if found is None:
        raise errors.NotFound(f"There is no ontology with id {ontology_id}.")
    return found


async def tool_colors(context: Context, ontology_id: str) -> dict[str, str]:
    """The colour of each tool, by feature schema id. Raises NotFound."""
    document = await whole_document(context, await get_ontology(context, ontology_id))
    return {tool["featureSchemaId"]: tool["color"] for tool in document["tools"]}


async def feature_index(context: Context, ontology_id: str) -> FeatureIndex:
    """The ontology's features for quick look-ups, archived ones too. Raises NotFound."""
    revision = await queries.select_revision(context.database, context.organization_id, ontology_id)
    kept = _indexes.get(ontology_id)
    if kept is not None and kept[0] == revision:
        return kept[1]
    ontology = await get_ontology(context, ontology_id)
    index = FeatureIndex.of(await whole_document(context, ontology))
    _indexes[ontology_id] = (ontology.updated_at, index)
    while len(_indexes) > 200:
        _indexes.popitem(last=False)
    return index


async def whole_document(context: Context, ontology: OntologyRecord) -> Normalized:
    """The ontology with the features that are archived in it: labels that use them must still be understood.

    Nobody is required to answer an archived question.
    """
    document: Normalized = decoded(ontology.normalized)
    for stored in await queries.select_archived(context.database, context.organization_id, ontology.id):
        node = {**decoded(stored), "required": False}
        document["tools" if "tool" in node else "classifications"].insert(0, node)
    return document


async def set_instructions(context: Context, *, ontology_id: str, url: str) -> None:
    """Attaches instructions to an ontology, and so to every project that uses it (P-IN-01)."""
    access.require(context, Permission.EDIT_PROJECTS)
    await get_ontology(context, ontology_id)
    await queries.update_instructions(context.database, context.organization_id, ontology_id, url)


async def page_of_ontologies(
    context: Context, rows: Rows, *, search: str | None, after: str | None, first: int
) -> OntologyConnection:
    """Ontologies whose name contains `search`."""
    access.require(context, Permission.VIEW)
    if search:
        rows = rows.narrowed("position(lower(%(_search)s) in lower(y.name)) > 0", _search=search)
    ids = await queries.select_page(rows, context.database, after, first)
    return OntologyConnection(ids, ids[-1] if len(ids) == first else None)


async def page_of_feature_schemas(
    context: Context, rows: Rows, *, search: str | None, after: str | None, first: int
) -> FeatureSchemaConnection:
    """Feature schemas whose name contains `search`."""
    access.require(context, Permission.VIEW)
    if search:
        rows = rows.narrowed("position(lower(%(_search)s) in lower(f.name)) > 0", _search=search)
    ids = await queries.select_page(rows, context.database, after, first)
    return FeatureSchemaConnection(ids, ids[-1] if len(ids) == first else None)


def normalized_with_instructions(context: Context, document: Any, instructions: str | None, link: Any) -> Any:
    """The document as clients read it: with the address of the instructions when there are some."""
    if not instructions:
        return document
    return {**decoded(document), "projectInstructions": link(context, instructions)}


async def _normalized(context: Context, document: str | Normalized, media_type: str | None) -> Normalized:
    known = await known_ids(context, document)
    try:
        return ontology_json.parse_ontology(document, new_id=new_id, known_ids=known, media_type=media_type)
    except ontology_json.OntologyRefused as refused:
        raise errors.Malformed(str(refused)) from None


async def known_ids(context: Context, document: str | Normalized) -> set[str]:
    """Those of the ids in a posted document that are live feature schemas. Raises Malformed."""
    try:
        value = orjson.loads(document) if isinstance(document, str) else document
    except orjson.JSONDecodeError as error:
        raise errors.Malformed(f"The ontology is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise errors.Malformed("The ontology is not a JSON object with tools and classifications.")
    ids = list(ontology_json.feature_ids(value))
    return await queries.select_known_feature_ids(context.database, context.organization_id, ids)


def features_of(normalized: Normalized) -> list[NewFeature]:
    """Every feature of a normalized ontology."""
    roots = {id(entry) for entry in [*normalized["tools"], *normalized["classifications"]]}
    return [new_feature(entry, id(entry) in roots) for entry in ontology_json.walk_features(normalized)]


def new_feature(entry: Normalized, is_root: bool) -> NewFeature:
    """A feature as it is stored."""
    name = entry.get("name") or entry.get("instructions") or entry.get("label") or ""
    kind = entry.get("tool") or entry.get("type") or "option"
    return NewFeature(entry["featureSchemaId"], str(name), kind, orjson.dumps(entry).decode(), is_root)
