"""Passwords: argon2 hashes, checked in constant time."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody's password")


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return _hasher().hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether the password is the one that was stored; without a stored one it only takes as long."""
    try:
        return _hasher().verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
