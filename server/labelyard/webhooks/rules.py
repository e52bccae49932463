"""Headers, signatures and pauses of deliveries; what a webhook must be given."""

from __future__ import annotations

import hashlib
import hmac

from labelyard import errors

# after each failed attempt, in seconds; after the last one the delivery has failed
PAUSES = (10.0, 60.0, 300.0, 1_800.0, 7_200.0, 43_200.0)
_JITTER = 0.1
LONGEST_URL = 4_000
LONGEST_BODY_LOGGED = 64 * 1024


def pause_after(attempts: int, chance: float) -> float | None:
    """Seconds until the next attempt after so many; None when there is none. `chance` is from 0 to 1."""
    if attempts > len(PAUSES):
        return None
    return PAUSES[attempts - 1] * (1 - _JITTER + 2 * _JITTER * chance)


def is_success(status: int) -> bool:
    """Whether an HTTP status takes a delivery."""
    return 200 <= status < 300


def headers(
    *, secret: str, topic: str, delivery_id: str, attempt: int, moment: int, body: bytes
) -> dict[str, str]:
    """What a delivery says of itself, signed with the webhook's secret (R-WH-15)."""
    key = secret.encode()
    return {
        "Content-Type": "application/json",
        "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
        "X-Hub-Delivery-Attempt": str(attempt),
        "X-Hub-Timestamp": str(moment),
        "X-Labelbox-Event": topic,
        "X-Labelbox-Id": delivery_id,
    }


def logged(text: bytes) -> str:
    """Bytes as the log keeps them: as text, cut when they are many."""
    return text[:LONGEST_BODY_LOGGED].decode(errors="replace").replace("\0", "\ufffd")


def check_topics(topics: list[str]) -> list[str]:
    """The topics, each once. Raises Malformed when there is none."""
    if not topics:
        raise errors.Malformed("A webhook needs at least one topic.")
    return list(dict.fromkeys(topics))


def check_secret(secret: str) -> str:
    """The secret. Raises Malformed when it is empty."""
    if not secret.strip():
        raise errors.Malformed("A webhook needs a secret: it signs the deliveries.")
    return secret


def check_length(url: str) -> str:
    """The URL without surrounding spaces. Raises Malformed when it is empty or too long."""
    url = url.strip()
    if not url:
        raise errors.Malformed("A webhook needs a url.")
    if len(url) > LONGEST_URL:
        raise errors.Malformed(f"The url of a webhook has at most {LONGEST_URL} characters, not {len(url)}.")
    return url
