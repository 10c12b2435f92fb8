"""Units and people: sheets handed in, previewed and imported; codes issued, roles granted; units renamed and merged."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qianshao.core.accounts import services as accounts
from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.accounts.services import BadAccount
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.files.names import BadName, clean_name, content_disposition
from qianshao.core.imports.models import ImportRun
from qianshao.core.ledger.models import Reveal
from qianshao.core.onboarding import services as onboarding
from qianshao.core.onboarding.models import AskedGrant
from qianshao.core.org import names, services
from qianshao.core.org.imports import BadSheet
from qianshao.core.org.models import Person, Unit
from qianshao.core.org.services import MANAGE, BadChange
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.imports import faults, uploads
from qianshao.kit.imports.views import FILES
from qianshao.kit.sheets.model import SheetError
from qianshao.kit.staff import StaffRequest
from qianshao.kit.telling import sentence

from . import jobs, sheets

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LISTED = 100
_ISSUED = 100  # codes in one download: each is hashed slowly on purpose
P = ParamSpec("P")
View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def managers(view: View[P]) -> View[P]:
    """Only for those who manage the city's units; foreseen errors become a sentence on the first page."""

    @wraps(view)
    def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.actor.may(MANAGE, "/"):
            raise NotAllowed(_("没有管理单位的权限"))
        try:
            return view(request, *args, **kwargs)
        except SheetError as error:
            messages.error(request, sentence(error.words))
        except (BadSheet, uploads.Gone, uploads.TooBig, BadName) as error:
            messages.error(request, str(error))
        return redirect("organisation")

    return guarded


@managers
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest) -> HttpResponseBase:
    """What is there, the sheets to hand in, and the imports so far."""
    if request.method == "POST":
        return _uploaded(request)
    context = {
        "specs": sheets.SPECS,
        "units": Unit.objects.filter(valid_to=None).count(),
        "people": Person.objects.count(),
        "waiting": onboarding.waiting().count(),
        "asked": onboarding.asked_grants().count(),
        "runs": list(jobs.runs()[:20]),
        "accept": ",".join(FILES),
    }
    return render(request, "site/setup/organisation.html", context)


def _uploaded(request: StaffRequest) -> HttpResponseBase:
    spec = _spec(request.POST.get("spec", ""))
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("请先选择一个文件。"))
        return redirect("organisation")
    name = clean_name(file.name or "")
    kept = uploads.keep(file.chunks())
    try:
        run = jobs.keep(spec, path=kept, name=name, actor=request.actor, now=request.now)
    except BaseException:
        uploads.drop(kept)
        raise
    return redirect("organisation-run", run.pk)


def _spec(key: str) -> sheets.Spec:
    try:
        return sheets.spec_of(key)
    except LookupError:
        raise Http404 from None


@managers
@require_GET
def template(request: StaffRequest, key: str) -> HttpResponseBase:
    """The blank sheet to fill in."""
    spec = _spec(key)
    response = HttpResponse(sheets.template(spec), content_type=_SHEET)
    response["Content-Disposition"] = content_disposition(f"{sentence(spec.title)}.xlsx")
    return response


@managers
@require_http_methods(["GET", "POST"])
def run(request: StaffRequest, run: int) -> HttpResponseBase:
    """A sheet: what it would do, then how far it is, then what came of it. Posting starts it or clears it away."""
    made = get_object_or_404(jobs.runs(), pk=run)
    if request.method == "POST":
        return _told_to(request, made)
    job = jobs.job_of(made)
    working = job is not None and job.state in ("waiting", "running")
    context: dict[str, Any] = {"run": made, "spec": jobs.spec_of(made), "job": job, "working": working}
    if request.headers.get("HX-Request"):
        if working:
            return render(request, "site/setup/progress.html", context)
        return HttpResponse(headers={"HX-Refresh": "true"})
    if not working and (uploads.folder() / made.path).exists() and made.path:
        preview = context["spec"].preview(sheets.opened(context["spec"], uploads.place(made.path), made.file))
        context |= {
            "preview": preview,
            "shown": preview.problems[:_LISTED],
            "firsts": preview.new[:20],
        }
    return render(request, "site/setup/run.html", context)


def _told_to(request: StaffRequest, made: ImportRun) -> HttpResponseBase:
    if request.POST.get("do") == "clear":
        uploads.clear(made)
        if made.state == "new":
            made.delete()
        messages.success(request, _("已清除上传的文件。"))
        return redirect("organisation")
    uploads.place(made.path)
    jobs.start(made, actor=request.actor, now=request.now)
    return redirect("organisation-run", made.pk)


@managers
@require_GET
def errors(request: StaffRequest, run: int) -> HttpResponseBase:
    """The faulty rows with what is wrong and how to mend it; the same file comes back mended."""
    made = get_object_or_404(jobs.runs(), pk=run)
    spec = jobs.spec_of(made)
    sheet = sheets.opened(spec, uploads.place(made.path), made.file)
    preview = spec.preview(sheet)
    if not preview.problems:
        raise Http404
    path = uploads.faults_of(made.pk)
    faults.write(path, sheet, sheets.faults_of(preview, sheet))
    response = FileResponse(path.open("rb"), content_type=_SHEET)
    response["Content-Disposition"] = content_disposition(_("待改正") + f"-{made.pk}.xlsx")
    return response


