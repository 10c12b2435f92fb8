"""The first page of a new installation: the one-time code, then the city and its three administrators."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from qianshao.core.accounts.services import BadAccount
from qianshao.core.org.services import BadChange
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.rulebook import RuleText
from qianshao.kit import telling
from qianshao.kit.staff import StaffRequest
from qianshao.site.views.rulebook import UNITS

from . import code, founding
from .founding import Administrator

_PASSED = "setup-code"
_NOT_YET = gettext_noop("新的城市")  # stands where the city's name will


class CityForm(forms.Form):
    """What the city is called, who its administrators are, and the numbers it sets itself."""

    name = forms.CharField(
        min_length=2, max_length=60, label=gettext_lazy("城市名称"), help_text=gettext_lazy("如：某某市")
    )
    code = forms.RegexField(
        r"^[A-Za-z0-9._-]{1,40}$",
        label=gettext_lazy("行政区划代码"),
        help_text=gettext_lazy("六位数字（GB/T 2260），也作为“市”这个单位的编码，以后不能更改"),
        error_messages={"invalid": gettext_lazy("只用字母、数字、点、横线和下划线，最多 40 个。")},
    )
    unit = forms.CharField(
        max_length=120,
        label=gettext_lazy("市政府全称"),
        help_text=gettext_lazy("其他单位都在它下面，如：某某市人民政府"),
    )
    since = forms.DateField(
        label=gettext_lazy("自哪一天起"),
        help_text=gettext_lazy("早于要导入的最早事项即可"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=date(2000, 1, 1),
    )

    def __init__(self, data: Any, texts: list[RuleText]) -> None:
        super().__init__(data)
        for role, title, _what in founding.ADMINISTRATORS:
            named = {"title": _(title)}
            self.fields[f"{role}-name"] = forms.CharField(
                max_length=60, label=_("{title}姓名").format(**named)
            )
            self.fields[f"{role}-login"] = forms.RegexField(
                r"^[A-Za-z0-9][A-Za-z0-9._-]{1,59}$",
                label=_("{title}登录名").format(**named),
                error_messages={
                    "invalid": _("登录名用 2 至 60 个字母、数字、点、横线或下划线，以字母或数字开头。")
                },
            )
        for text in texts:
            self.fields[f"rule:{text.key}"] = forms.IntegerField(
                min_value=1,
                max_value=3650,
                required=False,
                label=telling.sentence(text.title),
                initial=text.rule.term.n,
                help_text=telling.sentence(UNITS[text.rule.term.unit]),
            )
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
            field.widget.attrs["autocomplete"] = "off"

    def part(self, prefix: str) -> list[forms.BoundField]:
        """The boxes whose names begin so."""
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def city(self) -> list[forms.BoundField]:
        """What the city is called."""
        return [self[name] for name in ("name", "code", "unit", "since")]

    @property
    def administrators(self) -> list[dict[str, Any]]:
        """The three, each with what they may do."""
        return [
            {"title": title, "what": what, "boxes": self.part(f"{role}-")}
            for role, title, what in founding.ADMINISTRATORS
        ]

    @property
    def numbers(self) -> list[forms.BoundField]:
        """The numbers a city sets itself."""
        return self.part("rule:")


def show(request: StaffRequest) -> HttpResponse:
    """The set-up; once anybody has begun there is no such page."""
    if not code.needed():
        raise Http404
    if not code.good(request.session.get(_PASSED, ""), request.now):
        return _ask(request)
    today = request.now.astimezone(SHANGHAI).date()
    texts = founding.settings_of_city(today)
    form = CityForm(request.POST if "name" in request.POST else None, texts)
    if form.is_valid():
        try:
            issued = _found(form, request)
        except (BadChange, BadAccount) as error:
            form.add_error(None, str(error))
        else:
            code.spend()
            request.session.flush()
            return render(
                request, "site/setup/founded.html", {"issued": issued, "city": form.cleaned_data["name"]}
            )
    context = {"form": form, "holidays": founding.holidays(today), "city_name": _NOT_YET}
    return render(request, "site/setup/city.html", context, status=422 if form.errors else 200)


def _ask(request: StaffRequest) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        told = code.digest(request.POST.get("code", ""))
        if code.good(told, request.now):
            request.session.cycle_key()
            request.session[_PASSED] = told
            return redirect("setup")
        refusal = _("代码不对，或已过期。请看服务器控制台，或运行 qianshao setup code 取一个新的。")
    context = {"refusal": refusal, "city_name": _NOT_YET}
    return render(request, "site/setup/code.html", context, status=401 if refusal else 200)


def _found(form: CityForm, request: StaffRequest) -> list[Any]:
    given = form.cleaned_data
    return founding.found(
        name=given["name"],
        code=given["code"],
        unit=given["unit"],
        since=given["since"],
        administrators=tuple(
            Administrator(role, given[f"{role}-name"], given[f"{role}-login"])
            for role, _title, _what in founding.ADMINISTRATORS
        ),
        numbers={
            name.removeprefix("rule:"): value
            for name, value in given.items()
            if name.startswith("rule:") and value is not None
        },
        now=request.now,
    )
