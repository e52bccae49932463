"""API keys."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions
from labelyard.access.records import ApiKeyId, CreatedApiKey
from labelyard.plumbing.context import Context


class Mutation:
    """Making and revoking keys."""

    @staticmethod
    async def create_api_key(context: Context, data: dict[str, Any]) -> CreatedApiKey:
        """A new key."""
        if data.get("allowed_ip_cidrs"):
            raise errors.Malformed("This server does not limit keys to addresses; leave allowedIpCidrs out.")
        return await actions.create_api_key(
            context,
            name=data["name"],
            email=data["target_user_email_id"],
            role=data.get("role"),
            seconds=data.get("validity_seconds"),
        )

    @staticmethod
    async def update_api_key(context: Context, where: dict[str, Any], data: dict[str, Any]) -> ApiKeyId:
        """Revokes a key."""
        if not data.get("revoked"):
            raise errors.Malformed("A revoked API key cannot be brought back; make a new one.")
        return await actions.revoke_api_key(context, key_id=where["id"])
