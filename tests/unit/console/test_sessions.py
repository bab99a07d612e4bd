"""A name that nobody has is looked at as long as one that somebody has."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError

from console.sessions import hash_of_nobody
from console.sessions import hash_password

PASSWORD = "a password of somebody"


def test_nobodys_hash_costs_what_a_real_one_costs() -> None:
    assert extract_parameters(hash_of_nobody()) == extract_parameters(hash_password(PASSWORD))


def test_nobodys_hash_is_hashed_for_and_fits_no_password() -> None:
    """A mismatch is only found after the hashing; a hash that cannot be read would be refused before it."""
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(hash_of_nobody(), PASSWORD)


def test_nobodys_hash_is_never_the_same() -> None:
    assert hash_of_nobody() != hash_of_nobody()
