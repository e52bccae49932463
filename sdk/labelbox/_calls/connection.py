"""Connection: what every part of Client needs to talk to the server. The parts are the other modules here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from labelbox.exceptions import AuthenticationError, ResourceNotFoundError
from labelbox.orm import query
from labelbox.orm.comparison import Clause
from labelbox.orm.db_object import DbObject
from labelbox.pagination import PaginatedCollection
from labelbox.request_client import RequestClient

D = TypeVar("D", bound=DbObject)

_LOCAL_ENDPOINT = "http://127.0.0.1:8080/graphql"


class Connection:
    """One server and one API key."""

    def __init__(
        self,
        api_key: str | None = None,
        endpoint: str | None = None,
        enable_experimental: bool = False,
        app_url: str | None = None,
        rest_endpoint: str | None = None,
    ) -> None:
        """Makes no request (R-CLI-01).

        `api_key` comes from LABELBOX_API_KEY when not given, `endpoint` from LABELBOX_ENDPOINT and then is
        the local server: a key never travels to another company's host by default. `rest_endpoint` and
        `app_url` are derived from the endpoint when not given; `enable_experimental` is accepted for the
        callers of newer clients. Raises AuthenticationError without a key (R-CLI-03); white space around one, as
        files that keep keys have it, is no part of it.
        """
        key = (api_key or os.environ.get("LABELBOX_API_KEY") or "").strip()
        if not key:
            raise AuthenticationError("Labelbox API key not provided")
        if not (key.isascii() and key.isprintable()):
            raise AuthenticationError("Invalid API key: it has characters that no key has")
        self.endpoint = endpoint or os.environ.get("LABELBOX_ENDPOINT") or _LOCAL_ENDPOINT
        parts = urlsplit(self.endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        self.rest_endpoint = rest_endpoint or f"{origin}/api/v1"
        self.app_url = app_url or origin
        self.enable_experimental = enable_experimental
        self.request_client = RequestClient(self.endpoint, key, self.rest_endpoint)

    def execute(
        self,
        query: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = 30.0,
        experimental: bool = False,
        raise_return_resource_not_found: bool = False,
    ) -> Any:
        """Sends a GraphQL document and returns the `data` of the answer (R-CLI-13 to R-CLI-24).

        `params` are the document's variables; `timeout` is in seconds. `experimental` sends it to `/_gql`.
        Raises AuthenticationError, InvalidQueryError, ApiLimitError, TimeoutError, NetworkError, or
        LabelboxError for anything unknown. A RESOURCE_NOT_FOUND answer is None, unless
        `raise_return_resource_not_found` asks for ResourceNotFoundError.
        """
        return self.request_client.execute(
            query, params, timeout, experimental, raise_return_resource_not_found
        )

    def _get_single(self, entity: type[D], uid: str | None) -> D:
        document, params = query.get_single(entity, uid)
        data = self.execute(document, params)
        values = data and data.get(entity.root_name())
        if not values:
            raise ResourceNotFoundError(entity, params)
        return entity(self, values)

    def _get_all(
        self, entity: type[D], where: Clause | None, filter_deleted: bool = True
    ) -> PaginatedCollection[D]:
        document, params = query.get_all(entity, where, filter_deleted)
        return PaginatedCollection(self, document, params, [entity.root_name() + "s"], entity)

    def _create(self, entity: type[D], data: dict[str, Any]) -> D:
        document, params = query.create(entity, data)
        values = self.execute(document, params, raise_return_resource_not_found=True)
        return entity(self, values["create" + entity.type_name()])
