"""Say something about a duty, change it, take it back, and call somebody's attention to it.

The text may hold personal data: it is sealed under the key of the duty's person, so that erasing them erases
what was said about them, and it never enters a log, a notice or the ledger.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts import queries as accounts
from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.accounts.models import Account
from qianshao.core.duties import registry
from qianshao.core.duties.door import ALPHABET
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import may_see
from qianshao.core.ledger import vault
from qianshao.core.notices.telling import tell
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import say

from .models import Comment
from .telling import actor_for

LONGEST = 2000
CHANGEABLE = timedelta(minutes=30)  # then it stands: others have read and answered it
_MENTION = re.compile(r"(?<![\w.@])@([\w·.\-]{1,60})")
_MANY = 10  # people one comment may call


class BadComment(ValueError):
    """The comment cannot be kept so; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as it is read; ``text`` is None when its key was destroyed with the person's data."""

    comment: Comment
    text: str | None
    mine: bool
    changeable: bool


def of(duty: Duty, reader: Account, now: datetime) -> list[Said]:
    """Everything said about a duty, oldest first; the caller has asked whether the reader may see the duty."""
    rows = list(Comment.objects.filter(stream=duty.stream).select_related("author__person").order_by("id"))
    texts = vault.unseal(_boxes(rows))
    return [
        Said(
            row,
            texts.get((row.key, row.edition), {}).get("text"),
            row.author_id == reader.pk,
            row.author_id == reader.pk and changeable(row, now),
        )
        for row in rows
    ]


def _boxes(rows: Iterable[Comment]) -> list[vault.Box]:
    return [vault.Box(row.key, row.edition, row.subject, bytes(row.box)) for row in rows]


def changeable(row: Comment, now: datetime) -> bool:
    """Whether its author may still change it or take it back."""
    return now < row.made_at + CHANGEABLE


def write(*, duty: Duty, text: str, author: Account, actor: Actor, now: datetime) -> Comment:
    """Say something about a duty and tell whom it mentions. Raises ``BadComment`` or ``NotAllowed``."""
    _may(duty, actor)
    text = _checked(text)
    called = mentioned(text, duty, author, now)
    key = "".join(secrets.choice(ALPHABET) for _letter in range(26))
    subject = duty.subject or duty.stream
    with transaction.atomic():
        row = Comment(key=key, stream=duty.stream, author=author, subject=subject, made_at=now)
        _put(row, text)
        row.save()
        _tell(row, duty, called, actor, now)
    return row


def change(*, row: Comment, duty: Duty, text: str, actor: Actor, now: datetime) -> None:
    """Change one's own comment within its time; it says that it was changed."""
    _may(duty, actor)
    text = _checked(text)
    with transaction.atomic():
        row = _own(row, actor, now)
        called = mentioned(text, duty, row.author, now)
        row.edition += 1
        row.edited_at = now
        _put(row, text)
        row.save(update_fields=["edition", "edited_at", "box"])
        _tell(row, duty, called, actor, now)


def take_back(*, row: Comment, duty: Duty, actor: Actor, now: datetime) -> None:
    """Delete one's own comment within its time; nothing of it stays here."""
    _may(duty, actor)
    with transaction.atomic():
        _own(row, actor, now).delete()


def _may(duty: Duty, actor: Actor) -> None:
    if not may_see(duty, actor):
        raise NotAllowed(_("没有查看这件事项的权限"))


def _own(row: Comment, actor: Actor, now: datetime) -> Comment:
    locked = Comment.objects.select_for_update(of=("self",)).select_related("author__person").get(pk=row.pk)
    if actor.key != f"account:{locked.author_id}":
        raise NotAllowed(_("只能修改或删除自己的留言"))
    if not changeable(locked, now):
        raise BadComment(
            _("留言发出超过 {n} 分钟，不能再修改或删除；可以再写一条说明。").format(
                n=CHANGEABLE // timedelta(minutes=1)
            )
        )
    return locked


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise BadComment(_("请先写下留言内容。"))
    if len(text) > LONGEST:
        raise BadComment(_("留言有 {n} 个字，最多 {most} 个。").format(n=len(text), most=LONGEST))
    return text


