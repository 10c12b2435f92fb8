"""RFC 9162 trees."""

from __future__ import annotations
from .hashes import Algorithm


def leaf_hash(alg: Algorithm, body: bytes) -> bytes:
    return alg.function(b"\0" + body)


def node_hash(alg: Algorithm, left: bytes, right: bytes) -> bytes:
    return alg.function(b"\1" + left + right)


class Frontier:
    def __init__(self, alg: Algorithm, size: int = 0, hashes: tuple[bytes, ...] = ()) -> None:
        self.alg, self.size, self.hashes = alg, size, list(hashes)

    def append(self, leaf: bytes) -> None:
        n = self.size
        while n & 1:
            leaf = node_hash(self.alg, self.hashes.pop(), leaf)
            n >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def to_bytes(self) -> bytes:
        return self.size.to_bytes(8, "big") + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, alg: Algorithm, raw: bytes) -> "Frontier":
        return cls(
            alg, int.from_bytes(raw[:8], "big"), tuple(raw[i : i + 32] for i in range(8, len(raw), 32))
        )
