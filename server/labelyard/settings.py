"""Every option and environment variable, typed, with its default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Settings:
    """What one process runs with. Command-line options win over the environment."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8080
    database_url: str | None = None
    blob_url: str | None = None
    run_worker: bool = True
    public_url: str | None = None
    admin_email: str | None = None
    admin_password: str | None = None
    admin_api_key: str | None = None
    fetch_allow: tuple[Network, ...] = ()
    prepared_statements: bool = True
    pool_size: int = 12
    max_upload_bytes: int = 5 * 1024**3
    session_days: int = 14
    rate_limit: int = 0
    probe_addresses: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """The address under which clients reach this server, without a trailing slash."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def read_networks(text: str) -> tuple[Network, ...]:
    """Comma- or space-separated CIDR ranges, as LABELYARD_FETCH_ALLOW has them. Raises ValueError on a bad range."""
    return tuple(ip_network(part, strict=False) for part in text.replace(",", " ").split())


def from_environment(
    data_dir: Path, environment: Mapping[str, str] | None = None, **options: object
) -> Settings:
    """Settings of this process: environment first, then the options that were given.

    Raises ValueError with a sentence when a variable cannot be read.
    """
    env = os.environ if environment is None else environment
    try:
        fetch_allow = read_networks(env.get("LABELYARD_FETCH_ALLOW", ""))
    except ValueError as error:
        raise ValueError(
            f"LABELYARD_FETCH_ALLOW holds something that is not an address range: {error}"
        ) from None
    rate = env.get("LABELYARD_RATE_LIMIT") or "0"
    if not rate.isdigit():
        raise ValueError(f"LABELYARD_RATE_LIMIT is a number of requests a minute, not {rate!r}.")
    values: dict[str, object] = {
        "rate_limit": int(rate),
        "probe_addresses": env.get("LABELYARD_PROBE_ADDRESSES", "1") != "0",
        "admin_email": env.get("LABELYARD_ADMIN_EMAIL") or None,
        "admin_password": env.get("LABELYARD_ADMIN_PASSWORD") or None,
        "admin_api_key": env.get("LABELYARD_ADMIN_API_KEY") or None,
        "public_url": env.get("LABELYARD_PUBLIC_URL") or None,
        "prepared_statements": env.get("LABELYARD_PREPARED_STATEMENTS", "1") != "0",
        "fetch_allow": fetch_allow,
    }
    values.update({name: value for name, value in options.items() if value is not None})
    return Settings(data_dir=data_dir, **values)  # type: ignore[arg-type]
