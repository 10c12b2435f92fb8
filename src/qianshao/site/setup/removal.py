"""Remove the sample city from the browser: asked for here, done by the service's own parent once its children stand still.

A page cannot take away the database it is served from. So it leaves a note in the data folder; ``qianshao serve`` stops the
pages and the tick, removes the city and starts again empty.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import NotAllowed
from qianshao.kit.staff import StaffRequest
from qianshao.site.samplecity import folder

_NAME = "刺桐市"
SUPERVISED = "QIANSHAO_SUPERVISED"


def note() -> Path:
    """The note that asks for the removal."""
    return Path(settings.HOME) / "remove-sample"


def asked() -> bool:
    """Whether somebody asked for it, and there is something to remove."""
    return note().exists() and folder.here() is not None


def show(request: StaffRequest) -> HttpResponse:
    """What would go and why all of it, and the form that asks for it."""
    if not request.actor.may("org.manage"):
        raise NotAllowed(_("没有清除示例城市的权限"))
    if folder.here() is None:
        raise Http404
    supervised = os.environ.get(SUPERVISED) == "1"
    refusal = folder.refusal()
    if request.method == "POST" and not refusal and supervised:
        if request.POST.get("name", "").strip() == _NAME:
            note().touch(mode=0o600)
            return render(request, "site/setup/removing.html")
        messages.error(request, _("请照样写出示例城市的名称，以确认清除。"))
        return redirect("sample-removal")
    context = {"refusal": refusal, "supervised": supervised, "name": _NAME, "home": settings.HOME}
    return render(request, "site/setup/removal.html", context)
