"""The letters about a disputed record (第四十一条): receipt, what came of it, and the transfer to another body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..records.rules import Record
from ..requests.facts import CHANNELS
from .kinds import Letter, Value
from .offered import Around, Offer

_OPENING = "本机关于{received_on}收到您（单位）提出的更正政府信息记录的申请（编号：{request_number}），要求更正的记录为：{content}。"
_LAW = "根据《中华人民共和国政府信息公开条例》第四十一条的规定，"
RESULT = "政府信息更正申请处理结果告知书"

RECEIPT = Letter(
    "record_receipt",
    "政府信息更正申请登记回执",
    (
        "本机关于{received_on}收到您（单位）以{channel}方式提出的更正政府信息记录的申请，已登记，编号为{request_number}。要求更正的记录为：{content}。",
        f"{_LAW}本机关将对该记录进行核查，并于{{due_on}}前告知处理结果。",
    ),
    ("channel", "due_on"),
)
CORRECTED = Letter(
    "record.corrected",
    RESULT,
    (_OPENING, f"经审核，您（单位）反映的情况属实。{_LAW}本机关已予以更正，更正后的记录为：{{reads}}。"),
    ("reads",),
)
ACCURATE = Letter(
    "record.accurate",
    RESULT,
    (
        _OPENING,
        f"经核查，该记录未见不准确之处，{_LAW}本机关不予更正。核查情况和理由是：{{reason}}。",
    ),
    ("reason",),
    remedy="either",
)
TRANSFERRED = Letter(
    "record.transferred",
    RESULT,
    (
        _OPENING,
        f"该记录的更正不属于本机关职能范围。{_LAW}本机关已将您（单位）的申请转送有权更正的行政机关{{organ}}处理。",
    ),
    ("organ",),
)
HANDED_ON = Letter(
    "record.handed_on",
    "政府信息更正申请转送函",
    (
        "本机关于{received_on}收到更正政府信息记录的申请（编号：{request_number}），要求更正的记录为：{content}。",
        f"该记录由贵机关有权更正。{_LAW}现将申请及所附证据转送贵机关处理，请将处理结果告知申请人。",
    ),
    addressee="organ",
    closing="特此函告。",
)
REDIRECTED = Letter(
    "record.redirected",
    RESULT,
    (
        _OPENING,
        f"该记录的更正不属于本机关职能范围。{_LAW}请您（单位）向有权更正的行政机关{{organ}}提出。",
    ),
    ("organ",),
)
RECORD_LETTERS = {
    letter.key: letter for letter in (RECEIPT, CORRECTED, ACCURATE, TRANSFERRED, HANDED_ON, REDIRECTED)
}
_OF = {
    "corrected": (CORRECTED,),
    "accurate": (ACCURATE,),
    "transferred": (TRANSFERRED, HANDED_ON),
    "redirected": (REDIRECTED,),
}


def offers(record: Record, around: Around) -> list[Offer]:
    """The receipt, and the letters of the outcome; until there is one, a draft of each."""
    disputed, settled = record.disputed, record.settled
    receipt = {
        "channel": CHANNELS.get(disputed.channel, ""),
        "due_on": around.due_on,
        "dated_on": disputed.on,
    }
    found = [_offer(RECEIPT, record, around, receipt, ready=True)]
    if settled is not None or record.closed_at is None:
        found += _results(record, around)
    return found


def _results(record: Record, around: Around) -> Iterator[Offer]:
    settled = record.settled
    told: dict[str, Value] = {}
    if settled is not None:
        told = {
            "reads": settled.reads,
            "reason": settled.reason,
            "organ": settled.to,
            "dated_on": settled.on,
        }
    for outcome, letters in _OF.items():
        if settled is None or settled.outcome == outcome:
            for letter in letters:
                yield _offer(letter, record, around, told, ready=settled is not None)


def _offer(
    letter: Letter, record: Record, around: Around, told: Mapping[str, Value], *, ready: bool
) -> Offer:
    known: dict[str, Value] = {
        "body": around.body,
        "applicant": record.disputed.applicant,
        "request_number": around.number,
        "received_on": record.disputed.on,
        "content": record.disputed.record,
        "review_body": around.review_body,
        **told,
    }
    return Offer(letter.key, letter.title, {name: known.get(name) for name in letter.asks}, ready)