@managers
@require_http_methods(["GET", "POST"])
def codes(request: StaffRequest) -> HttpResponseBase:
    """Open the accounts asked for, unit by unit; the download is the only copy of the codes."""
    waiting = onboarding.waiting()
    if request.method == "POST":
        chosen = waiting.filter(unit__code=request.POST["unit"]) if request.POST.get("unit") else waiting
        rows = list(chosen[:_ISSUED])
        try:
            issued = onboarding.issue(rows, actor=request.actor, now=request.now)
        except BadAccount as error:
            messages.error(request, str(error))
            return redirect("sign-in-codes")
        if not issued:
            messages.error(request, _("没有等待开设的账号。"))
            return redirect("sign-in-codes")
        Reveal.objects.create(
            at=request.now,
            actor=request.actor.key,
            stream="",
            sseq=0,
            fields="codes",
            reason=f"{len(issued)} codes",
        )
        response = HttpResponse(sheets.codes(issued), content_type=_SHEET)
        name = _("登录码") + f"-{request.now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.xlsx"
        response["Content-Disposition"] = content_disposition(name)
        return response
    groups: dict[str, dict[str, Any]] = {}
    for row in waiting:
        group = groups.setdefault(row.unit.code, {"unit": row.unit, "rows": []})
        group["rows"].append(row)
    context = {"groups": list(groups.values()), "most": _ISSUED}
    return render(request, "site/setup/codes.html", context)


@require_http_methods(["GET", "POST"])
def grants(request: StaffRequest) -> HttpResponseBase:
    """The roles the sheets asked for, for the security administrator to grant or refuse."""
    if not request.actor.may(accounts.GRANT):
        raise NotAllowed(_("没有授权的权限"))
    waiting = onboarding.asked_grants()
    if request.method == "POST":
        rows = list(waiting.filter(pk__in=[pk for pk in request.POST.getlist("row") if pk.isdecimal()]))
        give = request.POST.get("do") == "grant"
        try:
            done = onboarding.decide(rows, give=give, actor=request.actor, now=request.now)
        except BadAccount as error:
            messages.error(request, str(error))
        else:
            told = _("已授予 {n} 项角色。") if give else _("已驳回 {n} 项角色。")
            if done:
                messages.success(request, told.format(n=done))
            else:
                messages.error(request, _("请先选择要办理的行。"))
        return redirect("asked-grants")
    shown = [{"row": row, "role": registry.roles().get(row.role)} for row in waiting[:500]]
    decided = AskedGrant.objects.exclude(state="waiting").count()
    return render(request, "site/setup/grants.html", {"rows": shown, "decided": decided})


class ChangeForm(forms.Form):
    """One change of units: a new name, or several into one."""

    do = forms.ChoiceField(choices=(("rename", ""), ("merge", "")))
    unit = forms.CharField(max_length=2000, label=gettext_lazy("单位"))
    since = forms.DateField(label=gettext_lazy("自哪一天起"))
    name = forms.CharField(max_length=120, required=False, label=gettext_lazy("新名称"))
    short = forms.CharField(max_length=40, required=False, label=gettext_lazy("新简称"))
    into = forms.CharField(max_length=120, required=False, label=gettext_lazy("并入"))

    def clean(self) -> dict[str, Any]:
        """What a change needs, in one sentence where it lacks."""
        given = super().clean() or {}
        if given.get("do") == "rename" and not given.get("name"):
            self.add_error("name", _("请填写新名称。"))
        if given.get("do") == "merge" and not given.get("into"):
            self.add_error("into", _("请填写并入的单位。"))
        return given


@managers
@require_http_methods(["GET", "POST"])
def changes(request: StaffRequest) -> HttpResponseBase:
    """Rename a unit or merge some into another; figures of earlier days stay as they were."""
    today = request.now.astimezone(SHANGHAI).date()
    form = ChangeForm(request.POST or None, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        try:
            told = _change(form.cleaned_data, request)
        except (BadChange, names.UnknownName, names.AmbiguousName) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, told)
            return redirect("unit-changes")
    gone = Unit.objects.exclude(valid_to=None).select_related("merged_into").order_by("-valid_to", "-id")[:20]
    open_in = dict(
        Duty.objects.filter(open=True, unit__in=[unit.pk for unit in gone])
        .values_list("unit")
        .annotate(n=Count("id"))
    )
    context = {
        "form": form,
        "units": Unit.objects.filter(valid_to=None).order_by("order", "code"),
        "today": today,
        "merged": [{"unit": unit, "open": open_in.get(unit.pk, 0)} for unit in gone],
    }
    return render(request, "site/setup/changes.html", context, status=422 if form.errors else 200)


def _change(given: dict[str, Any], request: StaffRequest) -> str:
    known, today = names.load(), request.now.astimezone(SHANGHAI).date()
    if given["do"] == "rename":
        unit = known.resolve(given["unit"], today).unit
        services.rename_unit(
            unit=unit,
            name=given["name"],
            short=given["short"] or given["name"][:40],
            since=given["since"],
            actor=request.actor,
            now=request.now,
        )
        return _("{old} 已更名为 {new}。").format(old=unit.name, new=given["name"])
    parts = [part.strip() for part in given["unit"].replace("；", "、").replace(";", "、").split("、")]
    old = [known.resolve(part, today).unit for part in parts if part]
    into = known.resolve(given["into"], today).unit
    services.merge_units(old=old, into=into, on=given["since"], actor=request.actor, now=request.now)
    return _("{old} 已并入 {into}。").format(old=_("、").join(unit.name for unit in old), into=into.name)
