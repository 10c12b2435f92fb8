"""Findings of a watch become rows and duties: the same defect once, with every time it was seen."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.models import Account
from qianshao.core.duties import door
from qianshao.core.duties.models import Duty
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.modules.openness.models import Capture, SiteFinding
from qianshao.modules.openness.watch.finding import Finding
from qianshao.modules.openness.watch.running import Watched

from . import facts as f
from .kind import FINDING

SRC = "watch"


class NoUnit(LookupError):
    """No unit of the city has this code."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many findings opened a duty, and how many were known already."""

    opened: int
    known: int


def known_unit(code: str) -> None:
    """Raises ``NoUnit`` when the city has no unit of this code."""
    if not Unit.objects.filter(code=code).exists():
        raise NoUnit(_("没有代码为 {code} 的单位。请用“单位”页上的代码。").format(code=code))


def keep(watched: Watched, *, unit: str, now: datetime) -> Kept:
    """Write down a watch's findings for a unit and open a duty for each new one. Raises ``NoUnit``.

    A finding still open, or dismissed by a person, only gets a new date of sight. One that was mended and accepted
    and is there again opens a new duty.
    """
    known_unit(unit)
    opened = known = 0
    for finding in watched.verdict.findings:
        with transaction.atomic():
            if _keep(finding, watched, unit, now):
                opened += 1
            else:
                known += 1
    return Kept(opened, known)


def _keep(finding: Finding, watched: Watched, unit: str, now: datetime) -> bool:
    capture = _capture(finding, watched)
    last = SiteFinding.objects.filter(site=watched.site, key=finding.key).order_by("-round").first()
    if last is not None and Duty.objects.get(stream=last.stream).phase != "accepted":
        SiteFinding.objects.filter(pk=last.pk).update(
            last_seen_at=now, places=finding.places, capture=capture
        )
        return False
    again = last.round + 1 if last else 1
    receipt = door.perform(
        kind=FINDING,
        fact=f.Found(
            at=min(now, datetime.fromisoformat(finding.evidence.at)),
            unit=unit,
            rule=finding.rule,
            title=str(finding.sentence)[:300],
            url=finding.url[:1000],
            automatic=finding.automatic,
            capture=finding.evidence.sha256,
        ),
        actor=machine("watch"),
        now=now,
        src=SRC,
        source=f"{watched.site}\n{finding.key}\n{again}",
    )
    SiteFinding.objects.create(
        site=watched.site,
        key=finding.key,
        round=again,
        rule=finding.rule,
        unit=unit,
        url=finding.url,
        automatic=finding.automatic,
        places=finding.places,
        stream=receipt.stream,
        capture=capture,
        first_seen_at=now,
        last_seen_at=now,
    )
    return True


def _capture(finding: Finding, watched: Watched) -> Capture | None:
    proof = finding.evidence
    if not proof.capture:
        return None
    body = (watched.folder / proof.capture).read_bytes()
    capture, _made = Capture.objects.get_or_create(
        sha256=proof.sha256,
        defaults={"url": proof.url, "at": proof.at, "size": len(body), "packed": zlib.compress(body, 6)},
    )
    return capture


def human(site: str, key: str) -> dict[str, Any] | None:
    """What a person said of a finding: confirmed or dismissed, who, when, and why; None while nobody has."""
    row = SiteFinding.objects.filter(site=site, key=key).order_by("-round").first()
    if row is None:
        return None
    said: dict[str, Any] | None = None
    for raw in Entry.objects.filter(stream=row.stream).order_by("sseq").values_list("body", flat=True):
        body = Body.from_body(bytes(raw))
        if body.fact in ("Confirmed", "Dismissed"):
            said = {
                "state": body.fact.lower(),
                "by": _name(body.actor),
                "at": body.at,
                "why": body.data.get("reason") or body.data.get("note", ""),
            }
    return said


def _name(actor: str) -> str:
    """Whom an entry's actor is: a post is named before a number, a machine by its own name."""
    number = actor.removeprefix("account:")
    if number == actor or not number.isdigit():
        return actor
    account = Account.objects.select_related("person").filter(pk=int(number)).first()
    return account.person.name if account else actor
