"""Change features that ontologies share, and put them into ontologies or take them out (docs/wire/rest.md)."""

from __future__ import annotations

from typing import Any

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.formats import ontology_json
from labelyard.ontologies import actions, feature_queries, queries, rules
from labelyard.ontologies.records import FeatureRecord, Normalized, OntologyRecord
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id

PAGE = 100


async def save_feature(context: Context, *, document: str | Normalized, feature_id: str | None = None) -> str:
    """A new feature, or other content of the one whose id is given or in the document; its id.

    Every ontology that has the feature gets the new content. Raises NotFound for a `feature_id` that is not there,
    Malformed for a document that is none, changes what kind of feature it is, or does not fit into an ontology.
    """
    access.require(context, Permission.EDIT_PROJECTS)
    given = _object(document)
    if feature_id is not None:
        given = {**given, "featureSchemaId": feature_id}
        await _feature(context, feature_id)
    known = await actions.known_ids(context, given)
    try:
        node = ontology_json.parse_feature(given, new_id=new_id, known_ids=known)
    except ontology_json.OntologyRefused as refused:
        raise errors.Malformed(str(refused)) from None
    if node["featureSchemaId"] in known:
        before = await _feature(context, node["featureSchemaId"])
        if before.kind != rules.kind_of(node):
            raise errors.Malformed(
                f"The feature {before.name} is a {before.kind} and cannot become a {rules.kind_of(node)}."
            )
        await _write(context, node)
    else:
        await _insert(context, node)
    await access.note(context, "save feature schema", node["featureSchemaId"])
    return str(node["featureSchemaId"])


async def rename(context: Context, *, feature_id: str, title: str) -> str:
    """Another name, in every ontology that has the feature. Raises NotFound, Malformed."""
    access.require(context, Permission.EDIT_PROJECTS)
    if not title.strip():
        raise errors.Malformed("The title of a feature must not be blank.")
    feature = await _feature(context, feature_id)
    await _write(context, rules.renamed(decoded(feature.normalized), title))
    await access.note(context, "rename feature schema", feature_id)
    return feature_id


async def features_lacking(context: Context, *, ontology_id: str, held_by: str) -> dict[str, str]:
    """Names by ids of what another ontology holds and this one does not; the caller has permitted it."""
    return await feature_queries.select_features_lacking(
        context.database, context.organization_id, ontology_id, held_by
    )


async def delete_unused_feature(context: Context, *, feature_id: str) -> None:
    """Deletes a feature that no ontology has. Raises NotFound, NotAllowed for one in use."""
    access.require(context, Permission.EDIT_PROJECTS)
    feature = await _feature(context, feature_id)
    holder = await feature_queries.select_holder(context.database, context.organization_id, feature_id)
    if holder is not None:
        raise errors.NotAllowed(f'The feature {feature.name} is used in the ontology "{holder}".')
    await feature_queries.delete_feature(context.database, context.organization_id, feature_id)
    await access.note(context, "delete feature schema", feature_id)


async def unused_features(context: Context, *, after: str | None) -> list[str]:
    """Ids of features that no ontology has, a page of 100."""
    access.require(context, Permission.VIEW)
    return await feature_queries.select_unused_features(
        context.database, context.organization_id, after or "", PAGE
    )


async def delete_unused_ontology(context: Context, *, ontology_id: str) -> None:
    """Deletes an ontology that no project has; its features stay. Raises NotFound, NotAllowed for one in use."""
    access.require(context, Permission.EDIT_PROJECTS)
    ontology = await _ontology(context, ontology_id)
    project = await feature_queries.select_user(context.database, context.organization_id, ontology_id)
    if project is not None:
        raise errors.NotAllowed(f'The ontology {ontology.name} is used by the project "{project}".')
    await feature_queries.delete_ontology(context.database, context.organization_id, ontology_id)
    await access.note(context, "delete ontology", ontology_id)


async def unused_ontologies(context: Context, *, after: str | None) -> list[str]:
    """Ids of ontologies that no project has, a page of 100."""
    access.require(context, Permission.VIEW)
    return await feature_queries.select_unused_ontologies(
        context.database, context.organization_id, after or "", PAGE
    )


async def put_into_ontology(context: Context, *, ontology_id: str, feature_id: str, position: int) -> None:
    """Puts a feature among the tools or the questions of an ontology; a position behind the last is the last.

    Raises NotFound, Conflict when the ontology has it, Malformed when it does not fit.
    """
    access.require(context, Permission.EDIT_PROJECTS)
    if position < 0:
        raise errors.Malformed(f"The position must be at least 0, not {position}.")
    ontology = await _ontology(context, ontology_id)
    feature = await _feature(context, feature_id)
    place = await feature_queries.select_place(
        context.database, context.organization_id, ontology_id, feature_id
    )
    if place is not None and (place.is_root or place.archived):
        state = "has the archived feature" if place.archived else "has the feature"
        raise errors.Conflict(f"The ontology {ontology.name} {state} {feature.name} already.")
    document = rules.inserted(decoded(ontology.normalized), decoded(feature.normalized), position)
    await _rewrite(context, ontology, document)
    await access.note(context, f"put feature {feature_id} into ontology", ontology_id)


