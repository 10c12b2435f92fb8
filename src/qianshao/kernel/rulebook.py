"""The numbers of the law by edition: read from TOML, chosen by the day, overlaid by the city's own.

A number enters the code only by its name (``hotline.answer``). Each edition says since when it holds, where it
stands and how sure we are: ``V`` or ``text`` is law that was read, ``V-part`` was seen in an excerpt, ``M`` or ``memory``
is unverified, ``setting`` is the city's own choice.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from .clock import Citation, LateExtension, Rule, Start, Term, Unit
from .words import say

STATUSES = {
    "V": "已核对原文",
    "text": "已核对原文",
    "V-part": "见于摘录，待核实",
    "V-r": "见于转载，待核实",
    "M": "未核实，可修改",
    "memory": "未核实，可修改",
    "setting": "本市设定",
}
CHECKED = frozenset({"V", "text"})
REST = "*"
_MANY = 3


class BadRule(ValueError):
    """A rule that cannot be read; says in which file, which rule, which field, and what is expected there."""


class NoRule(LookupError):
    """No edition of the rule is in force on the day."""


@dataclass(frozen=True)
class RuleText:
    """One edition of a rule with what a reader wants to know about it. ``valid_to`` is exclusive.

    Without ``valid_to`` it holds until the next edition of the same source. Raises ``BadRule``.
    """

    rule: Rule
    title: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    city: bool = False

    def __post_init__(self) -> None:
        for what, word in (("key", self.key), ("edition", self.edition)):
            if not word or "@" in word or any(mark.isspace() for mark in word):
                raise BadRule(
                    say(
                        "{name}：{what} 不能为空，也不能含空格或 @（记录用它引用规则）",
                        name=self.name,
                        what=what,
                    )
                )
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise BadRule(
                say(
                    "{name}：valid_to（{until}）须晚于 valid_from（{since}）",
                    name=self.name,
                    until=self.valid_to.isoformat(),
                    since=self.valid_from.isoformat(),
                )
            )

    @property
    def key(self) -> str:
        """The rule's name in the code."""
        return self.rule.key

    @property
    def edition(self) -> str:
        """Which edition; ``key@edition`` names it for ever."""
        return self.rule.edition

    @property
    def name(self) -> str:
        """The name entries carry."""
        return f"{self.key}@{self.edition}"

    @property
    def checked(self) -> bool:
        """Whether the text of the law was read."""
        return self.rule.citation.status in CHECKED


_TYPES: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(
        ("key", "title", "edition", "start", "late_extension", "law", "article", "status", "note"),
        (str, "文字"),
    ),
    **dict.fromkeys(("valid_from", "valid_to"), (date, "日期，例如 2026-01-01")),
    **dict.fromkeys(("term", "amber", "extension", "promised"), (Mapping, '{ n = 5, unit = "workday" }')),
    **dict.fromkeys(("roll", "consent"), (bool, "true 或 false")),
    "extension_times": (int, "整数"),
}
_NEEDED = ("key", "title", "edition", "valid_from", "term", "law", "article", "status")


def parse(text: str, source: str) -> tuple[RuleText, ...]:
    """Every ``[[rule]]`` of a TOML text; ``source`` names it in errors. Raises ``BadRule``."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRule(f"{source}：不是有效的 TOML（{error}）") from error
    tables = raw.get("rule", [])
    if set(raw) - {"rule"} or not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise BadRule(f"{source}：只能由 [[rule]] 表组成")
    found = tuple(_read(item, f"{source} 第 {number} 条规则") for number, item in enumerate(tables, 1))
    return overlay((), found)


def from_body(body: Mapping[str, Any]) -> RuleText:
    """A city's edition from its stored JSON. Raises ``BadRule``."""
    raw = dict(body)
    for name in ("valid_from", "valid_to"):
        if raw.get(name):
            raw[name] = _day(raw[name], f"{raw.get('key', '')} 的 {name}")
    return _read(raw, str(raw.get("key", "")), city=True)


