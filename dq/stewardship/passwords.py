"""Passwords of local accounts: kept as Argon2id hashes and never otherwise."""

from functools import cache
from typing import Final

from dq.errors import SettingsError

SHORTEST: Final = 12
"""Characters at least: NIST SP 800-63B-4 asks for 15 where a password stands alone, 8 with a second factor; this is
between, for small houses on their own network."""
LONGEST: Final = 1024
"""Characters at most: longer ones only cost the server time."""


def hashed(password: str) -> str:
    """Return what is kept of a password.

    Raises:
        SettingsError: Too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise SettingsError(
            f"a password has at least {SHORTEST} characters", "three or four words do", field="password"
        )
    return str(_hasher().hash(password))


def fits(password: str, kept: str) -> bool:
    """Tell whether a password is the one kept; an empty `kept` takes as long as a wrong password."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept or _of_nobody(), password[:LONGEST]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher():  # type: ignore[no-untyped-def]
    from argon2 import PasswordHasher

    return PasswordHasher()  # RFC 9106, second recommended: 64 MiB, 3 passes


@cache
def _of_nobody() -> str:
    """Return the hash of no password, so that an unknown login cannot be told by its speed."""
    return str(_hasher().hash("nobody has this password"))