async def take_out_of_ontology(context: Context, *, ontology_id: str, feature_id: str) -> bool:
    """Takes a feature out; whether it is archived, because labels use it, and not deleted. Raises NotFound."""
    access.require(context, Permission.EDIT_PROJECTS)
    ontology = await _ontology(context, ontology_id)
    place = await feature_queries.select_place(
        context.database, context.organization_id, ontology_id, feature_id
    )
    if place is None or not (place.is_root or place.archived):
        raise errors.NotFound(f"The ontology {ontology.name} has no feature with id {feature_id} at its top.")
    if place.archived:
        return True
    document, node, position = rules.without(decoded(ontology.normalized), feature_id)
    archived = await feature_queries.is_in_labels(
        context.database, context.organization_id, ontology_id, feature_id
    )
    await _rewrite(context, ontology, document)
    if archived:
        await feature_queries.archive(
            context.database,
            context.organization_id,
            ontology_id,
            feature_id,
            orjson.dumps(node).decode(),
            position,
        )
    else:
        staying = ontology_json.feature_ids(document)
        gone = [key for key in ontology_json.feature_ids(node) if key not in staying]
        await feature_queries.delete_places(context.database, context.organization_id, ontology_id, gone)
    await access.note(context, f"take feature {feature_id} out of ontology", ontology_id)
    return archived


async def unarchive(context: Context, *, ontology_id: str, feature_id: str) -> None:
    """Brings an archived feature back to where it was; one that is there already stays. Raises NotFound, Malformed."""
    access.require(context, Permission.EDIT_PROJECTS)
    ontology = await _ontology(context, ontology_id)
    place = await feature_queries.select_place(
        context.database, context.organization_id, ontology_id, feature_id
    )
    if place is None:
        raise errors.NotFound(f"The ontology {ontology.name} has no feature with id {feature_id}.")
    if not place.archived:
        return
    document = rules.inserted(
        decoded(ontology.normalized), decoded(place.archived_node), place.archived_position or 0
    )
    await _rewrite(context, ontology, document)
    await feature_queries.unarchive(context.database, context.organization_id, ontology_id, feature_id)
    await access.note(context, f"unarchive feature {feature_id}", ontology_id)


async def nodes_of(context: Context, *, ontology_id: str) -> dict[str, list[dict[str, Any]]]:
    """The features at the top of an ontology with whether they are archived, relationships apart. Raises NotFound."""
    access.require(context, Permission.VIEW)
    ontology = await actions.get_ontology(context, ontology_id)
    archived = await queries.select_archived(context.database, context.organization_id, ontology_id)
    return rules.nodes(decoded(ontology.normalized), [decoded(node) for node in archived])


def _object(document: str | Normalized) -> Normalized:
    if isinstance(document, dict):
        return document
    try:
        value = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        raise errors.Malformed(f"The feature schema is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise errors.Malformed("The feature schema is not a JSON object.")
    return value


async def _feature(context: Context, feature_id: str) -> FeatureRecord:
    feature = await feature_queries.select_feature(context.database, context.organization_id, feature_id)
    if feature is None:
        raise errors.NotFound(f"There is no feature schema with id {feature_id}.")
    return feature


async def _ontology(context: Context, ontology_id: str) -> OntologyRecord:
    """An ontology that is about to change. Raises NotFound."""
    found = await queries.select_ontology(context.database, context.organization_id, ontology_id, lock=True)
    if found is None:
        raise errors.NotFound(f"There is no ontology with id {ontology_id}.")
    return found


async def _insert(context: Context, node: Normalized) -> None:
    """A feature with everything inside it; what is inside does not stand for itself."""
    inside = ontology_json.walk_features({"tools": [node], "classifications": []})
    features = [actions.new_feature(entry, entry is node) for entry in inside]
    await queries.upsert_features(context.database, context.organization_id, context.user_id, features)


async def _write(context: Context, node: Normalized) -> None:
    """A feature's new content, wherever the feature is: by itself, in ontologies, archived in them."""
    await _insert(context, node)
    feature_id = node["featureSchemaId"]
    holders = await feature_queries.select_holders(context.database, context.organization_id, feature_id)
    for ontology in holders:
        document, found = rules.replaced(decoded(ontology.normalized), node)
        if found:
            await _rewrite(context, ontology, document)
    await feature_queries.update_archived(
        context.database, context.organization_id, feature_id, orjson.dumps(node).decode()
    )


async def _rewrite(context: Context, ontology: OntologyRecord, document: Normalized) -> None:
    """Another document of an ontology. Raises Malformed when it is none."""
    try:
        normalized = ontology_json.parse_ontology(document, new_id=new_id, media_type=ontology.media_type)
    except ontology_json.OntologyRefused as refused:
        raise errors.Malformed(f"The ontology {ontology.name} cannot be changed so: {refused}") from None
    counts = ontology_json.count_features(normalized)
    await feature_queries.update_ontology(
        context.database,
        context.organization_id,
        ontology.id,
        orjson.dumps(normalized).decode(),
        counts.objects,
        counts.classifications,
    )
    features = actions.features_of(normalized)
    if features:
        roots = {feature.id for feature in features if feature.is_root}
        await queries.upsert_features(context.database, context.organization_id, context.user_id, features)
        await queries.insert_ontology_features(
            context.database, context.organization_id, ontology.id, features, roots
        )
