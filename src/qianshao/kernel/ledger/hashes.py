"""The two hash functions of the ledger: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905—2016)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A hash function by name; ``function`` maps bytes to 32 bytes."""

    name: str
    function: Callable[[bytes], bytes]


def sha256(raw: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(raw).digest()


def _openssl_sm3() -> Callable[[bytes], bytes]:
    """SM3 of OpenSSL; copying a state that has begun is half the price of looking the name up each time."""
    begun = hashlib.new("sm3")

    def sm3(raw: bytes) -> bytes:
        state = begun.copy()
        state.update(raw)
        return state.digest()

    return sm3


_MASK = 0xFFFFFFFF
_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _MASK if by else word


def plain_sm3(raw: bytes) -> bytes:
    """SM3 in plain Python, about 500 short messages a second: the last resort where OpenSSL has none."""
    padded = raw + b"\x80" + bytes((55 - len(raw)) % 64) + (len(raw) * 8).to_bytes(8, "big")
    state: tuple[int, ...] = _START
    for at in range(0, len(padded), 64):
        state = _compress(state, padded[at : at + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        one = _turn((_turn(a, 12) + e + _turn(constant, j)) & _MASK, 7)
        two = one ^ _turn(a, 12)
        first = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        second = e ^ f ^ g if j < 16 else (e & f) | (~e & g & _MASK)
        t1 = (first + d + two + (w[j] ^ w[j + 4])) & _MASK
        t2 = (second + h + one + w[j]) & _MASK
        a, b, c, d = t1, a, _turn(b, 9), c
        e, f, g, h = t2 ^ _turn(t2, 9) ^ _turn(t2, 17), e, _turn(f, 19), g
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True))


# Some distributions build OpenSSL without SM3; then the ledger is slow rather than without its second root.
sm3: Callable[[bytes], bytes] = _openssl_sm3() if "sm3" in hashlib.algorithms_available else plain_sm3

SHA256 = Algorithm("sha256", sha256)
SM3 = Algorithm("sm3", sm3)
ALGORITHMS = (SHA256, SM3)
