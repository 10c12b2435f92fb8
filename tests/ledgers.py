"""Small ledgers for tests: entries that link, keys that sign, exports that lead to a checkpoint."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qianshao.kernel.ledger import bundle, heads, note
from qianshao.kernel.ledger.bundle import Line, PublicKey, Seal
from qianshao.kernel.ledger.entry import Entry
from qianshao.kernel.ledger.hashes import ALGORITHMS, SHA256, SM3
from qianshao.kernel.ledger.heads import Head
from qianshao.kernel.ledger.merkle import Frontier, inclusion_proof, leaf_hash, root_of, subtrees
from qianshao.kernel.ledger.verify import Report, Stored, verify_log


def entry(**changed: Any) -> Entry:
    """An entry with every field filled."""
    fields: dict[str, Any] = {
        "v": 1,
        "log": "zayton",
        "stream": "s1",
        "sseq": 1,
        "prev": "",
        "kind": "hotline.order",
        "fact": "Dispatched",
        "fv": 1,
        "rule": "hotline.answer@2021",
        "actor": "account:7",
        "post": "科员",
        "unit": "office",
        "at": "2026-03-02T09:00:00+08:00",
        "rec": "2026-03-02T09:30:00.000000+08:00",
        "src": "web",
        "idem": "",
        "pii": {},
        "files": [],
        "data": {"unit": "water", "note": "请核实办理"},
    }
    return Entry(**{**fields, **changed})


def linked(count: int, streams: int = 3) -> list[Entry]:
    """Entries of several streams in turn, each naming the one before it in its stream."""
    last: dict[str, Entry] = {}
    made = []
    for number in range(count):
        name = f"s{number % streams}"
        before = last.get(name)
        last[name] = entry(
            stream=name,
            sseq=before.sseq + 1 if before else 1,
            prev=before.leaf() if before else "",
            rec=f"2026-03-02T09:30:00.{number:06}+08:00",
            data={"n": number},
        )
        made.append(last[name])
    return made


def stored(entries: Iterable[Entry]) -> list[Stored]:
    """Entries as the database holds them: body and both leaf hashes."""
    return [kept(entry.body()) for entry in entries]


def kept(body: bytes) -> Stored:
    """One body with its leaf hashes."""
    one, other = (leaf_hash(alg, body) for alg in ALGORITHMS)
    return body, one, other, None


@dataclass(frozen=True)
class Listed:
    """A log in a list, as verification reads it."""

    entries: Sequence[Stored]

    def __call__(self, start: int, end: int) -> Sequence[Stored]:
        return self.entries[start:end]


def verified(entries: Sequence[Stored], **asked: Any) -> Report:
    """A log in a list, verified."""
    return verify_log(Listed(entries), len(entries), **asked)


@dataclass(frozen=True)
class Key:
    """An Ed25519 key of somebody."""

    name: str
    seed: bytes

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def key_id(self) -> bytes:
        return note.key_id(self.name, note.ED25519, self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)

    def verify(self, signature: bytes, message: bytes) -> bool:
        try:
            self.private.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True


OFFICE = Key("zayton/office", bytes(range(32)))
ORIGIN = "qianshao/zayton"


def note_of(entries: Sequence[Entry], suffix: str = "", key: Key = OFFICE) -> str:
    """The signed checkpoint over entries; ``suffix`` ``/sm3`` gives the sibling."""
    alg = SM3 if suffix else SHA256
    root = root_of(alg, [leaf_hash(alg, entry.body()) for entry in entries])
    return note.sign(note.Checkpoint(ORIGIN + suffix, len(entries), root), [key])


def policy(*keys: Key) -> dict[str, Any]:
    """The public keys as they are handed over on paper."""
    return {"keys": [stated(key).plain() for key in keys or (OFFICE,)]}


def stated(key: Key) -> PublicKey:
    """The public half."""
    return PublicKey(key.name, "ed25519", key.private.public_key().public_bytes_raw())


def bundle_of(entries: Sequence[Entry], start: int = 0, key: Key = OFFICE) -> bytes:
    """The export of a log from entry ``start`` on."""
    hashes = [[leaf_hash(alg, entry.body()) for entry in entries] for alg in ALGORITHMS]
    before = [Frontier(alg) for alg in ALGORITHMS]
    for tree, leaves in zip(before, hashes, strict=True):
        for leaf in leaves[:start]:
            tree.append(leaf)
    sink = io.BytesIO()
    bundle.write(
        sink,
        mode="period" if start else "all",
        origin=ORIGIN,
        start=start,
        size=len(entries),
        lines=[Line(seq, hashes[0][seq], entries[seq].body()) for seq in range(start, len(entries))],
        seal=Seal(
            note_of(entries, key=key),
            note_of(entries, "/sm3", key=key),
            [stated(key)],
            frontier=(before[0].hashes, before[1].hashes),
        ),
    )
    return sink.getvalue()


def duty_bundle_of(entries: Sequence[Entry], stream: str, key: Key = OFFICE) -> bytes:
    """The export of one stream with its proofs, complete to a day."""
    hashes = [leaf_hash(SHA256, entry.body()) for entry in entries]
    tree = subtrees(SHA256, hashes)
    mine = [(seq, entry) for seq, entry in enumerate(entries) if entry.stream == stream]
    ends = sorted({entry.stream: Head(entry.stream, entry.sseq, entry.leaf()) for entry in entries}.values())
    head_leaves = heads.leaves(SHA256, ends)
    index = next(number for number, head in enumerate(ends) if head.stream == stream)
    day = note.Checkpoint(f"{ORIGIN}/heads/2026-03-02", len(ends), root_of(SHA256, head_leaves))
    sink = io.BytesIO()
    bundle.write(
        sink,
        mode="duty",
        origin=ORIGIN,
        start=0,
        size=len(entries),
        lines=[Line(seq, hashes[seq], entry.body()) for seq, entry in mine],
        seal=Seal(
            note_of(entries, key=key),
            note_of(entries, "/sm3", key=key),
            [stated(key)],
            proofs=[inclusion_proof(tree, seq, len(entries)) for seq, _ in mine],
            heads={
                "note": note.sign(day, [key]),
                "index": index,
                "proof": [
                    node.hex() for node in inclusion_proof(subtrees(SHA256, head_leaves), index, len(ends))
                ],
                "head": [ends[index].stream, ends[index].sseq, ends[index].leaf],
            },
        ),
    )
    return sink.getvalue()
