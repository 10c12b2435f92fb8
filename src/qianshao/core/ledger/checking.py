"""Verify the ledger in the database: bodies, links, trees, checkpoints, anchors; names what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kernel.ledger.note import BadNote
from qianshao.kernel.ledger.note import Checkpoint as Stated
from qianshao.kernel.ledger.verify import Finding, Report, Stored, verify_log

from . import checkpoints, loss, store
from .models import Checkpoint, Entry, Head, Leaf, Pending, Sealed
from .vault import broken_commitments

_CHUNK = 4096


@dataclass(slots=True)
class Result:
    """What a verification of the database found. ``older_than`` is the size of a head outside that the log does not reach."""

    report: Report
    findings: list[Finding] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    older_than: int | None = None
    unnumbered: int = 0

    @property
    def sound(self) -> bool:
        """Nothing found, and nothing missing that was seen outside."""
        return not self.findings and not self.faults and self.older_than is None


def _in_log_order(misplaced: list[Finding]) -> Iterator[Stored]:
    """Every entry with its stored hashes, in the order of the log; a place without its entry is an empty body.

    On the way the columns beside a body, which are only projections of it, are held against it.
    """
    last = Leaf.objects.order_by("-seq").values_list("seq", flat=True).first()
    expected = 0
    with connection.cursor() as cursor:
        for start in range(0, (last if last is not None else -1) + 1, _CHUNK):
            cursor.execute(
                "SELECT l.seq, e.body, l.sha256, l.sm3, e.stream, e.sseq"
                " FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.eid = l.eid"
                " WHERE l.seq >= %s AND l.seq < %s ORDER BY l.seq",
                [start, start + _CHUNK],
            )
            for seq, body, sha256, sm3, stream, sseq in cursor.fetchall():
                while expected < seq:
                    yield b"", None, None
                    expected += 1
                raw = bytes(body or b"")
                if (
                    f',"sseq":{sseq},' not in (text := raw.decode(errors="replace"))
                    or f'"stream":"{stream}"' not in text
                ):
                    misplaced.append(Finding(seq, stream or "", sseq or 0, "columns do not match the body"))
                yield raw, bytes(sha256), bytes(sm3)
                expected += 1


def verify(
    *,
    workers: int = 2,
    sealed: bool = False,
    since: str = "",
    progress: Callable[[int], None] = lambda seen: None,
) -> Result:
    """Verify everything. ``since`` is a checkpoint held by somebody else, as text; ``sealed`` opens every sealed box too.

    Raises ``BadNote`` when ``since`` is no checkpoint of this office.
    """
    stated = [
        (f"检查点 {row.pk}", row.note, row.sm3_note) for row in Checkpoint.objects.order_by("id").iterator()
    ]
    heads: list[tuple[str, Stated, bool]] = []
    faults: list[str] = []
    for name, text, sm3_text in stated:
        for is_sm3, one in ((False, text), (True, sm3_text)):
            try:
                heads.append((name, checkpoints.read_note(one), is_sm3))
            except BadNote as error:
                faults.append(f"{name}：{error}")
    try:
        outside = [(f"库外检查点 {item.path.name}", item.checkpoint, False) for item in checkpoints.outside()]
    except BadNote as error:
        outside = []
        faults.append(str(error))
    if since:
        outside.append(("所持检查点", checkpoints.read_note(since), False))
    misplaced: list[Finding] = []
    with transaction.atomic():
        report = verify_log(
            _in_log_order(misplaced),
            workers=workers,
            sizes={head.size for _, head, _ in (*heads, *outside)},
            progress=progress,
        )
    result = Result(report, [*report.findings, *misplaced], faults, unnumbered=Pending.objects.count())
    _compare_heads(result, [*heads, *outside])
    _compare_stored(result)
    if sealed:
        result.faults.extend(_broken_boxes())
    return result


def _compare_heads(result: Result, heads: list[tuple[str, Stated, bool]]) -> None:
    size = result.report.size
    lost = loss.declared()
    for name, head, is_sm3 in heads:
        if any(kept < head.size <= seen for kept, seen in lost):
            continue
        if head.size > size:
            result.older_than = max(result.older_than or 0, head.size)
            result.faults.append(f"{name}：写明 {head.size} 条记录，账本只有 {size} 条，可能恢复了旧备份")
            continue
        roots = result.report.roots_at.get(head.size)
        if roots is not None and roots[is_sm3] != head.root:
            result.faults.append(f"{name}：前 {head.size} 条记录的树根与它写明的不一致")


def _compare_stored(result: Result) -> None:
    """The tables beside the log: what it does not hold, columns that are only projections, and the kept frontier."""
    orphans = Entry.objects.exclude(Exists(Leaf.objects.filter(eid=OuterRef("eid"))))
    for entry in orphans.exclude(Exists(Pending.objects.filter(eid=OuterRef("eid"))))[:100]:
        result.findings.append(Finding(-1, entry.stream, entry.sseq, "entry without a place in the log"))
    head = Head.objects.filter(pk=1).first()
    if head is None:
        if result.report.size:
            result.faults.append("没有树的前沿（ledger_head 为空）")
        return
    _size, sha256, sm3 = store.frontiers()
    roots = (sha256.root(), sm3.root())
    if head.size != result.report.size or roots != (result.report.sha256_root, result.report.sm3_root):
        result.faults.append(
            f"树的前沿（{head.size} 条）与全部记录算得的树根（{result.report.size} 条）不一致"
        )


def _broken_boxes() -> Iterator[str]:
    for box in Sealed.objects.order_by("id").iterator(chunk_size=1000):
        body = Entry.objects.filter(stream=box.stream, sseq=box.sseq).values_list("body", flat=True).first()
        if body is None:
            yield f"封存的数据 {box.stream}/{box.sseq} 没有对应的记录"
            continue
        wrong = broken_commitments(box, Body.from_body(bytes(body)).pii)
        if wrong:
            yield f"封存的数据 {box.stream}/{box.sseq} 与记录中的承诺不一致：{'、'.join(wrong)}"
