"""Verify the ledger in the database: bodies, links, trees, checkpoints, anchors, guards; names what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from qianshao.kernel.ledger import note
from qianshao.kernel.ledger.canonical import decode_many
from qianshao.kernel.ledger.hashes import ALGORITHMS
from qianshao.kernel.ledger.merkle import BadProof, Frontier
from qianshao.kernel.ledger.note import BadNote
from qianshao.kernel.ledger.note import Checkpoint as Stated
from qianshao.kernel.ledger.verify import Finding, Report, verify_log

from . import anchoring, checkpoints, insert_only, loss, reading, vault
from .keys import KeyMissing
from .models import Checkpoint, DayHeads, Entry, Head, Leaf, LeafBlock, Pending, Sealed

_SHOWN = 100
_FEW = 20_000  # entries for which starting workers costs more than it saves


@dataclass(slots=True)
class Result:
    """What a verification of the database found.

    ``older_than`` is the size of a head outside that the log does not reach. ``remarks`` are no faults but must not stay unsaid: declared
    losses, and that nothing outside was there to compare with.
    """

    report: Report
    findings: list[Finding] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    older_than: int | None = None
    unnumbered: int = 0

    @property
    def sound(self) -> bool:
        """Nothing found, and nothing missing that was seen outside."""
        return not self.findings and not self.faults and self.older_than is None


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a note says: its name for the reader, what it states, whether of the SM3 tree, whether it lies outside."""

    name: str
    stated: Stated
    sm3: bool = False
    outside: bool = False
    held: bool = False


class _Notes:
    """Every note there is, read once; a fault for each that is none or bears a wrong signature."""

    def __init__(self, since: str) -> None:
        self.faults: list[str] = []
        self.claims: list[_Claim] = []
        self.heads: list[tuple[str, Stated]] = []
        self._key_is_there = True
        origin = loss.origin()
        for row in Checkpoint.objects.order_by("id").iterator(chunk_size=2000):
            name = _("检查点 {id}").format(id=row.pk)
            for text, sm3 in ((row.note, False), (row.sm3_note, True)):
                stated = self._read(name, text)
                if stated is None:
                    continue
                if (stated.origin, stated.size) != (origin + "/sm3" * sm3, row.size):
                    self.faults.append(_("{name}：写明的不是这本账或这个长度").format(name=name))
                self.claims.append(_Claim(name, stated, sm3=sm3))
        for heads in DayHeads.objects.order_by("-id")[:1]:
            self._add_heads(_("每日链头 {id}").format(id=heads.pk), heads.note)
        self.anything_outside = self._outside()
        if since:
            self.claims.append(_Claim(_("所持检查点"), self._held(since), outside=True, held=True))

    def _read(self, name: str, text: str) -> Stated | None:
        try:
            if self._key_is_there:
                return anchoring.read_note(text)
        except KeyMissing as error:
            self._key_is_there = False
            self.faults.append(str(error))
        except BadNote as error:
            self.faults.append(f"{name}：{error}")
            return None
        try:
            return note.parse(text)[0]
        except BadNote as error:
            self.faults.append(f"{name}：{error}")
            return None

    def _held(self, text: str) -> Stated:
        stated = anchoring.read_note(text) if self._key_is_there else note.parse(text)[0]
        if stated.origin != loss.origin():
            raise BadNote(_("所持检查点属于 {other}，不是这本账").format(other=stated.origin))
        return stated

    def _add_heads(self, name: str, text: str) -> None:
        stated = self._read(name, text)
        if stated is not None:
            self.heads.append((name, stated))

    def _outside(self) -> bool:
        found = False
        for folder in anchoring.folders():
            for path in sorted(folder.glob("*.txt")):
                found = True
                name = _("库外检查点 {file}").format(file=path.name)
                try:
                    text = path.read_text(encoding="utf-8")
                except UnicodeDecodeError:
                    self.faults.append(_("{name}：不是文本").format(name=name))
                    continue
                if path.name.endswith(".heads.txt"):
                    if path.name == anchoring.LATEST_HEADS:
                        self._add_heads(name, text)
                    continue
                stated = self._read(name, text)
                if stated is not None:
                    sm3 = path.name.endswith(".sm3.txt")
                    self.claims.append(_Claim(name, stated, sm3=sm3, outside=True))
        return found


