"""The rulebook in force: the numbers shipped with the product, and above them those this city set."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from importlib import resources

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.kernel.declare import Rules
from qianshao.kernel.rulebook import REST, RuleText, from_body, in_force, overlay, parse, shortened, to_body

from .models import RuleEdition


class UnknownEdition(LookupError):
    """A duty names a rule edition that is neither shipped nor set here."""


@lru_cache(maxsize=1)
def shipped() -> tuple[RuleText, ...]:
    """Every rule of ``qianshao/rulebook/*.toml``."""
    folder = resources.files("qianshao.rulebook")
    found: list[RuleText] = []
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            found.extend(parse(file.read_text(encoding="utf-8"), file.name))
    return tuple(found)


class Book:
    """All editions of all rules, with the answers already given kept."""

    def __init__(self, texts: tuple[RuleText, ...]) -> None:
        self.texts = texts
        self._by_name = {text.name: text for text in texts}
        self._editions: dict[str, list[RuleText]] = {}
        for text in texts:
            self._editions.setdefault(text.key, []).append(text)
        self._since: dict[tuple[str, ...], tuple[date, str]] = {}
        self._names: dict[tuple[tuple[str, ...], date], str] = {}
        self._pinned: dict[tuple[str, tuple[str, ...]], Rules] = {}

    def in_force(self, key: str, on: date) -> RuleText:
        """The edition in force on a day; ``LookupError`` names the rule when none is."""
        return in_force(self._editions.get(key, ()), key, on)

    def names(self, keys: tuple[str, ...], on: date) -> str:
        """What a duty born on this day is under: ``hotline.answer@2021`` and so on, separated by spaces."""
        found = self._names.get((keys, on))
        if found is None:
            found = self._unchanged(keys, on) or shortened(self.in_force(key, on).name for key in keys)
            self._names[keys, on] = found
        return found

    def _unchanged(self, keys: tuple[str, ...], on: date) -> str | None:
        """The names where no rule ever had a second edition: the same on every day since the last came in."""
        known = self._since.get(keys)
        if known is None:
            each = [self._editions.get(key, []) for key in keys]
            once = all(len(editions) == 1 and editions[0].valid_to is None for editions in each)
            since = max((editions[0].valid_from for editions in each), default=date.max) if once else date.max
            known = self._since[keys] = (
                since,
                shortened(editions[0].name for editions in each) if once else "",
            )
        return known[1] if on >= known[0] else None

    def text(self, name: str) -> RuleText:
        """The edition named ``key@edition``; raises ``UnknownEdition``."""
        if name not in self._by_name:
            raise UnknownEdition(name)
        return self._by_name[name]

    def pinned(self, names: str, keys: tuple[str, ...]) -> Rules:
        """The rules a duty was born under, from the names its entry carries and the rules its kind has.

        A rule the entry knows nothing of came into the product later: its first edition holds.
        Raises ``UnknownEdition``.
        """
        found = self._pinned.get((names, keys))
        if found is None:
            found = {key: self.text(name).rule for key, name in self._spelled(names, keys).items()}
            self._pinned[names, keys] = found
        return found

    def applied(self, editions: str, names: str, keys: tuple[str, ...]) -> str:
        """The names a duty carries once these editions are applied to it; those of its other rules stay."""
        given = {name.partition("@")[0]: name for name in editions.split()}
        spelled = self._spelled(names, keys)
        return shortened({**spelled, **{key: name for key, name in given.items() if key in spelled}}.values())

    def _spelled(self, names: str, keys: tuple[str, ...]) -> dict[str, str]:
        told = {
            key: f"{key}@{edition}" for key, _at, edition in (name.partition("@") for name in names.split())
        }
        rest = told.pop(REST, "").partition("@")[2]
        for key in keys:
            if key not in told:
                name = f"{key}@{rest}"
                told[key] = name if name in self._by_name else self._first(key)
        return told

    def _first(self, key: str) -> str:
        return min(self._editions[key], key=lambda text: (text.city, text.valid_from)).name


def book() -> Book:
    """The book as it stands, read again when the city added an edition (one small query)."""
    state = RuleEdition.objects.aggregate(n=Count("id"), last=Max("id"))
    return of(state["n"], state["last"])


@lru_cache(maxsize=2)
def of(count: int, last: int | None) -> Book:
    """The book with this many editions of the city's own, ``last`` the newest of them."""
    return Book(overlay(shipped(), [from_body(row.body) for row in RuleEdition.objects.order_by("id")]))


def set_edition(text: RuleText, *, actor: Actor, now: datetime, reason: str) -> RuleEdition:
    """Add an edition of a rule. Duties born under an older edition keep it; none is changed or removed."""
    if not actor.may("rules.set"):
        raise NotAllowed(_("没有设置规则的权限"))
    overlay(book().texts, [text])
    return RuleEdition.objects.create(
        key=text.key,
        edition=text.edition,
        valid_from=text.valid_from,
        body=to_body(text),
        set_by=actor.key,
        set_at=now,
        reason=reason,
    )


def forget() -> None:
    """Read again at the next question (another database)."""
    of.cache_clear()
