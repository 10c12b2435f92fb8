"""The page that takes a year's holidays in: a sheet and its notice, told back with its faults, then the button."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import calendars
from qianshao.core.duties.models import Duty
from qianshao.core.files.names import content_disposition
from qianshao.kernel.calendar import CalendarInvalid, Notice
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.sheets.model import SheetError
from qianshao.kit.staff import StaffRequest

from . import holidays


class NoticeForm(forms.Form):
    """The file, and the notice its days come from."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("表格（.xlsx、.csv），或与 qianshao calendar load 相同的 .json 文件。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,.json"}),
    )
    title = forms.CharField(
        max_length=200, label=gettext_lazy("通知名称"), help_text=gettext_lazy("照通知原文填写。")
    )
    number = forms.CharField(max_length=60, required=False, label=gettext_lazy("文号"))
    issued_on = forms.DateField(
        label=gettext_lazy("印发日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    url = forms.URLField(
        required=False, max_length=300, assume_scheme="https", label=gettext_lazy("公布的网址")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for box in self.fields.values():
            box.widget.attrs["class"] = "form-control"

    def clean_file(self) -> Any:
        """No more than a year's arrangement can be."""
        file = self.cleaned_data["file"]
        if file.size > holidays.MOST:
            raise forms.ValidationError(_("文件超过 1 MB，不像一年的放假安排。"))
        return file

    @property
    def notice(self) -> Notice:
        """The notice as the calendar keeps it; who types its name in has read it."""
        given = self.cleaned_data
        return Notice(given["title"], given["number"], given["url"], given["issued_on"], verified=True)


@require_http_methods(["GET", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """The form and what was loaded so far; a file is told back; its body, posted, is loaded."""
    if not request.actor.may("rules.set"):
        raise NotAllowed(_("没有载入放假通知的权限"))
    if "body" in request.POST:
        return _load(request)
    today = request.now.astimezone(SHANGHAI).date()
    title = f"国务院办公厅关于{today.year + 1}年部分节假日安排的通知"  # a name, the same in every language
    form = NoticeForm(
        request.POST or None, request.FILES or None, initial={"title": title, "issued_on": today}
    )
    told = None
    if request.method == "POST" and form.is_valid():
        try:
            told = _read(form)
        except (SheetError, CalendarInvalid) as error:
            form.add_error("file", telling.sentence(error.words))
        except UnicodeDecodeError:
            form.add_error("file", _("文件不是 UTF-8 编码，请另存为 UTF-8。"))
    context: dict[str, Any] = {"form": form, "loaded": holidays.loaded_here(), "columns": holidays.COLUMNS}
    context["example"] = holidays.EXAMPLE
    if told is not None and told.year is not None:
        context |= _preview(told)
    context["told"] = told
    refused = form.errors or (told is not None and told.wrong)
    return render(request, "site/setup/holidays.html", context, status=422 if refused else 200)


def _read(form: NoticeForm) -> holidays.Told:
    file = form.cleaned_data["file"]
    handle, name = tempfile.mkstemp()
    try:
        with os.fdopen(handle, "wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        return holidays.read(Path(name), file.name, form.notice)
    finally:
        Path(name).unlink(missing_ok=True)


def _preview(told: holidays.Told) -> dict[str, Any]:
    """What the arrangement changes: days whose nature it turns, and how many open dates will be looked at."""
    known = calendars.current()
    lines = []
    for day in told.days:
        there = known.day(day.on) if known.first_day <= day.on <= known.last_day else None
        lines.append({"day": day, "moves": there is None or there.workday == day.off})
    return {
        "lines": lines,
        "off": sum(day.off for day in told.days),
        "work": sum(not day.off for day in told.days),
        "moves": sum(line["moves"] for line in lines),
        "open": Duty.objects.filter(open=True, due_at__isnull=False).count(),
    }


def _load(request: StaffRequest) -> HttpResponse:
    try:
        notice = holidays.load(request.POST["body"], actor=request.actor, now=request.now)
    except CalendarInvalid as error:
        messages.error(request, telling.sentence(error.words))
        return redirect("calendar-load")
    if notice is None:
        messages.info(request, _("这份安排已经载入过，没有变化。"))
    else:
        words = _("已载入{year}年放假安排，正在重新计算未办结事项的日期。").format(year=notice.year)
        messages.success(request, words)
    return redirect("calendar-load")


@require_GET
def template(request: StaffRequest) -> HttpResponse:
    """The sheet to fill in, with three rows of an example; with a mark, so that spreadsheet programs read it as UTF-8."""
    made = io.StringIO()
    csv.writer(made).writerows([holidays.COLUMNS, *holidays.EXAMPLE])
    response = HttpResponse("\ufeff" + made.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition(_("放假安排") + ".csv")
    return response