def verify(
    *,
    workers: int = 2,
    sealed: bool = False,
    since: str = "",
    progress: Callable[[int], None] = lambda seen: None,
) -> Result:
    """Verify everything. ``since`` is a checkpoint held by somebody else, as text; ``sealed`` opens every sealed box too.

    Entries written meanwhile are left to the next verification. Raises ``BadNote`` when ``since`` is no checkpoint of this office.
    """
    notes = _Notes(since)
    size, head = _bounds()
    with_workers = workers > 1 and size > _FEW and not connection.in_atomic_block
    report = verify_log(
        reading.here() if with_workers else reading.from_connection,
        size,
        workers=workers if with_workers else 1,
        sizes={claim.stated.size for claim in notes.claims},
        heads_at={at for _name, stated in notes.heads if (at := checkpoints.heads_size(stated)) is not None},
        progress=progress,
    )
    result = Result(report, list(report.findings), list(notes.faults), unnumbered=Pending.objects.count())
    if size and not notes.anything_outside:
        result.remarks.append(_("库外没有检查点可以对照：无法发现恢复了旧备份。请设置 QIANSHAO_ANCHORS。"))
    _compare_claims(result, notes.claims)
    _compare_day_heads(result, notes.heads)
    _compare_head(result, head)
    result.findings.extend(_beside_the_log())
    result.faults.extend(_counts(size))
    result.faults.extend(_wrong_blocks(report.blocks))
    result.faults.extend(insert_only.problems())
    if sealed:
        result.faults.extend(_broken_boxes())
    return result


