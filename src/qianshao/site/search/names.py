"""Units, people, rules, figures and pages by name: few enough to be compared in memory."""

from __future__ import annotations

from urllib.parse import quote

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import EVERYWHERE, Actor
from qianshao.core.duties import registry, rulebook
from qianshao.core.org import queries as org
from qianshao.core.org.models import Holding, Unit, UnitName
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.rulebook import RuleText
from qianshao.kit import telling
from qianshao.kit.context import groups_of
from qianshao.kit.duties import doing
from qianshao.kit.staff import StaffRequest

from .hits import Asked, Group, Hit, ranked


def units(asked: Asked, size: int) -> Group:
    """Units by their names of today and before; read as bare rows, for every letter typed asks anew."""
    old: dict[int, list[str]] = {}
    for pk, name in UnitName.objects.values_list("unit_id", "name"):
        old.setdefault(pk, []).append(name)
    rows = Unit.objects.order_by("order", "code")
    scored = []
    for pk, code, name, short, ended, above in rows.values_list(
        "id", "code", "name", "short", "valid_to", "parent__name"
    ):
        score = asked.meets(short, name, code, *old.get(pk, ()))
        if score:
            note = _("{day}起不再存续").format(day=telling.day(ended)) if ended else above or ""
            scored.append((score, Hit(name, reverse("unit", args=[code]), note)))
    return ranked(_("单位"), scored, size)


def people(asked: Asked, request: StaffRequest, size: int) -> Group:
    """Staff by name, of the units the reader has anything to do in and of those below them."""
    today = request.now.astimezone(SHANGHAI).date()
    held = org.on(Holding.objects.filter(_in_reach(request.actor)), today)
    scored = []
    for name, title, code, unit in held.order_by("post__unit__order", "post_id", "id").values_list(
        "person__name", "post__title", "post__unit__code", "post__unit__name"
    ):
        score = asked.meets(name)
        if score:
            scored.append(
                (score, Hit(name, reverse("unit", args=[code]), f"{unit} · {telling.sentence(title)}"))
            )
    return ranked(_("人员"), scored, size)


def _in_reach(actor: Actor) -> Q:
    paths = reach_of(actor)
    if EVERYWHERE in paths:
        return Q()
    reach = Q(pk__in=[])
    for path in paths:
        reach |= Q(post__unit__path__startswith=path)
    return reach


def reach_of(actor: Actor) -> set[str]:
    """The paths of the units in which the actor may do or read anything at all."""
    return {EVERYWHERE} if actor.everything else {path for paths in actor.scopes.values() for path in paths}


def rules(asked: Asked, request: StaffRequest, size: int) -> Group:
    """Rules by title, name or source, in the edition in force."""
    today = request.now.astimezone(SHANGHAI).date()
    newest: dict[str, RuleText] = {}
    for text in rulebook.book().texts:
        known = newest.get(text.key)
        if text.valid_from <= today and (known is None or text.valid_from >= known.valid_from):
            newest[text.key] = text
    scored = []
    for key, text in newest.items():
        title, law = telling.sentence(text.title), text.rule.citation.law
        score = asked.meets(title, text.title, key, law)
        if score:
            note = f"{telling.sentence(text.rule.term.words)} · {law} {text.rule.citation.article}"
            scored.append((score, Hit(title, f"{reverse('rules')}#{quote(key)}", note)))
    return ranked(_("规则"), scored, size)


def figures(asked: Asked, actor: Actor, size: int) -> Group:
    """Indicators of the kinds the actor may read."""
    scored = [
        (
            asked.meets(telling.sentence(item.title), item.title),
            Hit(
                telling.sentence(item.title), reverse("figure", args=[item.key]), telling.sentence(kind.title)
            ),
        )
        for kind in registry.kinds().values()
        if actor.paths(kind.reads)
        for item in kind.indicators
    ]
    return ranked(_("指标"), scored, size)


def pages(asked: Asked, request: StaffRequest, size: int) -> Group:
    """The places of the navigation."""
    scored = []
    for group in groups_of(request):
        for place in group.places:
            title, above = telling.sentence(place.title), telling.sentence(group.title)
            note = above if above != title else ""
            score = asked.meets(title, place.title) if asked.text else 1
            scored.append((score, Hit(title, place.url, note)))
    account = _("我的账号")
    scored.append(
        (asked.meets(account, _("修改密码")) if asked.text else 1, Hit(account, reverse("account")))
    )
    return ranked(_("页面"), scored, size)


def acts(asked: Asked, request: StaffRequest, size: int) -> Group:
    """What can be begun from anywhere: open a duty of a kind, change how the pages look."""
    scored = []
    for kind in registry.kinds().values():
        for act in doing.opening_acts(kind, request.actor):
            title = _("新建{kind}").format(kind=telling.sentence(kind.title))
            address = reverse("duty-new", args=[kind.key, act.fact.__name__])
            score = asked.meets(title, kind.title, telling.sentence(act.title)) if asked.text else 1
            scored.append((score, Hit(title, address, telling.sentence(act.title))))
    for title, does in ((_("切换深色与浅色"), "theme"), (_("切换大字"), "size"), (_("打印本页"), "print")):
        scored.append((asked.meets(title) if asked.text else 1, Hit(title, does=does)))
    return ranked(_("操作"), scored, size)
