"""The numbers of the law by edition: read from TOML, chosen by the day, overlaid by the city's own.

A number enters the code only by its name (``hotline.answer``). Each edition says since when it holds, where it
stands and how sure we are: ``V`` or ``text`` is law that was read, ``V-part`` was seen in an excerpt, ``M`` or ``memory``
is unverified, ``setting`` is the city's own choice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .clock import Citation, LateExtension, Rule, Start, Term, Unit

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


class BadRule(ValueError):
    """A rule that cannot be read; says in which file, which rule, which field, and what is expected there."""


class NoRule(LookupError):
    """No edition of the rule is in force on the day."""


@dataclass(frozen=True)
class RuleText:
    """One edition of a rule with what a reader wants to know about it. ``valid_to`` is exclusive."""

    rule: Rule
    title: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    city: bool = False

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


_FIELDS = frozenset(
    (
        "key title edition valid_from valid_to term amber start roll extension extension_times consent"
        " late_extension promised law article status note"
    ).split()
)


def parse(text: str, source: str) -> tuple[RuleText, ...]:
    """Every ``[[rule]]`` of a TOML text; ``source`` names it in errors. Raises ``BadRule``."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRule(f"{source}：不是有效的 TOML（{error}）") from error
    found = tuple(
        _read(item, f"{source} 第 {number} 条规则") for number, item in enumerate(raw.get("rule", ()), 1)
    )
    return overlay((), found)


def from_body(body: Mapping[str, Any]) -> RuleText:
    """A city's edition from its stored JSON. Raises ``BadRule``."""
    raw = dict(body)
    for name in ("valid_from", "valid_to"):
        if raw.get(name):
            raw[name] = _day(raw[name], name)
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
    for name in ("key", "title", "edition", "valid_from", "term", "law", "article", "status"):
        if not raw.get(name):
            raise BadRule(f"{where}：缺少 {name}")
    unknown = sorted(set(raw) - _FIELDS)
    if unknown:
        raise BadRule(f"{where}：不认识的字段 {'、'.join(unknown)}")
    if raw["status"] not in STATUSES:
        raise BadRule(f"{where}：status 须为 {'、'.join(STATUSES)} 之一")
    if not isinstance(raw["valid_from"], date) or not isinstance(raw.get("valid_to", date.max), date):
        raise BadRule(f"{where}：valid_from 与 valid_to 须为日期")
    try:
        rule = Rule(
            key=raw["key"],
            edition=raw["edition"],
            term=_needed(raw["term"], where, "term"),
            citation=Citation(raw["law"], raw["article"], raw["edition"], raw["status"]),
            amber=_term(raw.get("amber"), where, "amber"),
            roll=raw.get("roll", True),
            start=Start(raw.get("start", Start.NEXT_DAY)),
            extension=_term(raw.get("extension"), where, "extension"),
            promised=_term(raw.get("promised"), where, "promised"),
            extension_times=raw.get("extension_times", 1),
            consent=raw.get("consent", False),
            late_extension=LateExtension(raw.get("late_extension", LateExtension.REFUSE)),
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


def _term(raw: Any, where: str, name: str) -> Term | None:
    return None if raw is None else _needed(raw, where, name)


def _needed(raw: Any, where: str, name: str) -> Term:
    try:
        return Term(raw["n"], Unit(raw["unit"]))
    except (TypeError, KeyError, ValueError):
        units = "、".join(unit.value for unit in Unit)
        raise BadRule(f"{where}：{name} 须写成 {{ n = 正整数, unit = {units} 之一 }}") from None


def overlay(base: Sequence[RuleText], more: Iterable[RuleText]) -> tuple[RuleText, ...]:
    """All editions together. Raises ``BadRule`` when one name stands twice, or two shipped editions overlap."""
    found = list(base)
    for text in more:
        if any(other.name == text.name for other in found):
            raise BadRule(f"{text.name}：这一版本已经存在，请另取版本名")
        for other in found:
            if other.key == text.key and other.city == text.city and other.valid_from == text.valid_from:
                raise BadRule(f"{text.name}：{other.name} 也从 {text.valid_from} 起施行，请改生效日期")
        found.append(text)
    return tuple(found)


def in_force(texts: Iterable[RuleText], key: str, on: date) -> RuleText:
    """The edition in force on a day: the city's before the shipped one, then the latest. Raises ``NoRule``."""
    found = [
        text
        for text in texts
        if text.key == key and text.valid_from <= on and (text.valid_to is None or on < text.valid_to)
    ]
    if not found:
        raise NoRule(f"规则 {key} 在 {on} 没有现行版本，请在“规则”页设定")
    return max(found, key=lambda text: (text.city, text.valid_from))
