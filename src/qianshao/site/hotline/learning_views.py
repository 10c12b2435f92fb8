"""The page of the model of classes: which is in use, how good it is, what a person must decide, and learning anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts.actor import NotAllowed
from qianshao.kernel.figures import Condition, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.duties.asking import page
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest
from qianshao.modules.hotline import learning, sorting
from qianshao.modules.hotline.models import Learned, Tolerated
from qianshao.modules.hotline.module import ORDER
from qianshao.modules.hotline.problems.kind import ANALYSE
from qianshao.modules.hotline.sameness.kind import SAMENESS
from qianshao.modules.hotline.sorting.measures import RATES
from qianshao.site.oversight.figures import Opened, Reader, url_of

from . import learned, learning_job
from .views import reader_of

_HISTORY = 10
_FAR = 0.1
"""Between the shares right of repeated and of new matters, from where the page warns."""


@dataclass(frozen=True)
class InUse:
    """The model the desk asks: when it came, from whom, and what its training told."""

    digest: str
    since: datetime
    learned: Learned | None
    about: dict[str, Any]
    classes: tuple[str, ...]

    @property
    def report(self) -> dict[str, Any]:
        """The cross-validation, of new matters where it tells them; empty for a model that tells none."""
        return learning.judged(self.about)

    @property
    def repeated(self) -> str:
        """How often a suggestion is right where only near-copies were held apart; empty where nothing else was measured."""
        if learning.NEW_MATTERS not in self.about:
            return ""
        return _percent(self.about["cross_validation"]["accuracy"])

    @property
    def repetitive(self) -> bool:
        """Whether the orders repeat each other so much that what is right of repeats says nothing of new matters."""
        if not self.repeated:
            return False
        apart: float = self.about["cross_validation"]["accuracy"] - self.report["accuracy"]
        return apart > _FAR

    @property
    def accuracy(self) -> str:
        """How often a suggestion is right."""
        return _percent(self.report["accuracy"])

    @property
    def macro_f1(self) -> str:
        """The mean F1 of the classes."""
        return _percent(self.report["macro_f1"])

    @property
    def calibration_error(self) -> str:
        """How far said confidence is from the share of right ones."""
        return _percent(self.report["calibration_error"])


def _percent(share: float) -> str:
    return telling.percent(round(10_000 * share))


@page
@require_GET
def show(request: StaffRequest) -> HttpResponseBase:
    """Everything about the model in use."""
    reader = reader_of(request)
    model = learned.in_use()
    chosen = learned.tolerated()
    using = None if model is None else _in_use(model)
    context = {
        "using": using,
        "damaged": model is None and settings.HOTLINE_MODEL.is_file(),
        "chosen": chosen,
        "lines": [] if using is None else _handing(using.report, chosen),
        "classes": [] if using is None else _classes(using.report, reader),
        "corrections": _corrections(reader),
        "latest": learning.latest(),
        "history": Learned.objects.order_by("-id")[:_HISTORY],
        "job": learning_job.last(),
        "may_analyse": request.actor.may(ANALYSE),
        "most": learning.MOST,
        "judged": learning.MOST_JUDGED,
        "least": learning.LEAST_OF_CLASS,
    }
    return render(request, "site/hotline/learning.html", context)


def _in_use(model: sorting.Model) -> InUse:
    digest = learned.digest_in_use()
    row = Learned.objects.filter(sha256=digest, used=True).order_by("-id").first()
    changed = datetime.fromtimestamp(settings.HOTLINE_MODEL.stat().st_mtime, SHANGHAI)
    since = row.at if row is not None else changed
    return InUse(digest, since, row, model.about, model.classes)


def _handing(report: dict[str, Any], chosen: int) -> list[dict[str, Any]]:
    """For each tolerated rate the share a person decides and what came of the rest; the chosen one is marked."""
    return [
        {
            "per_mille": per_mille,
            "rate": f"{line['rate']:.0%}",
            "threshold": "—" if line["threshold"] > 1 else f"{line['threshold']:.1%}",
            "share": f"{line['human_share']:.1%}",
            "error": "—" if line["human_share"] == 1 else f"{line['error']:.2%}",
            "chosen": per_mille == chosen,
        }
        for line in report.get("handing", [])
        for per_mille in (round(1000 * line["rate"]),)
    ]


def _classes(report: dict[str, Any], reader: Reader) -> list[tuple[dict[str, Any], Opened]]:
    """Each class with its figures and the orders that are of it now."""
    there = figures.by_topic(Selection(ORDER.key), reader.actor, reader.now)
    return [
        (
            {**score, **{name: _percent(score[name]) for name in ("precision", "recall", "f1")}},
            Opened(
                there.get(score["label"], 0), Selection(ORDER.key, (Condition("topic", "", score["label"]),))
            ),
        )
        for score in report.get("classes", [])
    ]


def _corrections(reader: Reader) -> dict[str, Any]:
    """What clerks put right, each number with its list."""
    marked = {
        name: reader.count(Selection(ORDER.key, (Condition("marks", "", name),)))
        for name in ("reclassified", "moved")
    }
    decided = Selection(SAMENESS.key, (Condition("phase", "not", "undone"),))
    may = reader.actor.may(SAMENESS.reads)
    return {**marked, "sameness": reader.count(decided) if may else None, "list": url_of(decided)}


@page
@require_POST
def start(request: StaffRequest) -> HttpResponseBase:
    """Have the model learn anew in the background."""
    _may_analyse(request)
    learning_job.start(request.actor, request.now)
    messages.success(request, _("已安排从更正中学习；完成后受理台自动改用新的模型，不必重启。"))
    return redirect("hotline-learning")


@page
@require_POST
def tolerate(request: StaffRequest) -> HttpResponseBase:
    """Choose the share of wrong suggestions the office puts up with."""
    _may_analyse(request)
    given = request.POST.get("per_mille", "")
    able = [round(1000 * rate) for rate in RATES]
    if not (given.isascii() and given.isdigit() and int(given) in able):
        messages.error(request, _("请从表中选择一个错误率。"))
        return redirect("hotline-learning")
    Tolerated.objects.create(at=request.now, actor=request.actor.key, per_mille=int(given))
    messages.success(
        request,
        _("已改为容许错 {rate:.0%}；受理台上把握不足的建议会注明请人工判断。").format(rate=int(given) / 1000),
    )
    return redirect("hotline-learning")


def _may_analyse(request: StaffRequest) -> None:
    if not request.actor.may(ANALYSE):
        raise NotAllowed(_("没有分析诉求的权限"))