def _day(value: object, name: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadRule(f"{name}：“{value}”不是日期，请写成 2026-01-01") from None


def to_body(text: RuleText) -> dict[str, Any]:
    """An edition as JSON, the form ``from_body`` reads."""
    rule = text.rule
    body: dict[str, Any] = {
        "key": rule.key,
        "title": text.title,
        "edition": rule.edition,
        "valid_from": text.valid_from.isoformat(),
        "term": _term_body(rule.term),
        "start": rule.start.value,
        "roll": rule.roll,
        "extension_times": rule.extension_times,
        "consent": rule.consent,
        "late_extension": rule.late_extension.value,
        "law": rule.citation.law,
        "article": rule.citation.article,
        "status": rule.citation.status,
        "note": text.note,
    }
    if text.valid_to:
        body["valid_to"] = text.valid_to.isoformat()
    for name, term in (("amber", rule.amber), ("extension", rule.extension), ("promised", rule.promised)):
        if term:
            body[name] = _term_body(term)
    return body


def _term_body(term: Term) -> dict[str, Any]:
    return {"n": term.n, "unit": term.unit.value}


def _read(raw: Mapping[str, Any], where: str, *, city: bool = False) -> RuleText:
    where = f"{where}（{raw.get('key', '无 key')}）"
    for name in _NEEDED:
        if not raw.get(name):
            raise BadRule(f"{where}：缺少 {name}")
    unknown = sorted(set(raw) - set(_TYPES))
    if unknown:
        raise BadRule(f"{where}：不认识的字段 {'、'.join(unknown)}")
    for name, value in raw.items():
        _checked_type(name, value, where)
    if raw["status"] not in STATUSES:
        raise BadRule(f"{where}：status 须为 {'、'.join(STATUSES)} 之一")
    try:
        rule = Rule(
            key=raw["key"],
            edition=raw["edition"],
            term=_needed(raw["term"], where, "term"),
            citation=Citation(raw["law"], raw["article"], raw["edition"], raw["status"]),
            amber=_term(raw.get("amber"), where, "amber"),
            roll=raw.get("roll", True),
            start=_one_of(Start, raw.get("start", Start.NEXT_DAY), where, "start"),
            extension=_term(raw.get("extension"), where, "extension"),
            promised=_term(raw.get("promised"), where, "promised"),
            extension_times=raw.get("extension_times", 1),
            consent=raw.get("consent", False),
            late_extension=_one_of(
                LateExtension, raw.get("late_extension", LateExtension.REFUSE), where, "late_extension"
            ),
        )
    except ValueError as error:
        if isinstance(error, BadRule):
            raise
        raise BadRule(f"{where}：{error}") from error
    return RuleText(
        rule=rule,
        title=raw["title"],
        valid_from=raw["valid_from"],
        valid_to=raw.get("valid_to"),
        note=raw.get("note", ""),
        city=city,
    )


def _checked_type(name: str, value: object, where: str) -> None:
    """Python counts True among the integers and a moment among the days; a rule does not."""
    wanted, told = _TYPES[name]
    odd = isinstance(value, datetime) or (isinstance(value, bool) and wanted is not bool)
    if odd or not isinstance(value, wanted):
        raise BadRule(f"{where}：{name} 须为{told}，不是 {value!r}")


E = TypeVar("E", bound=StrEnum)


def _one_of(words: type[E], text: str, where: str, name: str) -> E:
    try:
        return words(text)
    except ValueError:
        raise BadRule(f"{where}：{name} 须为 {'、'.join(words)} 之一，不是“{text}”") from None


def _term(raw: Any, where: str, name: str) -> Term | None:
    return None if raw is None else _needed(raw, where, name)


def _needed(raw: Any, where: str, name: str) -> Term:
    try:
        if set(raw) != {"n", "unit"} or type(raw["n"]) is not int:
            raise ValueError(raw)
        return Term(raw["n"], Unit(raw["unit"]))
    except (TypeError, ValueError):
        units = "、".join(unit.value for unit in Unit)
        raise BadRule(f"{where}：{name} 须写成 {{ n = 正整数, unit = {units} 之一 }}") from None


def shortened(names: Iterable[str]) -> str:
    """The names as an entry carries them: ``hotline.sign@city-1 *@2018``.

    The edition most rules have in common is told once, after the rules that have another one, for every
    entry carries them; with fewer than three in common each stands by itself.
    """
    each = tuple(names)
    common, many = Counter(name.partition("@")[2] for name in each).most_common(1)[0] if each else ("", 0)
    if many < _MANY:
        return " ".join(each)
    return " ".join([*(name for name in each if name.partition("@")[2] != common), f"{REST}@{common}"])


def overlay(base: Sequence[RuleText], more: Iterable[RuleText]) -> tuple[RuleText, ...]:
    """All editions together, the city's above the shipped ones.

    Raises ``BadRule`` when one name stands twice, or two editions of the same source are in force together.
    """
    found = list(base)
    for text in more:
        for other in found:
            if other.name == text.name:
                raise BadRule(say("{name}：这一版本已经存在，请另取版本名", name=text.name))
            if other.key == text.key and other.city == text.city:
                _follow(*sorted((other, text), key=lambda each: each.valid_from))
        found.append(text)
    return tuple(found)


def _follow(first: RuleText, then: RuleText) -> None:
    """An edition without an end gives way to the next one; one with an end must have ended by then."""
    if first.valid_from == then.valid_from:
        raise BadRule(
            say(
                "{name}：{other} 也从 {since} 起施行，请改生效日期",
                name=then.name,
                other=first.name,
                since=then.valid_from.isoformat(),
            )
        )
    if first.valid_to is not None and then.valid_from < first.valid_to:
        raise BadRule(
            say(
                "{name} 自 {since} 起施行，而 {other} 施行至 {until}，两个版本重叠，请改日期",
                name=then.name,
                since=then.valid_from.isoformat(),
                other=first.name,
                until=first.valid_to.isoformat(),
            )
        )


def in_force(texts: Iterable[RuleText], key: str, on: date) -> RuleText:
    """The edition in force on a day: the city's before the shipped one, then the latest. Raises ``NoRule``."""
    found = [
        text
        for text in texts
        if text.key == key and text.valid_from <= on and (text.valid_to is None or on < text.valid_to)
    ]
    if not found:
        raise NoRule(say("规则 {key} 在 {on} 没有现行版本，请在“规则”页设定", key=key, on=on.isoformat()))
    return max(found, key=lambda text: (text.city, text.valid_from))
