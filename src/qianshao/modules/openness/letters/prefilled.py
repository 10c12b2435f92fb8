"""Which letters a request calls for as it stands, each filled from its facts; what the register does not know stays a blank.

Pure: the state, the last day for the reply and the names of the bodies come as arguments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ..requests import facts as f
from ..requests.outcomes import BY_CODE
from ..requests.state import Consultation, Request
from .kinds import LETTERS, Value, replies_for
from .offered import Around, Offer

_LETTER_OF = {"third_party": "third_party_letter", "co_maker": "co_maker_letter"}


def offers(request: Request, around: Around) -> list[Offer]:
    """Every letter of the request in the order of its life; replies not yet given are drafts of each kind."""
    return [*_procedure(request, around), *_replies(request, around)]


def _procedure(request: Request, around: Around) -> Iterator[Offer]:
    received = request.received
    yield _offer(
        "registration_receipt",
        request,
        around,
        {
            "channel": f.CHANNELS.get(received.channel, ""),
            "due_on": around.due_on,
            "dated_on": request.since.date(),
        },
        ready=True,
    )
    running = request.closed_at is None
    asked = request.asked
    if asked is not None or running:
        told: dict[str, Value] = {}
        if asked is not None:
            told = {"items": asked.items, "until": asked.until, "dated_on": asked.on}
        yield _offer("correction_notice", request, around, told, ready=asked is not None)
    yield from _consultations(request, around)
    extended = request.extensions[-1] if request.extensions else None
    if extended is not None or running:
        told = {}
        if extended is not None:
            told = {
                "reason": extended.reason,
                "days": extended.days,
                "due_on": around.due_on,
                "dated_on": extended.told_on or extended.on,
            }
        yield _offer("extension_notice", request, around, told, ready=extended is not None)


def _consultations(request: Request, around: Around) -> Iterator[Offer]:
    """A letter for each that was asked; while the request runs, a draft for each kind nobody was asked of."""
    for whom, key in _LETTER_OF.items():
        party = LETTERS[key].addressee
        sent: list[Consultation] = [one for one in request.consultations if one.asked.whom == whom]
        for number, one in enumerate(sent, 1):
            told: dict[str, Value] = {
                party: one.asked.name,
                "information": request.received.wanted,
                "dated_on": one.asked.on,
            }
            yield _offer(key, request, around, told, ready=True, number=number, to=one.asked.name)
        if not sent and request.closed_at is None:
            yield _offer(key, request, around, {"information": request.received.wanted}, ready=False)


def _replies(request: Request, around: Around) -> Iterator[Offer]:
    ended = request.outcome
    codes = BY_CODE if ended is None else (ended.code,)
    for code in codes:
        for letter in replies_for(code):
            told = _told(request, code)
            yield _offer(
                letter.key, request, around, told, ready=ended is not None, to=_title(letter.key, code)
            )


def _title(key: str, code: str) -> str:
    """Which reply it is: replies share a title, so the list names the outcome."""
    title = BY_CODE[code].title
    return {
        "reply.O12.absent": f"{title}（信息不存在）",
        "reply.O12.elsewhere": f"{title}（不属于本机关公开）",
    }.get(key, title)


def _told(request: Request, code: str) -> dict[str, Value]:
    """What the facts say of a reply: each letter takes the fields it has."""
    told: dict[str, Value] = {}
    answered = request.answered
    if answered is not None:
        told = {"reason": answered.reason, "dated_on": answered.dated_on or answered.on}
    if request.asked is not None:
        told |= {"asked_on": request.asked.on, "until": request.asked.until}
        if code == "O14":
            told["items"] = request.asked.items
    if code == "O18" and request.reasons_asked is not None:
        told["asked_on"] = request.reasons_asked.on
    if code == "O21":
        told["asked_on"] = request.fee.on if request.fee else None
        if request.fee and request.fee.fen:
            told["amount"] = f"{(Decimal(request.fee.fen) / 100).normalize():f}"
    if request.given_up is not None:
        told["dated_on"] = request.given_up.on
    if request.withdrawn is not None:
        told |= {"withdrawn_on": request.withdrawn.on, "dated_on": request.withdrawn.on}
    return told


def _offer(
    key: str,
    request: Request,
    around: Around,
    told: Mapping[str, Value],
    *,
    ready: bool,
    number: int = 1,
    to: str = "",
) -> Offer:
    letter = LETTERS[key]
    known: dict[str, Value] = {
        "body": around.body,
        "applicant": request.received.applicant,
        "request_number": around.number,
        "received_on": request.since.date(),
        "content": request.received.wanted,
        "review_body": around.review_body,
        **told,
    }
    values = {name: known.get(name) for name in letter.asks}
    return Offer(key, letter.title, values, ready, number, to)
