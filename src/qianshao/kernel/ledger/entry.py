"""The entry."""

from __future__ import annotations
import hmac, json
from dataclasses import asdict, dataclass
from typing import Any
from .hashes import SHA256
from .merkle import leaf_hash


def encode(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commit(salt: bytes, value: Any) -> str:
    return hmac.digest(salt, b"\2" + encode(value), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Entry:
    v: int
    log: str
    stream: str
    sseq: int
    prev: str
    kind: str
    fact: str
    fv: int
    rule: str
    actor: str
    post: str
    unit: str
    at: str
    rec: str
    src: str
    idem: str
    pii: dict[str, str]
    files: list[dict[str, Any]]
    data: dict[str, Any]

    def body(self) -> bytes:
        return encode(asdict(self))

    def leaf(self) -> str:
        return leaf_hash(SHA256, self.body()).hex()

    @classmethod
    def from_body(cls, raw: bytes) -> "Entry":
        return cls(**json.loads(raw))
