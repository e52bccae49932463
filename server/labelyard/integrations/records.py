"""An integration as clients see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AwsIamIntegrationSettings:
    """Where an AWS integration may read."""

    role_arn: str | None
    read_bucket: str | None


@dataclass(frozen=True)
class GcpIamIntegrationSettings:
    """Where a Google Cloud integration may read."""

    service_account_email_id: str | None
    read_bucket: str | None


@dataclass(frozen=True)
class AzureIamIntegrationSettings:
    """Where an Azure integration may read."""

    read_container_url: str | None
    tenant_id: str | None


@dataclass(frozen=True)
class IAMIntegration:
    """Permission to read somebody's bucket."""

    id: str
    name: str
    provider: str
    valid: bool
    is_org_default: bool
    created_at: str
    updated_at: str
    last_valid_at: str | None
    settings: Any
