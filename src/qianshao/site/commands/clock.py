"""When is it due, and why: a reckoning from bare facts, without a database."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.duties import registry, rulebook
from qianshao.kernel.bare import BadFacts, read
from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.clock import STANDING, Segment, last_day
from qianshao.kernel.declare import Fact, Kind, Rules
from qianshao.kernel.hours import DAY, SHANGHAI, midnight
from qianshao.kernel.replay import NotOpened, Replayed, replay
from qianshao.kernel.rulebook import STATUSES, NoRule, RuleText, in_force
from qianshao.kernel.words import Words
from qianshao.kit import telling

from .answering import Answering
from .saying import CommandError, document

_SAID_ELSEWHERE = (STANDING, "provisional")  # in ``state`` and ``provisional``
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(cls=Answering, help=gettext_lazy("期限：算到哪一天，为什么。"))
def clock() -> None:
    """Reckonings; nothing is recorded."""


@clock.command(
    "explain",
    help=gettext_lazy(
        "由一组记录算出期限并逐段说明，不用数据库。\n\nKIND 为事项类型，如 openness.request；"
        "FACTS.json 为 {“facts”: [{“fact”: “Received”, “on”: “2025-09-25”}, …]}，- 为标准输入。"
    ),
)
@click.argument("kind")
@click.argument("facts", metavar="FACTS.json")
@click.option("--edition", help=gettext_lazy("用哪一版规则，如 2007 或 2019；默认为登记之日施行的版本。"))
@click.option("--known-on", type=_DAY, help=gettext_lazy("按当日已经公布的放假安排计算。"))
@click.option("--on", "on", type=_DAY, help=gettext_lazy("看这一天的状态；之后的记录不计。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def explain(
    kind: str,
    facts: str,
    edition: str | None,
    known_on: datetime | None,
    on: datetime | None,
    as_json: bool,
) -> None:
    """Print a deadline and its story."""
    found = _kind(kind)
    seen_on = on.date() if on else None
    try:
        told = read(found, _document(facts))
        calendar = Calendar.china(known_on.date() if known_on else None)
        texts = _rules(found, told, edition)
        rules = {text.key: text.rule for text in texts}
        until = _last_moment(seen_on) if seen_on else None
        born = min(fact.at for fact in told)
        if until is not None and born > until:
            raise CommandError(
                _("截至{on}还没有登记，第一条记录在{born}。").format(
                    on=telling.day(until.date()), born=telling.day(born.date())
                )
            )
        played = replay(found, told, calendar, rules, until=until)
        answer = _answer(played, seen_on, texts)
        answer["due_if_silent_on"] = _if_silent(played, told, calendar, rules)
    except (BadFacts, NotOpened, CalendarMissing) as error:
        raise CommandError(telling.sentence(error.words)) from error
    except NoRule as error:
        raise CommandError(str(error)) from error
    if as_json:
        document(answer)
    else:
        _tell(played, answer, texts)


def _kind(name: str) -> Kind:
    try:
        return registry.kind(name)
    except registry.UnknownKind:
        known = "、".join(registry.kinds())
        raise CommandError(
            _("没有名为“{name}”的事项类型，可用：{known}").format(name=name, known=known)
        ) from None


def _document(path: str) -> Any:
    try:
        text = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise CommandError(_("读不到文件 {path}：{why}").format(path=path, why=error.strerror)) from error
    try:
        return json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise CommandError(_("{file} 不是 UTF-8 编码的文件，请另存为 UTF-8。").format(file=path)) from error
    except json.JSONDecodeError as error:
        raise CommandError(
            _("{file} 第 {line} 行不是有效的 JSON，请检查标点和括号。").format(file=path, line=error.lineno)
        ) from error
    except RecursionError as error:
        raise CommandError(_("{file} 的括号嵌套过深。").format(file=path)) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice is a mistake: which of two days counts is not for us to choose."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise CommandError(_("同一条里“{name}”写了两次，请只留一个。").format(name=name[:40]))
        found[name] = value
    return found


def _rules(kind: Kind, told: list[Fact], edition: str | None) -> list[RuleText]:
    """The editions the reckoning is under: the one asked for where a rule has it, else those of the first day."""
    shipped = rulebook.shipped()
    module = kind.key.partition(".")[0]
    editions = sorted({text.edition for text in shipped if text.key.startswith(f"{module}.")})
    if edition is not None and edition not in editions:
        known = "、".join(editions)
        raise CommandError(_("没有 {edition} 版规则，可用：{known}").format(edition=edition, known=known))
    opening = {act.fact for act in kind.acts if act.opens}
    born = min((fact.on for fact in told if type(fact) in opening), default=None)
    if born is None:
        raise NotOpened(kind)
    return [_rule(shipped, key, edition, born) for key in kind.rules]


def _rule(shipped: tuple[RuleText, ...], key: str, edition: str | None, born: date) -> RuleText:
    named = [text for text in shipped if text.key == key and text.edition == edition]
    if named:
        return named[0]
    if edition is None:
        return in_force(shipped, key, born)
    # Asked for an edition other rules have: this one as it was in force, or its first edition before that.
    first = min((text for text in shipped if text.key == key), key=lambda text: text.valid_from)
    return in_force(shipped, key, max(born, first.valid_from))


def _answer(played: Replayed, on: date | None, texts: list[RuleText]) -> dict[str, Any]:
    kind, deadline = played.kind, played.deadline
    phase = kind.phase(played.look.phase)
    overdue = phase.open and on is not None and deadline.until is not None and deadline.until <= midnight(on)
    used = deadline.rule
    return {
        "kind": kind.key,
        "edition": used.edition if used else None,
        "term": {"n": used.term.n, "unit": used.term.unit.value} if used else None,
        "article": str(used.citation) if used else None,
        "due_on": _due(deadline.until),
        "due_at": None if deadline.until is None else deadline.until.isoformat(),
        "amber_on": None if deadline.amber_at is None else deadline.amber_at.date().isoformat(),
        "provisional": deadline.provisional,
        "state": phase.key,
        "state_title": telling.sentence(phase.title),
        "open": phase.open,
        "paused": phase.paused and deadline.until is None,
        "overdue": overdue,
        "missed_on": _due(played.missed_at),
        "lamp": None if on is None else played.lamp(_last_moment(on)).value,
        "segments": [_segment(segment) for segment in deadline.segments],
        "second_clocks": [
            {"name": telling.sentence(clock.name), "due_on": _due(clock.until)} for clock in played.beside
        ],
        "flags": [*_flags(deadline.flags), *_overdue(deadline.until if overdue else None, on)],
        "refused": [
            {
                "fact": type(refusal.fact).__name__,
                "on": refusal.fact.on.isoformat(),
                "reason": telling.sentence(refusal.words),
                "article": telling.sentence(refusal.article),
            }
            for refusal in played.refused
        ],
        "drawn": [{"fact": type(fact).__name__, "on": _drawn_on(fact)} for fact in played.drawn],
        "rules": [
            {
                "key": text.key,
                "edition": text.edition,
                "citation": str(text.rule.citation),
                "status": telling.sentence(STATUSES[text.rule.citation.status]),
            }
            for text in texts
        ],
    }


def _last_moment(on: date) -> datetime:
    """The end of a day as seen on the day: what is due by its midnight is still in time."""
    return midnight(on) + DAY - timedelta.resolution


def _due(until: datetime | None) -> str | None:
    return None if until is None else last_day(until.astimezone(SHANGHAI)).isoformat()


def _drawn_on(fact: Fact) -> str:
    """The last day of the silence."""
    return last_day(fact.at).isoformat()


def _segment(segment: Segment) -> dict[str, Any]:
    first, last = segment.since.astimezone(SHANGHAI).date(), last_day(segment.until.astimezone(SHANGHAI))
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "counted": segment.counted,
        "days": (last - first).days + 1,
        "why": telling.sentence(segment.why),
        "article": telling.sentence(segment.article),
        "provisional": segment.provisional,
    }


def _flags(flags: tuple[Words, ...]) -> list[str]:
    kept = [flag for flag in flags if flag.name not in _SAID_ELSEWHERE]
    return [
        f"{flag.name}: {telling.sentence(flag)}" if flag.name else telling.sentence(flag) for flag in kept
    ]


def _overdue(until: datetime | None, on: date | None) -> list[str]:
    if until is None or on is None:
        return []
    text = _("截至{on}已逾期，期限为{due}").format(on=telling.day(on), due=telling.limit(until))
    return [f"overdue: {text}"]


def _if_silent(played: Replayed, told: list[Fact], calendar: Calendar, rules: Rules) -> str | None:
    """The day the reply falls due when whoever is asked never answers; it may come sooner, never later."""
    waiting = played.deadline.waiting
    if played.deadline.until is not None or waiting is None or waiting.until is None:
        return None
    silent = replay(played.kind, played.told, calendar, rules, until=waiting.until)
    return _due(silent.deadline.until)


def _tell(played: Replayed, answer: dict[str, Any], texts: list[RuleText]) -> None:
    deadline = played.deadline
    click.echo(f"{telling.sentence(played.kind.title)}（{telling.sentence(played.kind.law)}）")
    click.echo(_("状态：{state}").format(state=answer["state_title"]))
    if deadline.until is not None:
        due = telling.day(last_day(deadline.until), weekday=True)
        doubt = _("（暂定，放假安排公布后重新计算）") if deadline.provisional else ""
        click.echo(_("到期：{due}{doubt}").format(due=due, doubt=doubt))
    elif deadline.waiting is not None:
        click.echo(_("到期：正在暂停，等待{whom}").format(whom=telling.sentence(deadline.waiting.name)))
    else:
        click.echo(_("到期：没有正在计算的期限"))
    if answer["due_if_silent_on"]:
        click.echo(
            _("对方始终不答复时的到期日：{due}").format(
                due=telling.day(date.fromisoformat(answer["due_if_silent_on"]))
            )
        )
    for segment in deadline.segments:
        click.echo(_line(segment))
    for clock_ in played.beside:
        due = telling.limit(clock_.until) or _("法律没有规定日数")
        click.echo(_("另有期限：{name}，{due}").format(name=telling.sentence(clock_.name), due=due))
    for fact in played.drawn:
        act = played.kind.act(type(fact).__name__)
        click.echo(
            _("期满自动：{act}（{on}）").format(
                act=telling.sentence(act.title), on=telling.day(last_day(fact.at))
            )
        )
    for flag in answer["flags"]:
        click.echo(_("注意：{flag}").format(flag=flag.partition(": ")[2] or flag))
    for refusal in played.refused:
        act = played.kind.act(type(refusal.fact).__name__)
        click.echo(
            _("不予记录：{act}（{on}）：{why}").format(
                act=telling.sentence(act.title),
                on=telling.day(refusal.fact.on),
                why=telling.sentence(refusal.words),
            )
        )
    for text in texts:
        if not text.checked and deadline.rule is not None and text.key == deadline.rule.key:
            click.echo(
                _("规则 {name} {status}").format(
                    name=text.name, status=telling.sentence(STATUSES[text.rule.citation.status])
                )
            )


def _line(segment: Segment) -> str:
    told = _segment(segment)
    first, last = date.fromisoformat(told["from"]), date.fromisoformat(told["to"])
    span = telling.day(first) if first == last else f"{telling.day(first)} — {telling.day(last)}"
    mark = _("计入") if segment.counted else _("不计")
    return f"  {mark}  {span}  {told['why']}" + (f"  [{told['article']}]" if told["article"] else "")


COMMANDS = (clock,)
