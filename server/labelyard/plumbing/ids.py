"""Object ids: 25 characters, `c` first, time-ordered, made in the application (design decision 12, X-03).

`c` + 8 characters of milliseconds + 4 of a counter, base 36, + 12 hexadecimal ones of chance: ids made by one process
sort in the order in which they were made, and two processes never make the same one.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PAIRS = [a + b for a in _DIGITS for b in _DIGITS]
_lock = threading.Lock()
_last_ms = 0
_counter = 0


def new_id() -> str:
    """One new id."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[str]:
    """`count` new ids in ascending order."""
    global _last_ms, _counter
    with _lock:
        now = max(int(time.time() * 1000), _last_ms)
        if now != _last_ms:
            _last_ms, _counter = now, 0
        first = _counter
        _counter += count
        while _counter > 1296**2:  # more than the counter holds: borrow from the next milliseconds
            _last_ms += 1
            _counter -= 1296**2
    chance = secrets.token_hex(count * 6)  # hexadecimal digits are digits of base 36, too
    ids = []
    moment, prefix = -1, ""
    for n in range(count):
        carry, number = divmod(first + n, 1296**2)
        if now + carry != moment:
            moment = now + carry
            prefix = "c" + _base36(moment, 8)
        ids.append(f"{prefix}{_PAIRS[number // 1296]}{_PAIRS[number % 1296]}{chance[n * 12 : n * 12 + 12]}")
    return ids


def derived_id(*parts: str) -> str:
    """The id that always belongs to these parts, so that work which is done again makes the same object."""
    number = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest(), "big")
    return "c" + _base36(number % 36**24, 24)


def _base36(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text
