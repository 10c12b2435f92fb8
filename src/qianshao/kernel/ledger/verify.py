"""Verify a whole log: every body, every link, both trees. Flat memory but for one short record per stream.

The work is cut into aligned blocks of 4,096 entries. Workers fetch a block themselves, re-read and re-write each body, hash it both
ways, follow the streams inside the block, and return the block's subtree roots and the ends of its streams; the parent joins
these in order. So all cores work, little passes between processes, and the order stays.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from .. import sweeping
from .entry import BadEntry, Entry, Tail, link_problem
from .hashes import SHA256, SM3, Algorithm
from .heads import Head
from .heads import root as heads_root
from .merkle import Frontier
from .outline import outlines

LEVEL = 12
BLOCK = 1 << LEVEL
_MOST = 1000  # findings kept; a log so broken needs no longer list

Columns = tuple[str, int, bytes | None]  # what a database keeps beside a body: stream, sseq, idem
Stored = tuple[bytes, bytes | None, bytes | None, Columns | None]
"""A body (empty where none stands), its stored SHA-256 and SM3 leaf hashes and its columns, where there are any."""
Source = Callable[[int, int], Sequence[Stored]]
"""Gives the entries from one number up to another, exactly so many; pickled to the workers when there are several."""


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
    """What a verification saw.

    ``roots_at`` are (SHA-256, SM3) roots, ``heads_at`` (streams, SHA-256 root over their heads), at the sizes asked for;
    ``blocks`` both roots of each full block up to the first that was cut.
    """

    size: int = 0
    streams: int = 0
    sha256_root: bytes = b""
    sm3_root: bytes = b""
    findings: list[Finding] = field(default_factory=list)
    roots_at: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    heads_at: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    blocks: list[tuple[bytes, bytes]] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


_Tail = tuple[int, str, str]  # sseq, leaf, rec: the fields of ``Tail``


class Ends(NamedTuple):
    """The streams of a block, column by column: of each its first entry here, and where it ends.

    Columns, because a small object for each stream costs more to pass between processes than its check does.
    """

    stream: Sequence[str] = ()
    seq: Sequence[int] = ()
    sseq: Sequence[int] = ()
    prev: Sequence[str] = ()
    rec: Sequence[str] = ()
    last_sseq: Sequence[int] = ()
    last_leaf: Sequence[str] = ()
    last_rec: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """What a worker says of a block.

    Its subtree roots when it is a full one, and its leaves where the parent needs them; its streams; faults.
    """

    roots: tuple[bytes, bytes] | None
    leaves: tuple[list[bytes], list[bytes]]
    ends: Ends
    wrong: list[Finding]


def check_block(start: int, entries: Sequence[Stored], with_leaves: bool) -> Block:
    """Check each body alone and against the one before it in this block, and hash the block both ways."""
    one_hash, other_hash = SHA256.function, SM3.function
    bodies = [entry[0] for entry in entries]
    raws = [b"\x00" + body for body in bodies]
    ones, others = list(map(one_hash, raws)), list(map(other_hash, raws))
    seen = outlines(bodies)
    firsts: dict[str, tuple[int, int, str, str]] = {}
    tails: dict[str, _Tail] = {}
    wrong: list[Finding] = []
    for seq, (entry, outline, one, other) in enumerate(zip(entries, seen, ones, others, strict=True), start):
        _body, sha256, sm3, columns = entry
        if isinstance(outline, str):
            wrong.append(Finding(seq, columns[0] if columns else "", columns[1] if columns else 0, outline))
            continue
        idem, prev, rec, sseq, stream = outline
        if sha256 != one and sha256 is not None:
            wrong.append(Finding(seq, stream, sseq, "body does not match its SHA-256 leaf hash"))
        if sm3 != other and sm3 is not None:
            wrong.append(Finding(seq, stream, sseq, "body does not match its SM3 leaf hash"))
        if columns is not None and columns != (stream, sseq, _idem(idem)):
            wrong.append(Finding(seq, stream, sseq, "columns do not match the body"))
        leaf = one.hex()
        tail = tails.get(stream)
        if tail is None:
            firsts[stream] = (seq, sseq, prev, rec)
        elif sseq != tail[0] + 1 or prev != tail[1] or rec < tail[2]:
            reason = _unlinked(tail, stream, sseq, prev, rec)
            if reason is not None:
                wrong.append(Finding(seq, stream, sseq, reason))
        tails[stream] = (sseq, leaf, rec)
    ends = Ends(tuple(firsts), *zip(*firsts.values(), strict=True), *zip(*tails.values(), strict=True))
    roots = (_full(SHA256, ones), _full(SM3, others)) if len(entries) == BLOCK else None
    return Block(roots, ([], []) if roots and not with_leaves else (ones, others), ends, wrong)


def _idem(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text) or None
    except ValueError:
        return b""


def _full(alg: Algorithm, leaves: list[bytes]) -> bytes:
    """The root over a power of two of leaves, level by level."""
    level, node = leaves, alg.function
    while len(level) > 1:
        pairs = iter(level)
        level = [node(b"\x01" + left + right) for left, right in zip(pairs, pairs, strict=True)]
    return level[0]


def _unlinked(tail: _Tail | None, stream: str, sseq: int, prev: str, rec: str) -> str | None:
    """Why an entry does not follow, in words; the common case is told apart by whoever asks."""
    entry = Entry(1, "", stream, sseq, prev, "", "", 1, "", "", "", "", "", rec, "", "", {}, [], {})
    try:
        return link_problem(tail and Tail(*tail), entry)
    except BadEntry as error:
        return str(error)


class _Joiner:
    """Puts blocks together in order."""

    def __init__(self, sizes: Iterable[int], heads_at: Iterable[int]) -> None:
        self.report = Report()
        self.sha256, self.sm3 = Frontier(SHA256), Frontier(SM3)
        self._wanted = sorted(set(sizes), reverse=True)
        self._heads = set(heads_at)
        self._tails: dict[str, _Tail] = {}
        self._note_roots()

    def _note_roots(self) -> None:
        while self._wanted and self._wanted[-1] <= self.sha256.size:
            size = self._wanted.pop()
            if size == self.sha256.size:
                self.report.roots_at[size] = (self.sha256.root(), self.sm3.root())

    def _found(self, finding: Finding) -> None:
        if len(self.report.findings) < _MOST:
            self.report.findings.append(finding)

    def add(self, block: Block) -> None:
        """Join one block: to the trees, and its streams to those before."""
        wrong = block.wrong
        streams, seqs, sseqs, prevs, recs, *lasts = block.ends
        before = list(map(self._tails.get, streams))
        for tail, stream, seq, sseq, prev, rec in zip(before, streams, seqs, sseqs, prevs, recs, strict=True):
            if tail is None:
                if sseq == 1 and not prev:
                    continue
            elif sseq == tail[0] + 1 and prev == tail[1] and rec >= tail[2]:
                continue
            reason = _unlinked(tail, stream, sseq, prev, rec)
            if reason is not None:
                wrong.append(Finding(seq, stream, sseq, reason))
        self._tails.update(zip(streams, zip(*lasts, strict=True), strict=True))
        for finding in sorted(wrong, key=lambda found: found.seq):
            self._found(finding)
        if block.roots is not None and self.sha256.size == len(self.report.blocks) << LEVEL:
            self.report.blocks.append(block.roots)
        if block.roots is not None and not block.leaves[0]:
            self.sha256.add_subtree(block.roots[0], LEVEL)
            self.sm3.add_subtree(block.roots[1], LEVEL)
            self._note_roots()
        for one, other in zip(*block.leaves, strict=True):
            self.sha256.append(one)
            self.sm3.append(other)
            self._note_roots()
        if self.sha256.size in self._heads:
            ends = [Head(stream, sseq, leaf) for stream, (sseq, leaf, _rec) in self._tails.items()]
            self.report.heads_at[self.sha256.size] = (len(ends), heads_root(SHA256, ends))

    def done(self) -> Report:
        """The finished report."""
        self.report.size = self.sha256.size
        self.report.streams = len(self._tails)
        self.report.sha256_root, self.report.sm3_root = self.sha256.root(), self.sm3.root()
        return self.report


def _ranges(size: int, sizes: set[int], heads_at: set[int]) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether a root is asked for inside): aligned blocks, cut where the heads are asked for."""
    cuts = sorted({*range(0, size, BLOCK), size, *(cut for cut in heads_at if 0 < cut < size)})
    asked = sorted(sizes)
    at = 0
    for start, end in pairwise(cuts):
        while at < len(asked) and asked[at] <= start:
            at += 1
        yield start, end, at < len(asked) and asked[at] < end