def _put(row: Comment, text: str) -> None:
    keys = vault.keys_for([row.subject])
    _commitments, row.box = vault.seal({"text": text}, keys[row.subject], row.key, row.edition)


def _tell(row: Comment, duty: Duty, called: Collection[Account], actor: Actor, now: datetime) -> None:
    """Each person is called once by a comment, however often it is changed."""
    tell(
        key=f"mention/{row.key}",
        to=[account.pk for account in called],
        words=say(
            "{name} 在{kind} {number} 的留言中提到了您",
            name=actor.name,
            kind=registry.kind(duty.kind).title,
            number=duty.number,
        ),
        stream=duty.stream,
        now=now,
    )


def mentioned(text: str, duty: Duty, author: Account, now: datetime) -> list[Account]:
    """Whom ``@name`` or ``@login`` means; all of them may see the duty. Raises ``BadComment`` for any other.

    Chinese has no spaces, so the longest name that fits is taken: ``@林小满请看`` means 林小满.
    Somebody unknown and somebody who may not see the duty are refused in the same words.
    """
    found: dict[int, Account] = {}
    for match in _MENTION.finditer(text):
        written = match.group(1)
        account = _meant(written, duty, now)
        if account.pk != author.pk:
            found[account.pk] = account
    if len(found) > _MANY:
        raise BadComment(_("一条留言最多提到 {n} 人。").format(n=_MANY))
    return list(found.values())


def _meant(written: str, duty: Duty, now: datetime) -> Account:
    pieces = [written[:end] for end in range(len(written), 0, -1)]
    rows = Account.objects.filter(is_active=True).select_related("person")
    logins = {row.login: row for row in rows.filter(login__in=[piece.lower() for piece in pieces])}
    people: dict[str, list[Account]] = {}
    for row in rows.filter(person__name__in=pieces):
        people.setdefault(row.person.name, []).append(row)
    for piece in pieces:
        whole = piece == written or not (piece[-1:].isascii() and written[len(piece)].isascii())
        meant = [logins[piece.lower()]] if whole and piece.lower() in logins else people.get(piece, [])
        able = [row for row in meant if _sees(row, duty, now)]
        if len(able) > 1:
            raise BadComment(
                _("能查看这件事项的“{name}”有 {n} 人，请写 @登录名：{logins}。").format(
                    name=piece, n=len(able), logins=_("、").join(row.login for row in able)
                )
            )
        if able:
            return able[0]
    raise BadComment(
        _("“@{name}”不是能查看这件事项的人，不能提到。请核对姓名，或改写成不带 @ 的文字。").format(
            name=written[:20]
        )
    )


def _sees(account: Account, duty: Duty, now: datetime) -> bool:
    actor = actor_for(account, now)
    return actor is not None and may_see(duty, actor)


def readers(duty: Duty, now: datetime, most: int = 100) -> list[str]:
    """Names to suggest while somebody types: those who may see the duty, of its unit first, then above it."""
    on = now.astimezone(SHANGHAI).date()
    reads, roles = registry.kind(duty.kind).reads, registry.roles()
    units = []
    unit = duty.unit
    while unit is not None:
        units.append(unit.pk)
        unit = unit.parent
    by_unit = accounts.holders(units, reads, roles, on)
    found = [account for pk in units for account in by_unit.get(pk, ())]
    found += accounts.city_holders(reads, roles, on)
    wanted = list(dict.fromkeys(found))[:most]
    names = dict(Account.objects.filter(pk__in=wanted).values_list("pk", "person__name"))
    return list(dict.fromkeys(names[pk] for pk in wanted if pk in names))


def subjects_in_use(subjects: Collection[str]) -> set[str]:
    """Which of these keys a comment is sealed under; they are no orphans although no entry uses them."""
    return set(Comment.objects.filter(subject__in=subjects).values_list("subject", flat=True))
