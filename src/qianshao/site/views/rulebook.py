"""The rulebook and the working calendar, to be read by anyone and set by the rules keeper."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import replace
from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import calendars, registry, rulebook
from qianshao.core.duties.models import RuleEdition
from qianshao.kernel.clock import Citation, Term, Unit
from qianshao.kernel.figures import BadSelection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.rulebook import STATUSES, BadRule, NoRule, RuleText
from qianshao.kit import telling
from qianshao.kit.staff import StaffRequest

UNITS = {
    Unit.SECOND: gettext_noop("秒"),
    Unit.MINUTE: gettext_noop("分钟"),
    Unit.HOUR: gettext_noop("小时"),
    Unit.OFFICE_HOUR: gettext_noop("工作小时"),
    Unit.CALENDAR_DAY: gettext_noop("自然日"),
    Unit.WORKDAY: gettext_noop("个工作日"),
    Unit.MONTH: gettext_noop("个月"),
    Unit.PERCENT: gettext_noop("%"),
    Unit.LETTER: gettext_noop("字"),
}


def rules(request: StaffRequest) -> HttpResponse:
    """Every rule by the module it serves, with all its editions, the one in force first."""
    today = request.now.astimezone(SHANGHAI).date()
    book = rulebook.book()
    reasons = {f"{row.key}@{row.edition}": row.reason for row in RuleEdition.objects.all()}
    groups: dict[str, list[dict[str, object]]] = {}
    for key in dict.fromkeys(text.key for text in book.texts):
        try:
            current = book.in_force(key, today)
        except NoRule:
            current = None
        editions = sorted(
            (text for text in book.texts if text.key == key), key=lambda t: t.valid_from, reverse=True
        )
        told = [
            {
                "text": text,
                "status": STATUSES[text.rule.citation.status],
                "now": text is current,
                "reason": reasons.get(text.name, ""),
            }
            for text in editions
        ]
        told.sort(key=lambda item: not item["now"])
        groups.setdefault(key.split(".")[0], []).append({"key": key, "editions": told})
    titles = {module.key: module.title for module in registry.modules()}
    context = {
        "groups": [
            {"key": key, "title": titles.get(key, key), "rows": groups[key]}
            for key in sorted(groups, key=[*titles, *groups].index)
        ],
        "may_set": request.actor.may("rules.set"),
    }
    return render(request, "site/rules.html", context)


class EditionForm(forms.Form):
    """A new edition: the number, since when, and why."""

    n = forms.IntegerField(min_value=1, max_value=3650, label=gettext_lazy("期限"))
    amber = forms.IntegerField(min_value=0, max_value=365, label=gettext_lazy("提前多少算临期"))
    valid_from = forms.DateField(
        label=gettext_lazy("生效日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    law = forms.CharField(max_length=200, label=gettext_lazy("依据的文件"))
    article = forms.CharField(max_length=100, label=gettext_lazy("条款"))
    reason = forms.CharField(
        max_length=500, label=gettext_lazy("修改理由"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"


def edit(request: StaffRequest, key: str) -> HttpResponse:
    """Add an edition; those before it stay, and duties born under them keep them."""
    if not request.actor.may("rules.set"):
        raise NotAllowed(_("没有设置规则的权限"))
    now: datetime = request.now
    today = now.astimezone(SHANGHAI).date()
    try:
        current = rulebook.book().in_force(key, today)
    except NoRule:
        raise Http404 from None
    rule = current.rule
    form = EditionForm(
        request.POST or None,
        initial={
            "n": rule.term.n,
            "amber": rule.amber.n if rule.amber else 0,
            "valid_from": today,
            "law": rule.citation.law,
            "article": rule.citation.article,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            rulebook.set_edition(
                _edition(current, form.cleaned_data, now),
                actor=request.actor,
                now=now,
                reason=form.cleaned_data["reason"],
            )
        except BadRule as error:
            form.add_error(None, telling.refusal(error))
        else:
            messages.success(request, _("已增加新版本。此前登记的事项仍按原版本计算。"))
            return redirect("rules")
    return render(
        request,
        "site/rule_edit.html",
        {"form": form, "text": current, "unit": UNITS[rule.term.unit]},
        status=422 if form.errors else 200,
    )


def _edition(current: RuleText, given: dict[str, object], now: datetime) -> RuleText:
    rule = current.rule
    name = f"city-{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    amber = (
        Term(int(str(given["amber"])), rule.amber.unit if rule.amber else rule.term.unit)
        if given["amber"]
        else None
    )
    valid_from = given["valid_from"]
    assert isinstance(valid_from, date)
    return RuleText(
        rule=replace(
            rule,
            edition=name,
            term=Term(int(str(given["n"])), rule.term.unit),
            amber=amber,
            citation=Citation(str(given["law"]), str(given["article"]), name, "setting"),
        ),
        title=current.title,
        valid_from=valid_from,
        note=current.note,
        city=True,
    )


def calendar(request: StaffRequest) -> HttpResponse:
    """One year: working days, days off, make-up days, the notice behind them, and what is provisional."""
    today = request.now.astimezone(SHANGHAI).date()
    known = calendars.current()
    asked = request.GET.get("year", str(today.year))
    if (
        not asked.isascii()
        or not asked.isdigit()
        or not known.first_day.year <= int(asked) <= known.last_day.year
    ):
        raise BadSelection(
            _("“年份”须在 {first} 至 {last} 之间。").format(
                first=known.first_day.year, last=known.last_day.year
            )
        )
    year = int(asked)
    months = [
        (
            month,
            [
                [known.day(on) if on.month == month else None for on in week]
                for week in Weeks().monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]
    days = [day for _month, weeks in months for week in weeks for day in week if day is not None]
    context = {
        "year": year,
        "months": months,
        "working": sum(day.workday for day in days),
        "notices": list({day.notice.title: day.notice for day in days if day.notice}.values()),
        "before": year - 1 if year > known.first_day.year else None,
        "after": year + 1 if year < known.last_day.year else None,
        "today": today,
        "weekdays": (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")),
        "provisional": any(day.provisional for day in days),
        "may_load": request.actor.may("rules.set"),
    }
    return render(request, "site/calendar.html", context)
