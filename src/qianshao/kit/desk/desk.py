"""What a person's desk shows: always what they may see today, whatever they once opened or followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account
from qianshao.core.desk import comments, services
from qianshao.core.desk.models import Follow
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import may_see
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import Condition, Figure, Indicator, Scope, Selection
from qianshao.kit.duties import titles
from qianshao.kit.duties.figure import indicators, work_out
from qianshao.kit.duties.masking import scrub
from qianshao.kit.queries import figures


@dataclass(frozen=True, slots=True)
class Card:
    """A duty on the desk."""

    duty: Duty
    kind: Kind
    phase: str
    title: titles.Title


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit on the desk: its open and its overdue duties, each with the selection that opens them."""

    unit: Unit
    open: int
    late: int
    opens: Selection
    lates: Selection


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure on the desk with its value today."""

    kind: Kind
    indicator: Indicator
    figure: Figure


@dataclass(slots=True)
class Followed:
    """Everything an account follows and may see."""

    duties: list[Card] = field(default_factory=list)
    units: list[UnitCard] = field(default_factory=list)
    figures: list[FigureCard] = field(default_factory=list)
    hidden: int = 0

    def __bool__(self) -> bool:
        return bool(self.duties or self.units or self.figures or self.hidden)


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment as the page shows it."""

    said: comments.Said
    html: SafeString | None
    text: str


def cards(streams: Sequence[str], actor: Actor) -> list[Card]:
    """The duties of these streams the actor may see, in the order given."""
    found = {
        duty.stream: duty
        for duty in Duty.objects.filter(stream__in=streams).select_related("unit")
        if may_see(duty, actor)
    }
    named = titles.titles(list(found.values()), actor)
    made = []
    for stream in streams:
        if stream in found:
            duty = found[stream]
            kind = registry.kind(duty.kind)
            made.append(Card(duty, kind, kind.phase(duty.phase).title, named[stream]))
    return made


def lately(account: Account, actor: Actor, most: int = services.KEPT) -> list[Card]:
    """The duties an account opened last."""
    return cards(services.lately(account, most), actor)


def followed_duties(account: Account, actor: Actor, most: int) -> list[Card]:
    """The duties an account followed last."""
    rows = Follow.objects.filter(account=account, what="duty").order_by("-since", "-id")
    return cards(list(rows.values_list("key", flat=True)[:most]), actor)


def followed(account: Account, actor: Actor, now: datetime, most: int = services.MOST) -> Followed:
    """What an account follows, the latest first; what it may see no more is only counted."""
    rows = list(Follow.objects.filter(account=account).order_by("-since", "-id"))
    by_what: dict[str, list[str]] = {what: [] for what in services.WHATS}
    for row in rows:
        by_what[row.what].append(row.key)
    found = Followed(duties=cards(by_what["duty"][:most], actor))
    found.hidden = len(by_what["duty"][:most]) - len(found.duties)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=by_what["unit"])}
    found.units = [_unit(units[code], actor, now) for code in by_what["unit"][:most] if code in units]
    known = indicators()
    for key in by_what["figure"][:most]:
        if key in known and actor.paths(known[key][0].reads):
            kind, indicator = known[key]
            found.figures.append(FigureCard(kind, indicator, work_out(indicator, Scope(), actor, now)))
    return found


def _unit(unit: Unit, actor: Actor, now: datetime) -> UnitCard:
    there = Selection("", (Condition("unit", "under", unit.code), Condition("open", "", True)))
    late = there.also(Condition("lamp", "", "red"))
    return UnitCard(unit, figures.count(there, actor, now), figures.count(late, actor, now), there, late)


def said(duty: Duty, account: Account, now: datetime) -> list[Shown]:
    """The comments of a duty, numbers of persons hidden from all but their author."""
    shown = []
    for one in comments.of(duty, account, now):
        if one.text is None:
            shown.append(Shown(one, None, ""))
            continue
        text = one.text if one.mine else scrub(one.text)
        shown.append(Shown(one, _marked(text), one.text if one.mine else ""))
    return shown


def _marked(text: str) -> SafeString:
    """The text with its line breaks, everything in it escaped."""
    lines = text.split("\n")
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))
