"""The columns every site must have: read by anyone, set by the rules keeper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts.actor import NotAllowed
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.duties.asking import page
from qianshao.kit.staff import StaffRequest
from qianshao.modules.openness.models import ColumnEdition
from qianshao.modules.openness.watch import columns


class ColumnsForm(forms.Form):
    """A new edition: the columns, since when, and why."""

    columns = forms.CharField(
        max_length=4_000,
        label=gettext_lazy("必设栏目"),
        help_text=gettext_lazy("每行一个：栏目名称，冒号，链接上可能出现的字样，用顿号隔开。"),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    valid_from = forms.DateField(
        label=gettext_lazy("生效日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        max_length=500, label=gettext_lazy("修改理由"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean_columns(self) -> Any:
        """The columns themselves; a line that is none is a sentence."""
        try:
            return columns.parsed(self.cleaned_data["columns"])
        except columns.BadList as error:
            raise forms.ValidationError(str(error)) from None


@page
def show(request: StaffRequest) -> HttpResponse:
    """What holds today, how it came about, and for the rules keeper the form of the next edition."""
    today = request.now.astimezone(SHANGHAI).date()
    current = columns.in_force(today)
    may_set = request.actor.may("rules.set")
    if request.method == "POST" and not may_set:
        raise NotAllowed(_("没有设置规则的权限"))
    form = ColumnsForm(
        request.POST or None, initial={"columns": columns.written(current), "valid_from": today}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            columns.set_columns(
                given["columns"],
                valid_from=given["valid_from"],
                actor=request.actor,
                now=request.now,
                reason=given["reason"],
            )
        except columns.BadList as error:
            form.add_error("valid_from", str(error))
        else:
            messages.success(request, _("已增加新版本，下一次监测起适用。"))
            return redirect("columns")
    editions = [(row, columns.read(row)) for row in ColumnEdition.objects.order_by("-valid_from")]
    context = {"current": current, "editions": editions, "form": form if may_set else None, "today": today}
    return render(request, "site/columns.html", context, status=422 if form.errors else 200)