def _bounds() -> tuple[int, Head | None]:
    """How long the log is, with the kept frontier, as of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_leaf), h.size, h.sha256, h.sm3"
            " FROM (SELECT 1) one LEFT JOIN ledger_head h ON h.id = 1"
        )
        size, head_size, sha256, sm3 = cursor.fetchone()
    return size, None if head_size is None else Head(pk=1, size=head_size, sha256=sha256, sm3=sm3)


def _compare_claims(result: Result, claims: Sequence[_Claim]) -> None:
    size, lost = result.report.size, loss.declared()
    for found in lost:
        result.remarks.append(
            _("曾声明缺失：第 {kept} 至 {last} 条（{reason}）").format(
                kept=found.kept, last=found.seen - 1, reason=found.reason
            )
        )
    for claim in claims:
        stated = claim.stated
        if claim.outside and not claim.held and any(found.covers(stated.size) for found in lost):
            continue
        if stated.size > size:
            result.older_than = max(result.older_than or 0, stated.size)
            result.faults.append(
                _("{name}：写明 {n} 条记录，账本只有 {m} 条，可能恢复了旧备份").format(
                    name=claim.name, n=stated.size, m=size
                )
            )
        elif result.report.roots_at[stated.size][claim.sm3] != stated.root:
            result.faults.append(
                _("{name}：前 {n} 条记录的树根与它写明的不一致").format(name=claim.name, n=stated.size)
            )


def _compare_day_heads(result: Result, heads: Sequence[tuple[str, Stated]]) -> None:
    lost = loss.declared()
    for name, stated in heads:
        size = checkpoints.heads_size(stated)
        if size is None:
            result.faults.append(_("{name}：不是这本账的每日链头").format(name=name))
        elif any(found.covers(size) for found in lost):
            continue
        elif size > result.report.size:
            result.older_than = max(result.older_than or 0, size)
            result.faults.append(
                _("{name}：写明 {n} 条记录，账本只有 {m} 条，可能恢复了旧备份").format(
                    name=name, n=size, m=result.report.size
                )
            )
        elif size and result.report.heads_at[size] != (stated.size, stated.root):
            result.faults.append(_("{name}：各记录链的末尾与它写明的不一致").format(name=name))


def _compare_head(result: Result, head: Head | None) -> None:
    """The kept frontier, on which the next entries would be built."""
    if head is None:
        if result.report.size:
            result.faults.append(_("没有树的前沿（ledger_head 为空）"))
        return
    try:
        sides = [
            Frontier.from_bytes(alg, reading.raw(side))
            for alg, side in zip(ALGORITHMS, (head.sha256, head.sm3), strict=True)
        ]
        kept = {(side.size, side.root()) for side in sides}
    except BadProof:
        kept = set()
    true = {(result.report.size, root) for root in (result.report.sha256_root, result.report.sm3_root)}
    if kept != true or head.size != result.report.size:
        result.faults.append(
            _("树的前沿（{n} 条）与全部记录算得的树根（{m} 条）不一致").format(
                n=head.size, m=result.report.size
            )
        )


def _beside_the_log() -> Iterator[Finding]:
    """Entries that have no place in the log and wait for none."""
    placed = Leaf.objects.filter(eid=OuterRef("eid"))
    waiting = Pending.objects.filter(eid=OuterRef("eid"))
    for entry in Entry.objects.filter(~Exists(placed), ~Exists(waiting)).order_by("eid")[:_SHOWN]:
        yield Finding(-1, entry.stream, entry.sseq, "entry without a place in the log")


def _counts(size: int) -> Iterator[str]:
    """Rows that the walk along the log cannot meet."""
    first, last = Leaf.objects.filter(seq__lt=0).count(), Leaf.objects.filter(seq__gte=size).count()
    if size and (first or last > Leaf.objects.count() - size):
        yield _("账本的编号不连续：有 {n} 个位置在首尾之外").format(n=first + last)
    entries = Entry.objects.filter(eid=OuterRef("eid"))
    lost = list(
        Pending.objects.filter(~Exists(entries)).order_by("eid").values_list("eid", flat=True)[:_SHOWN]
    )
    if lost:
        yield _("等待编号的记录不见了：{eids}").format(eids="、".join(map(str, lost)))


def _wrong_blocks(roots: Sequence[tuple[bytes, bytes]]) -> Iterator[str]:
    """Kept roots of full blocks that are not those of the entries, or are not there."""
    kept = {
        number: (reading.raw(one), reading.raw(other))
        for number, one, other in LeafBlock.objects.values_list("number", "sha256", "sm3").iterator()
        if number < len(roots)
    }
    for number, true in enumerate(roots):
        if kept.get(number) != true:
            yield _("保存的第 {n} 块树根与记录不一致").format(n=number)


def _broken_boxes() -> Iterator[str]:
    """Sealed boxes that do not open to what their entry committed to, that belong to none, or that are gone unexplained."""
    entries = Entry.objects.filter(stream=OuterRef("stream"), sseq=OuterRef("sseq"))
    for box in Sealed.objects.filter(~Exists(entries)).order_by("id")[:_SHOWN]:
        yield _("封存的数据 {place} 没有对应的记录").format(place=f"{box.stream}/{box.sseq}")
    rows = Entry.objects.order_by("eid").values_list("stream", "sseq", "body").iterator(chunk_size=500)
    while piece := list(islice(rows, 500)):
        values = decode_many([reading.raw(body) for _stream, _sseq, body in piece])
        committed = {
            (stream, sseq): value["pii"]
            for (stream, sseq, _body), value in zip(piece, values, strict=True)
            if isinstance(value, dict) and isinstance(value.get("pii"), dict) and value["pii"]
        }
        streams = {stream for stream, _sseq in committed}
        boxes = [
            (box, pii)
            for box in Sealed.objects.filter(stream__in=streams).order_by("id")
            if (pii := committed.pop((box.stream, box.sseq), None)) is not None
        ]
        for place, wrong in vault.broken(boxes):
            yield _("封存的数据 {place} 与记录中的承诺不一致：{fields}").format(
                place=place, fields="、".join(wrong)
            )
        for stream, sseq in sorted(committed):
            if not _was_erased(stream):
                yield _("封存的数据 {place} 不见了，而没有删除它的记录").format(place=f"{stream}/{sseq}")


def _was_erased(stream: str) -> bool:
    bodies = Entry.objects.filter(stream=stream).values_list("body", flat=True)
    return any(b'"fact":"Erased"' in reading.raw(body) for body in bodies)