_held: list[Source] = []


def _hold(source: Source) -> None:
    _held.append(source)
    gc.disable()


def _fetch_and_check(start: int, end: int, with_leaves: bool) -> Block:
    return check_block(start, _held[0](start, end), with_leaves)


def verify_log(
    source: Source,
    size: int,
    *,
    workers: int = 1,
    sizes: Iterable[int] = (),
    heads_at: Iterable[int] = (),
    progress: Callable[[int], None] = lambda seen: None,
) -> Report:
    """Verify ``size`` entries in log order.

    ``sizes`` asks for the roots at those sizes (checkpoints), ``heads_at`` for the root over stream heads (a second or two for
    each); ``workers`` 1 stays in this process. Findings name entry, stream and reason; at most 1,000 are kept.
    """
    wanted, heads = set(sizes), set(heads_at)
    joiner = _Joiner(wanted, heads)
    ranges = _ranges(size, wanted, heads)
    with sweeping.put_off():
        if workers == 1 or size <= BLOCK:
            for start, end, inside in ranges:
                joiner.add(check_block(start, source(start, end), inside))
                progress(joiner.sha256.size)
        else:
            _with_workers(workers, source, ranges, joiner, progress)
    return joiner.done()


def _with_workers(
    workers: int,
    source: Source,
    ranges: Iterable[tuple[int, int, bool]],
    joiner: _Joiner,
    progress: Callable[[int], None],
) -> None:
    # Fresh interpreters: forked ones would share whatever connection this process holds.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh, initializer=_hold, initargs=(source,)) as pool:
        waiting: deque[Future[Block]] = deque()
        for start, end, inside in ranges:
            waiting.append(pool.submit(_fetch_and_check, start, end, inside))
            if len(waiting) > 3 * workers:
                joiner.add(waiting.popleft().result())
                progress(joiner.sha256.size)
        while waiting:
            joiner.add(waiting.popleft().result())
            progress(joiner.sha256.size)
