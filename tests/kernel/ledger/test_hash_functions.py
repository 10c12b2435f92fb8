"""Both hash functions against their standards' own examples, and the two ways of computing SM3 against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.ledger.hashes import SHA256, SM3, plain_sm3

# GB/T 32905-2016, annex A: the two examples.
EXAMPLES = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]


@pytest.mark.parametrize(("raw", "digest"), EXAMPLES)
def test_sm3_gives_what_the_standard_prints(raw: bytes, digest: str) -> None:
    assert plain_sm3(raw).hex() == SM3.function(raw).hex() == digest


@given(st.binary(max_size=300))
def test_plain_sm3_never_differs_from_the_one_in_use(raw: bytes) -> None:
    assert plain_sm3(raw) == SM3.function(raw)


def test_sha256_gives_what_fips_180_prints() -> None:
    assert SHA256.function(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
