"""Verify a whole log: every body, every link, both trees. Flat memory but for one short record per stream.

The work is cut into aligned blocks of 4,096 entries. Workers re-read and re-write each body, hash it both ways and return the
block's subtree roots and links; the parent joins subtrees and follows the streams. So both cores work and the order stays.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice

from .canonical import NotCanonical, decode
from .entry import BadEntry, Entry, Tail, link_problem, shape_problems
from .hashes import SHA256, SM3
from .merkle import Frontier, leaf_hash, root_of

LEVEL = 12
BLOCK = 1 << LEVEL
_MOST = 1000  # findings kept; a log so broken needs no longer list

Stored = tuple[
    bytes, bytes | None, bytes | None
]  # body, stored SHA-256 and SM3 leaf hashes where there are any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: the entry's number in the log, its place, and the reason."""

    seq: int
    stream: str
    sseq: int
    reason: str

    def __str__(self) -> str:
        return f"entry {self.seq} (stream {self.stream or '?'} number {self.sseq}): {self.reason}"


@dataclass(slots=True)
class Report:
    """What a verification saw. ``roots_at`` are (SHA-256, SM3) roots at the sizes that were asked for."""

    size: int = 0
    streams: int = 0
    sha256_root: bytes = b""
    sm3_root: bytes = b""
    findings: list[Finding] = field(default_factory=list)
    roots_at: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    tails: dict[str, Tail] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


Link = tuple[str, int, str, str, str]  # stream, sseq, prev, leaf, rec
Wrong = tuple[int, str, int, str]  # seq, stream, sseq, reason


@dataclass(frozen=True, slots=True)
class Block:
    """What a worker says of a block: its subtree roots, or its leaves where the parent needs them; links; faults."""

    roots: tuple[bytes, bytes] | None
    leaves: tuple[list[bytes], list[bytes]]
    links: list[Link | None]
    wrong: list[Wrong]


def check_block(start: int, entries: list[Stored], with_leaves: bool) -> Block:
    """Check each body alone, and hash the block both ways."""
    ones: list[bytes] = []
    others: list[bytes] = []
    links: list[Link | None] = []
    wrong: list[Wrong] = []
    for seq, (body, sha256, sm3) in enumerate(entries, start):
        one, other = leaf_hash(SHA256, body), leaf_hash(SM3, body)
        ones.append(one)
        others.append(other)
        try:
            value = decode(body)
        except NotCanonical as error:
            wrong.append((seq, "", 0, f"body {error}"))
            links.append(None)
            continue
        problem = next(shape_problems(value), None)
        if problem is not None:
            wrong.append((seq, "", 0, f"body: {problem}"))
            links.append(None)
            continue
        stream, sseq = value["stream"], value["sseq"]
        if sha256 is not None and sha256 != one:
            wrong.append((seq, stream, sseq, "body does not match its SHA-256 leaf hash"))
        if sm3 is not None and sm3 != other:
            wrong.append((seq, stream, sseq, "body does not match its SM3 leaf hash"))
        links.append((stream, sseq, value["prev"], one.hex(), value["rec"]))
    if with_leaves:
        return Block(None, (ones, others), links, wrong)
    return Block((root_of(SHA256, ones), root_of(SM3, others)), ([], []), links, wrong)


class _Joiner:
    """Puts blocks together in order."""

    def __init__(self, wanted: Iterable[int]) -> None:
        self.report = Report()
        self.sha256, self.sm3 = Frontier(SHA256), Frontier(SM3)
        self._wanted = sorted(set(wanted), reverse=True)
        self._note_roots()

    def _note_roots(self) -> None:
        while self._wanted and self._wanted[-1] <= self.sha256.size:
            size = self._wanted.pop()
            if size == self.sha256.size:
                self.report.roots_at[size] = (self.sha256.root(), self.sm3.root())

    def _found(self, seq: int, stream: str, sseq: int, reason: str) -> None:
        if len(self.report.findings) < _MOST:
            self.report.findings.append(Finding(seq, stream, sseq, reason))

    def needs_leaves(self, start: int, length: int) -> bool:
        """Whether a root is asked for inside this block, or the block is not a full one."""
        return length < BLOCK or any(start < size < start + length for size in self._wanted)

    def add(self, block: Block) -> None:
        """Join one block: to the trees, and its links to the streams."""
        start = self.sha256.size
        for seq, stream, sseq, reason in block.wrong:
            self._found(seq, stream, sseq, reason)
        if block.roots is not None:
            self.sha256.add_subtree(block.roots[0], LEVEL)
            self.sm3.add_subtree(block.roots[1], LEVEL)
            self._note_roots()
        for one, other in zip(*block.leaves, strict=True):
            self.sha256.append(one)
            self.sm3.append(other)
            self._note_roots()
        tails = self.report.tails
        for seq, link in enumerate(block.links, start):
            if link is None:
                continue
            stream, sseq, prev, leaf, rec = link
            tail = tails.get(stream)
            # The common case in two comparisons; the words are worked out only when something is wrong.
            if tail is None:
                sound = sseq == 1 and not prev
            else:
                sound = sseq == tail.sseq + 1 and prev == tail.leaf and rec >= tail.rec
            if not sound:
                self._explain(seq, tail, link)
            tails[stream] = Tail(sseq, leaf, rec)

    def _explain(self, seq: int, tail: Tail | None, link: Link) -> None:
        stream, sseq, prev, _leaf, rec = link
        entry = Entry(1, "", stream, sseq, prev, "", "", 1, "", "", "", "", "", rec, "", "", {}, [], {})
        try:
            reason = link_problem(tail, entry)
        except BadEntry as error:
            reason = str(error)
        if reason is not None:
            self._found(seq, stream, sseq, reason)

    def done(self) -> Report:
        """The finished report."""
        self.report.size = self.sha256.size
        self.report.streams = len(self.report.tails)
        self.report.sha256_root, self.report.sm3_root = self.sha256.root(), self.sm3.root()
        return self.report


def _blocks(entries: Iterable[Stored]) -> Iterator[tuple[int, list[Stored]]]:
    source = iter(entries)
    start = 0
    while block := list(islice(source, BLOCK)):
        yield start, block
        start += len(block)


def verify_log(
    entries: Iterable[Stored],
    *,
    workers: int = 2,
    sizes: Iterable[int] = (),
    progress: Callable[[int], None] = lambda seen: None,
) -> Report:
    """Verify entries in log order. ``sizes`` asks for the roots at those sizes (checkpoints); ``workers`` 1 stays in this process.

    Findings name entry, stream and reason; at most 1,000 are kept.
    """
    joiner = _Joiner(sizes)
    # Fresh interpreters: a forked one would share the database connection the entries come from.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh) if workers > 1 else nullcontext() as pool:
        waiting: list[Future[Block]] = []
        for start, block in _blocks(entries):
            leaves = joiner.needs_leaves(start, len(block))
            if pool is None or (start == 0 and len(block) < BLOCK):
                joiner.add(check_block(start, block, leaves))
                progress(joiner.sha256.size)
                continue
            waiting.append(pool.submit(check_block, start, block, leaves))
            if len(waiting) > 2 * workers:
                joiner.add(waiting.pop(0).result())
                progress(joiner.sha256.size)
        for future in waiting:
            joiner.add(future.result())
            progress(joiner.sha256.size)
    return joiner.done()
